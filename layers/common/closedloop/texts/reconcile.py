"""Reconciliation: decide what becomes of a due text, and apply what a look-up at Twilio found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from closedloop.core.times import iso, parse
from closedloop.core.writes import ABSENT
from closedloop.texts import budget, codes, model
from closedloop.texts.outcome import WORKER_SECONDS, unknown
from closedloop.texts.status import AGAIN, NOT_ACCEPTED, UNHURRIED, Report, reported
from closedloop.texts.verdict import Verdict, change, decided, nothing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from closedloop.core.decision import Context, Decision
    from closedloop.core.rows import Row
    from closedloop.texts.model import Job
    from closedloop.texts.twilio_codes import Sighting

_GRACE = timedelta(minutes=10)
_LOOKUPS = 3
_FOLLOWED = timedelta(hours=24)
_SKEW = timedelta(seconds=10)


def needs_look_up(row: Row, now: datetime) -> bool:
    """Whether Twilio must be asked about the text, now that it is due."""
    return row["status"] in {"unknown", "sent"} or (
        row["status"] == "sending" and ("vendor_id" in row or not _in_hand(row, now))
    )


def found(row: Row, sightings: Iterable[Sighting], taken: Collection[str]) -> Sighting | None:
    """Find our text in Twilio's list: by SID, else by body and time of the call.

    `taken` are the SIDs of other texts, so that two identical texts are never merged.
    """
    if sid := row.get("vendor_id"):
        return next((each for each in sightings if each.sid == sid), None)
    called_at = parse(row["claimed_at"])
    return next(
        (
            each
            for each in sightings
            if each.sid not in taken
            and codes.same_message(each.body, row)
            and -_SKEW <= each.created_at - called_at <= timedelta(seconds=WORKER_SECONDS) + _SKEW
        ),
        None,
    )


def looked_up(job: Job, context: Context, sighting: Sighting | None) -> Decision:
    """Keep what a look at Twilio has shown.

    A text that is certainly not there is failed, after a grace period and several looks, for a
    person to send again; it is never sent again by itself.
    """
    row = context.seen.get((model.TABLE, job.id))
    if row is None or row["attempt"] != job.attempt or "work" not in row:
        return nothing(Verdict.KNOWN)
    if sighting is None:
        return _not_found(job, context, row)
    report = Report(
        job.org_id,
        job.id,
        job.attempt,
        sighting.sid,
        sighting.status,
        sighting.error_code,
        inferred=True,
    )
    decision = reported(report, context)
    return decision if decision.writes else _later(job, context, row)


def requeued(job: Job, context: Context) -> Decision:
    """A pending text that is due goes into the queue again; the list looks after it later.

    A worker may have been faster and have put it off once more: then its own time counts.
    """
    row = context.seen.get((model.TABLE, job.id))
    if row is None or row["status"] != "pending" or row.get("work_at", "~") > iso(context.now):
        return nothing(Verdict.KNOWN)
    due = model.on_the_list(job.id, context.now + UNHURRIED)
    changed = {"outbox": None, "held_until": None, "held_for": None, **due}
    assume = {"status": "pending", "work_at": row["work_at"]}
    return _changed(job, changed, assume, Verdict.REQUEUED)


def _not_found(job: Job, context: Context, row: Row) -> Decision:
    if "vendor_id" in row:
        return _later(job, context, row)
    called_at = parse(row["claimed_at"])
    if row["status"] == "sending":
        return _changed(
            job,
            {**unknown(job, context, called_at), "lookups": 1, **_soon(job, context)},
            {"status": "sending", "vendor_id": ABSENT},
            Verdict.UNKNOWN,
        )
    looks = int(row.get("lookups", 0)) + 1
    assume = {"status": "unknown", "vendor_id": ABSENT}
    if looks < _LOOKUPS or context.now - called_at < _GRACE:
        return _changed(job, {"lookups": looks, **_soon(job, context)}, assume, Verdict.UNKNOWN)
    error = {"code": NOT_ACCEPTED, "reason": "Twilio has never had this text."}
    lost = {"status": "failed", "error": error, "attention": context.timestamp}
    over = change(job, {**lost, **model.OFF_THE_LIST}, assume)
    paid = (budget.refund(row["spent_on"], context),) if "spent_on" in row else ()
    return decided((over, *paid), Verdict.FAILED)


def _later(job: Job, context: Context, row: Row) -> Decision:
    """Nothing new: look again in a while, and no longer than a day after the call."""
    over = context.now - parse(row["claimed_at"]) > _FOLLOWED
    due = model.OFF_THE_LIST if over else model.on_the_list(job.id, context.now + UNHURRIED)
    return _changed(job, due, {"status": row["status"]}, Verdict.KNOWN)


def _soon(job: Job, context: Context) -> dict[str, str]:
    return model.on_the_list(job.id, context.now + AGAIN)


def _in_hand(row: Row, now: datetime) -> bool:
    return now - parse(row["claimed_at"]) < timedelta(seconds=WORKER_SECONDS)


def _changed(
    job: Job, changed: Mapping[str, Any], assume: Mapping[str, Any], found: Verdict
) -> Decision:
    return decided((change(job, changed, assume),), found)

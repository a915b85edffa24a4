"""What becomes of a text after Twilio has it: callbacks, look-ups, and the work list.

Reports come late, twice and in any order. A status never moves backwards, so a report that says
nothing new writes nothing, and no list of seen reports is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from closedloop import consent, texts
from closedloop.decision import ABSENT, Change, Context, Decision, NeedsRowError, OneOf, Reply, iso
from closedloop.outcomes import Rejected, Sighting, before, ours, reason
from closedloop.sending import WORKER_SECONDS, unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from closedloop.errors import Row
    from closedloop.texts import Job

_GRACE = timedelta(minutes=10)
_LOOKUPS = 3
_AGAIN = timedelta(minutes=2)
_UNHURRIED = timedelta(minutes=15)
_FOLLOWED = timedelta(hours=24)
_SKEW = timedelta(seconds=10)

_NOT_ACCEPTED = "NOT_ACCEPTED"


@dataclass(frozen=True, slots=True)
class Report:
    """Twilio's word on one attempt of one text."""

    org_id: str
    id: str
    attempt: int
    sid: str
    status: str
    error_code: int | None = None


def reported(report: Report, context: Context) -> Decision:
    """Move the text on to what Twilio says, unless more is known already.

    The reply's `verdict` is `moved`, `known` or `stranger` (no such attempt, or not its text).
    """
    status = ours(report.status)
    if status is None:
        return _nothing("known")
    if (texts.TABLE, report.id) not in context.seen:
        if _says_stop(report):
            raise NeedsRowError(texts.TABLE, report.id)
        return _moved(report, context, status, {"vendor_id": report.sid})
    row = context.seen[texts.TABLE, report.id]
    if (
        row is None
        or row["attempt"] != report.attempt
        or row.get("vendor_id", report.sid) != report.sid
    ):
        return _nothing("stranger")
    if "vendor_id" not in row:
        return _linked(report, context, status, row)
    if row["status"] not in before(status):
        return _nothing("known")
    return _moved(report, context, status, {"vendor_id": report.sid})


def _linked(report: Report, context: Context, status: str, row: Row) -> Decision:
    """The report was faster than the worker, or the worker never learned that Twilio has it."""
    taken_for_lost = row.get("error", {}).get("code") == _NOT_ACCEPTED
    if row["status"] not in {"pending", "sending", "unknown"} and not taken_for_lost:
        return _nothing("stranger")
    return _moved(report, context, status, {"vendor_id": ABSENT}, (str(row["status"]),))


def _moved(
    report: Report,
    context: Context,
    status: str,
    assume: Mapping[str, Any],
    come_from: tuple[str, ...] | None = None,
) -> Decision:
    statuses = before(status) if come_from is None else come_from
    if not statuses:
        return _nothing("known")
    changed = {
        "status": status,
        "vendor_id": report.sid,
        "vendor_status": report.status,
        "outbox": None,
        **_marks(report, context, status),
    }
    change = Change(
        texts.TABLE,
        report.id,
        changed,
        {**assume, "status": OneOf(statuses), "attempt": report.attempt},
    )
    return Decision((change, *_opt_out(report, context)), _verdict("moved"), subjects=0)


def _marks(report: Report, context: Context, status: str) -> dict[str, Any]:
    """What the status means for those who look at the text, and for the work list."""
    if status in {"failed", "undelivered"}:
        error = {
            "code": str(report.error_code or report.status).upper(),
            "reason": reason(report.error_code),
        }
        return {"attention": context.timestamp, "error": error, **texts.OFF_THE_LIST}
    fine: dict[str, Any] = {"attention": None, "error": None}
    if status == "delivered":
        return {**fine, "delivered_at": context.timestamp, **texts.OFF_THE_LIST}
    if status == "sent":
        fine["sent_at"] = context.timestamp
    return fine | texts.on_the_list(report.id, context.now + _UNHURRIED)


def _opt_out(report: Report, context: Context) -> tuple[Any, ...]:
    row = context.seen.get((texts.TABLE, report.id))
    if row is None or not _says_stop(report):
        return ()
    return consent.withdraw(context, row["to"], ((row["person_table"], row["person_id"]),))


def _says_stop(report: Report) -> bool:
    return report.error_code is not None and Rejected(report.error_code).opted_out


def needs_look_up(row: Row, now: datetime) -> bool:
    """Whether Twilio must be asked about the text, now that it is due."""
    return row["status"] in {"unknown", "sent"} or (
        row["status"] == "sending" and ("vendor_id" in row or not _in_hand(row, now))
    )


def found(row: Row, sightings: Iterable[Sighting], taken: Collection[str]) -> Sighting | None:
    """The text among those that Twilio lists: by its sid, else the like one of its call's time.

    `taken` are sids that other texts have: two like texts to one person stay two.
    """
    if sid := row.get("vendor_id"):
        return next((each for each in sightings if each.sid == sid), None)
    called_at = _time(row["claimed_at"])
    return next(
        (
            each
            for each in sightings
            if each.sid not in taken
            and each.body == row["message"]
            and -_SKEW <= each.created_at - called_at <= timedelta(seconds=WORKER_SECONDS) + _SKEW
        ),
        None,
    )


def looked_up(job: Job, context: Context, sighting: Sighting | None) -> Decision:
    """Keep what a look at Twilio has shown.

    A text that is certainly not there is failed, after a grace period and several looks, for a
    person to send again; it is never sent again by itself.
    """
    row = context.seen.get((texts.TABLE, job.id))
    if row is None or row["attempt"] != job.attempt or "work" not in row:
        return _nothing("known")
    if sighting is None:
        return _not_found(job, context, row)
    report = Report(
        job.org_id, job.id, job.attempt, sighting.sid, sighting.status, sighting.error_code
    )
    decision = reported(report, context)
    return decision if decision.writes else _later(job, context, row)


def requeued(job: Job, context: Context) -> Decision:
    """A pending text that is due goes into the queue again; the list looks after it later.

    A worker may have been faster and have put it off once more: then its own time counts.
    """
    row = context.seen.get((texts.TABLE, job.id))
    if row is None or row["status"] != "pending" or row.get("work_at", "~") > iso(context.now):
        return _nothing("known")
    due = texts.on_the_list(job.id, context.now + _UNHURRIED)
    changed = {"outbox": None, "held_until": None, "held_for": None, **due}
    assume = {"status": "pending", "work_at": row["work_at"]}
    return _changed(job, changed, assume, "requeued")


def _not_found(job: Job, context: Context, row: Row) -> Decision:
    if "vendor_id" in row:
        return _later(job, context, row)
    called_at = _time(row["claimed_at"])
    if row["status"] == "sending":
        return _changed(
            job,
            {**unknown(job, context, called_at), "lookups": 1, **_soon(job, context)},
            {"status": "sending", "vendor_id": ABSENT},
            "unknown",
        )
    looks = int(row.get("lookups", 0)) + 1
    assume = {"status": "unknown", "vendor_id": ABSENT}
    if looks < _LOOKUPS or context.now - called_at < _GRACE:
        return _changed(job, {"lookups": looks, **_soon(job, context)}, assume, "unknown")
    error = {"code": _NOT_ACCEPTED, "reason": "Twilio has never had this text."}
    lost = {"status": "failed", "error": error, "attention": context.timestamp}
    return _changed(job, {**lost, **texts.OFF_THE_LIST}, assume, "failed")


def _later(job: Job, context: Context, row: Row) -> Decision:
    """Nothing new: look again in a while, and no longer than a day after the call."""
    over = context.now - _time(row["claimed_at"]) > _FOLLOWED
    due = texts.OFF_THE_LIST if over else texts.on_the_list(job.id, context.now + _UNHURRIED)
    return _changed(job, due, {"status": row["status"]}, "known")


def _soon(job: Job, context: Context) -> dict[str, str]:
    return texts.on_the_list(job.id, context.now + _AGAIN)


def _in_hand(row: Row, now: datetime) -> bool:
    return now - _time(row["claimed_at"]) < timedelta(seconds=WORKER_SECONDS)


def _changed(
    job: Job, changed: Mapping[str, Any], assume: Mapping[str, Any], verdict: str
) -> Decision:
    change = Change(texts.TABLE, job.id, changed, {**assume, "attempt": job.attempt})
    return Decision((change,), _verdict(verdict), subjects=0)


def _nothing(verdict: str) -> Decision:
    return Decision((), _verdict(verdict), subjects=0)


def _verdict(verdict: str) -> Reply:
    return Reply({"verdict": verdict})


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)

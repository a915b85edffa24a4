"""The worker's rules: may this text be sent now, who sends it, and what came of it.

Twilio knows no idempotency key. So a text is claimed before the call (pending → sending), and what
cannot be told afterwards is a state of its own (unknown), never a second call.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from closedloop.core.times import iso, parse
from closedloop.core.writes import ABSENT, OneOf, Spend
from closedloop.texts import consent, model
from closedloop.texts.quiet_hours import quiet_until, zone
from closedloop.texts.twilio_codes import Accepted, NotProcessed, Outcome, Rejected, reason
from closedloop.texts.verdict import Verdict, change, decided, nothing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.core.decision import Context, Decision
    from closedloop.core.rows import Row
    from closedloop.core.writes import Change
    from closedloop.texts.model import Job

WORKER_SECONDS = 30
"""The worker's time-out: whoever claimed a text longer ago is no longer at it."""

LOOK_UP_SECONDS = 90
"""From the claim to the first look at Twilio: whoever claimed a like text then is done by now."""

_BUDGET = 1000
_UNHURRIED_SECONDS = 900


def claim(job: Job, context: Context, closed_until: datetime | None = None) -> Decision:
    """Take the text, provided that it may be sent now, and say what is to be sent.

    With `closed_until` nothing is handed to Twilio before then, so that a text that could be sent
    now is held.
    """
    row = context.seen.get((model.TABLE, job.id))
    if row is None or "deleted_at" in row or row["attempt"] != job.attempt:
        return nothing(Verdict.DROPPED)
    if model.unsettled(row) and row["status"] == "sending":
        return _abandoned(job, context, row)
    if row["status"] != "pending":
        return nothing(Verdict.DROPPED)
    return _judged(job, context, row, closed_until)


def hold(job: Job, until: datetime, why: str) -> Decision:
    """Let the text wait: the work list brings it back when the time has come."""
    changed = {
        "held_until": iso(until),
        "held_for": why,
        "outbox": None,
        **model.on_the_list(job.id, until),
    }
    return decided((change(job, changed, _PENDING),), Verdict.HELD)


def record(job: Job, context: Context, outcome: Outcome, claimed_at: datetime) -> Decision:
    """Keep what came of the call."""
    row = context.seen.get((model.TABLE, job.id))
    if row and (row["attempt"] != job.attempt or not model.unsettled(row)):
        return nothing(Verdict.KNOWN)  # a callback was faster, and knows more
    match outcome:
        case Accepted(sid, status):
            accepted = _accepted(job, context, sid, status)
            return decided((change(job, accepted, _OPEN),), Verdict.ACCEPTED)
        case NotProcessed():
            given_back = _given_back(job, context)
            return decided((change(job, given_back, _OPEN),), Verdict.GIVEN_BACK)
        case Rejected(code):
            return _rejected(job, context, code)
    return _unknown(job, context, claimed_at)


def given_up(job: Job, context: Context) -> Decision:
    """Close the job that the queue has given up after five receives."""
    row = context.seen.get((model.TABLE, job.id))
    if row is None or row["attempt"] != job.attempt:
        return nothing(Verdict.DROPPED)
    if model.unsettled(row) and row["status"] == "sending":
        return _abandoned(job, context, row)
    if row["status"] != "pending":
        return nothing(Verdict.DROPPED)
    return _failed(job, context, "GIVEN_UP", "Twilio did not take the text after several tries.")


def unknown(job: Job, context: Context, claimed_at: datetime) -> dict[str, Any]:
    """What a row holds once nobody can tell: somebody looks it up at Twilio."""
    due = max(context.now, claimed_at + timedelta(seconds=LOOK_UP_SECONDS))
    return {
        "status": "unknown",
        "attention": context.timestamp,
        "lookups": 0,
        **model.on_the_list(job.id, due),
    }


_OPEN: Mapping[str, Any] = {"status": OneOf(("sending", "unknown")), "vendor_id": ABSENT}
_PENDING: Mapping[str, Any] = {"status": "pending"}


def _judged(job: Job, context: Context, row: Row, closed_until: datetime | None) -> Decision:
    person = context.seen.get(job.person) or {"deleted_at": "before this was sent"}
    settings = context.seen.get(("orgs", "settings")) or {}
    if code := _obstacle(context, row, person, settings):
        return _failed(job, context, code, _WHY[code])
    if row["category"] == model.MARKETING:
        where = zone(person.get("time_zone"), settings.get("time_zone"))
        if until := quiet_until(context.now, where, settings.get("quiet_hours")):
            return hold(job, until, "quiet_hours")
    budget = _budget(context, settings)
    spent = context.seen.get((budget.table, budget.id))
    if spent and spent["used"] >= budget.limit:
        return _failed(job, context, "BUDGET_EXCEEDED", _WHY["BUDGET_EXCEEDED"])
    if closed_until:
        return hold(job, closed_until, "breaker")
    said = {"to": person["phone"], "from": settings["sms_number"]}
    writes = (_taken(job, context, said), consent.given(said["to"]), budget)
    return decided(writes, Verdict.CLAIMED, **said, message=row["message"])


_WHY = {
    "RECIPIENT_DELETED": "This person's record was deleted.",
    "RECIPIENT_HAS_NO_PHONE": "There is no phone number.",
    "NO_SENDER": "The business has no number to text from.",
    "RECIPIENT_OPTED_OUT": "The person has sent STOP.",
    "NO_CONSENT": "The person does not want marketing.",
    "BUDGET_EXCEEDED": "The day's budget of texts is used up.",
}


def _obstacle(context: Context, row: Row, person: Row, settings: Row) -> str | None:
    """Why the text may not be sent at all, None if it may."""
    phone = person.get("phone")
    stopped = "opted_out_at" in person or (phone and consent.withdrawn(context, phone))
    no_marketing = row["category"] == model.MARKETING and person.get("sms_consent") is False
    obstacles = {
        "RECIPIENT_DELETED": "deleted_at" in person,
        "RECIPIENT_HAS_NO_PHONE": not phone,
        "NO_SENDER": not settings.get("sms_number"),
        "RECIPIENT_OPTED_OUT": stopped,
        "NO_CONSENT": no_marketing,
    }
    return next((code for code, holds in obstacles.items() if holds), None)


def _taken(job: Job, context: Context, said: Mapping[str, str]) -> Change:
    """The claim: what is called with is kept, so that it can be found again at Twilio."""
    due = context.now + timedelta(seconds=LOOK_UP_SECONDS)
    changed = {
        "status": "sending",
        "claimed_at": context.timestamp,
        **said,
        "outbox": None,
        "held_until": None,
        "held_for": None,
        **model.on_the_list(job.id, due),
    }
    return change(job, changed, _PENDING)


def _budget(context: Context, settings: Row) -> Spend:
    """One text of the org's day, by the clock of the org."""
    day = context.now.astimezone(zone(settings.get("time_zone"))).date()
    limit = int(settings.get("sms_budget_per_day", _BUDGET))
    return Spend(f"sms#{day}", limit, int(context.now.timestamp()) + 3 * 86_400)


def _abandoned(job: Job, context: Context, row: Row) -> Decision:
    """Claimed by somebody who is still at it, or who has died since."""
    claimed_at = parse(row["claimed_at"])
    if context.now - claimed_at < timedelta(seconds=WORKER_SECONDS):
        return nothing(Verdict.LATER)
    return _unknown(job, context, claimed_at)


def _accepted(job: Job, context: Context, sid: str, vendor_status: str) -> dict[str, Any]:
    return {
        "status": "sending",
        "vendor_id": sid,
        "vendor_status": vendor_status,
        "queued_at": context.timestamp,
        "attention": None,
        **model.on_the_list(job.id, context.now + timedelta(seconds=_UNHURRIED_SECONDS)),
    }


def _given_back(job: Job, context: Context) -> dict[str, Any]:
    due = context.now + timedelta(seconds=_UNHURRIED_SECONDS)
    return {
        "status": "pending",
        "claimed_at": None,
        "to": None,
        "from": None,
        **model.on_the_list(job.id, due),
    }


def _rejected(job: Job, context: Context, code: int) -> Decision:
    failed = _failed(job, context, str(code), reason(code), _OPEN)
    if not Rejected(code).opted_out:
        return failed
    person = context.seen.get(job.person) or {}
    writes = consent.withdraw(context, str(person.get("phone")), (job.person,))
    return decided((*failed.writes, *writes), Verdict.FAILED)


def _failed(
    job: Job, context: Context, code: str, why: str, assume: Mapping[str, Any] = _PENDING
) -> Decision:
    changed = {
        "status": "failed",
        "attention": context.timestamp,
        "error": {"code": code, "reason": why},
        "outbox": None,
        "held_until": None,
        "held_for": None,
        **model.OFF_THE_LIST,
    }
    return decided((change(job, changed, assume),), Verdict.FAILED)


def _unknown(job: Job, context: Context, claimed_at: datetime) -> Decision:
    return decided((change(job, unknown(job, context, claimed_at), _OPEN),), Verdict.UNKNOWN)

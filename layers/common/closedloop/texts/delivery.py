"""The worker's rules before a call: may this text be sent now, and what is to be sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from closedloop.bookings import states
from closedloop.core.rows import gone
from closedloop.core.times import iso
from closedloop.core.writes import ABSENT, Check, OneOf
from closedloop.texts import budget, codes, consent, model
from closedloop.texts.outcome import LOOK_UP_SECONDS, PENDING, abandoned, failed
from closedloop.texts.quiet_hours import quiet_until, zone
from closedloop.texts.verdict import Verdict, change, decided, nothing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.core.decision import Context, Decision
    from closedloop.core.rows import Row
    from closedloop.core.writes import Change, Write
    from closedloop.texts.model import Job


def claim(job: Job, context: Context, closed_until: datetime | None = None) -> Decision:
    """Take the text, provided that it may be sent now, and say what is to be sent.

    With `closed_until` nothing is handed to Twilio before then, so that a text that could be sent
    now is held.
    """
    row = context.seen.get((model.TABLE, job.id))
    if row is None or "deleted_at" in row or row["attempt"] != job.attempt:
        return nothing(Verdict.DROPPED)
    if model.unsettled(row) and row["status"] == "sending":
        return abandoned(job, context, row)
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
    return decided((change(job, changed, PENDING),), Verdict.HELD)


def _judged(job: Job, context: Context, row: Row, closed_until: datetime | None) -> Decision:
    person = context.seen.get(job.person) or {"deleted_at": "before this was sent"}
    settings = context.seen.get(("orgs", "settings")) or {}
    if code := _obstacle(context, row, person, settings):
        return failed(job, context, code, _WHY[code])
    if row["category"] == model.MARKETING:
        where = zone(person.get("time_zone"), settings.get("time_zone"))
        if until := quiet_until(context.now, where, settings.get("quiet_hours")):
            return hold(job, until, "quiet_hours")
    sent = _sent(job, context, row)
    if sent is None:
        return failed(job, context, "CODE_OVER", _WHY["CODE_OVER"])
    spend = budget.room(context, settings, job.id)
    if spend is None:
        return failed(job, context, "BUDGET_EXCEEDED", _WHY["BUDGET_EXCEEDED"])
    if closed_until:
        return hold(job, closed_until, "breaker")
    said = {"to": person["phone"], "from": settings["sms_number"]}
    spent = {"spent_on": budget.spent_on(spend)}
    taken = (_taken(job, context, said | spent), consent.given(said["to"]), spend)
    tries = int(row.get("tries", 0))
    writes: tuple[Write, ...] = (*taken, *_still(row))
    return decided(writes, Verdict.CLAIMED, **said, **spent, **sent, tries=tries)


def _sent(job: Job, context: Context, row: Row) -> Row | None:
    """The words, and of a code for how many seconds they count; None if the code does not."""
    if row.get("kind") != codes.KIND:
        return {"message": row["message"], "seconds": None}
    ready = codes.sendable(job, row, context)
    return {"message": ready.body, "seconds": ready.seconds} if ready else None


_WHY = {
    "RECIPIENT_DELETED": "This person's record was deleted.",
    "RECIPIENT_HAS_NO_PHONE": "There is no phone number.",
    "NO_SENDER": "The business has no number to text from.",
    "RECIPIENT_OPTED_OUT": "The person has sent STOP.",
    "NO_CONSENT": "The person does not want marketing.",
    "CODE_OVER": "The code in this text was used, replaced or over before it could be sent.",
    "APPOINTMENT_CHANGED": "The appointment was cancelled or moved before this was sent.",
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
        "APPOINTMENT_CHANGED": _changed(context, row),
    }
    return next((code for code, holds in obstacles.items() if holds), None)


def _still(row: Row) -> tuple[Check, ...]:
    """Lets a text go out only while the visit that it confirms is as it says."""
    question = row.get("question") or {}
    if "start" not in question:
        return ()
    assumed = {
        "start": question["start"], "status": OneOf(states.LIVE), "deleted_at": ABSENT,
    }  # fmt: skip
    return (Check(states.TABLE, question["appointment_id"], assumed),)


def _changed(context: Context, row: Row) -> bool:
    """Whether a refused check has shown that the visit is no longer as the text says."""
    question = row.get("question") or {}
    key = (states.TABLE, question.get("appointment_id"))
    if "start" not in question or key not in context.seen:
        return False
    visit = context.seen[key] or {}
    live = not gone(visit) and visit.get("status") in states.LIVE
    return not live or visit["start"] != question["start"]


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
    return change(job, changed, PENDING)

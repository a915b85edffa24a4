"""The result of a call to Twilio, and what happens to a text that no worker could take.

Twilio knows no idempotency key. So a text is claimed before the call (pending → sending), and what
cannot be told afterwards is a state of its own (unknown), never a second call.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from closedloop.core.times import iso, parse
from closedloop.core.writes import ABSENT, OneOf
from closedloop.texts import budget, consent, model
from closedloop.texts.twilio_codes import (
    Accepted,
    NotProcessed,
    Outcome,
    QueueFull,
    Rejected,
    reason,
)
from closedloop.texts.verdict import Verdict, change, decided, nothing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.core.decision import Context, Decision
    from closedloop.texts.model import Job

WORKER_SECONDS = 30
"""The worker's time-out: after it, the worker that claimed a text has ended."""

LOOK_UP_SECONDS = 90
"""From the claim to the first look-up: by then a worker with an identical text has finished."""

TRIES = 5
"""How often a text is tried. A receive in which no worker ran is no try."""

_UNHURRIED_SECONDS = 900
_RETURNED_SECONDS = 60
_QUEUE_FULL_SECONDS = 600

PENDING: Mapping[str, Any] = {"status": "pending"}
OPEN: Mapping[str, Any] = {"status": OneOf(("sending", "unknown")), "vendor_id": ABSENT}
_UNCLAIMED = dict.fromkeys(("claimed_at", "to", "from", "spent_on"))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim: when it was made, after how many tries, and which part of a budget it spent."""

    at: datetime
    tries: int
    spent_on: str


def record(job: Job, context: Context, outcome: Outcome, claimed: Claimed) -> Decision:
    """Store the result of the call. What Twilio did not take is not paid for."""
    row = context.seen.get((model.TABLE, job.id))
    if row and (row["attempt"] != job.attempt or not model.unsettled(row)):
        # Our own write, whose answer was lost; or a callback was faster, and knows more.
        ours = row["attempt"] == job.attempt and row["status"] == "pending"
        return nothing(Verdict.GIVEN_BACK if ours else Verdict.KNOWN)
    match outcome:
        case Accepted(sid, status):
            accepted = _accepted(job, context, sid, status)
            return decided((change(job, accepted, OPEN),), Verdict.ACCEPTED)
        case NotProcessed():
            return _given_back(job, context, claimed)
        case QueueFull():
            return _queue_full(job, context, claimed)
        case Rejected(code):
            return _rejected(job, context, code, claimed)
    return as_unknown(job, context, claimed.at)


def given_up(job: Job, context: Context) -> Decision:
    """Close the job that the queue has given up after five receives.

    A text that was tried less often, because no worker was free or none could run, is as good as
    before: the work list puts it into the queue again.
    """
    row = context.seen.get((model.TABLE, job.id))
    if row is None or row["attempt"] != job.attempt:
        return nothing(Verdict.DROPPED)
    if model.unsettled(row) and row["status"] == "sending":
        return abandoned(job, context, row)
    if row["status"] != "pending":
        return nothing(Verdict.DROPPED)
    if row.get("tries", 0) >= TRIES:
        return failed(job, context, "GIVEN_UP", "Twilio did not take the text after several tries.")
    due = context.now + timedelta(seconds=_RETURNED_SECONDS)
    if "held_until" in row or row.get("work_at", "~") <= iso(due):
        return nothing(Verdict.RETURNED)  # the list brings it back by itself, and at its own time
    back = {"outbox": None, **model.on_the_list(job.id, due)}
    return decided((change(job, back, PENDING),), Verdict.RETURNED)


def stumbled(job: Job, context: Context) -> Decision:
    """Count a try that ended in a fault of ours before the text was claimed."""
    row = context.need(model.TABLE, job.id)
    if row["attempt"] != job.attempt or row["status"] != "pending":
        return nothing(Verdict.DROPPED)
    tries = int(row.get("tries", 0))
    assume = {**PENDING, "tries": tries or ABSENT}
    return decided((change(job, {"tries": tries + 1}, assume),), Verdict.GIVEN_BACK)


def abandoned(job: Job, context: Context, row: Mapping[str, Any]) -> Decision:
    """Claimed by a worker that is still running, or that has died since."""
    claimed_at = parse(row["claimed_at"])
    if context.now - claimed_at < timedelta(seconds=WORKER_SECONDS):
        return nothing(Verdict.LATER)
    return as_unknown(job, context, claimed_at)


def as_unknown(job: Job, context: Context, claimed_at: datetime) -> Decision:
    """The result is unknown: the text is due for a look-up at Twilio."""
    return decided((change(job, unknown(job, context, claimed_at), OPEN),), Verdict.UNKNOWN)


def unknown(job: Job, context: Context, claimed_at: datetime) -> dict[str, Any]:
    """The fields of a text with an unknown result: it is due for a look-up at Twilio."""
    due = max(context.now, claimed_at + timedelta(seconds=LOOK_UP_SECONDS))
    return {
        "status": "unknown",
        "attention": context.timestamp,
        "lookups": 0,
        **model.on_the_list(job.id, due),
    }


def failed(
    job: Job, context: Context, code: str, why: str, assume: Mapping[str, Any] = PENDING
) -> Decision:
    """The text has failed, for a person to see."""
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


def _accepted(job: Job, context: Context, sid: str, vendor_status: str) -> dict[str, Any]:
    return {
        "status": "sending",
        "vendor_id": sid,
        "vendor_status": vendor_status,
        "queued_at": context.timestamp,
        "attention": None,
        **model.on_the_list(job.id, context.now + timedelta(seconds=_UNHURRIED_SECONDS)),
    }


def _given_back(job: Job, context: Context, claimed: Claimed) -> Decision:
    due = context.now + timedelta(seconds=_UNHURRIED_SECONDS)
    back = {**PENDING, **_UNCLAIMED, "tries": claimed.tries + 1, **model.on_the_list(job.id, due)}
    writes = (change(job, back, OPEN), budget.refund(claimed.spent_on, context))
    return decided(writes, Verdict.GIVEN_BACK)


def _queue_full(job: Job, context: Context, claimed: Claimed) -> Decision:
    """Our number has hours of texts waiting at Twilio: this one waits here, which is no failure."""
    until = context.now + timedelta(seconds=_QUEUE_FULL_SECONDS)
    held = {"held_until": iso(until), "held_for": "queue_full"}
    back = {**PENDING, **_UNCLAIMED, **held, **model.on_the_list(job.id, until)}
    return decided(
        (change(job, back, OPEN), budget.refund(claimed.spent_on, context)), Verdict.HELD
    )


def _rejected(job: Job, context: Context, code: int, claimed: Claimed) -> Decision:
    over = failed(job, context, str(code), reason(code), OPEN)
    writes = (*over.writes, budget.refund(claimed.spent_on, context))
    if Rejected(code).opted_out:
        person = context.seen.get(job.person) or {}
        writes += consent.withdraw(context, str(person.get("phone")), (job.person,))
    return decided(writes, Verdict.FAILED)

"""The worker's rules: may this text be sent now, who sends it, and what came of it.

Twilio knows no idempotency key. So a text is claimed before the call (pending → sending), and what
cannot be told afterwards is a state of its own (unknown), never a second call.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from closedloop import consent, texts
from closedloop.decision import ABSENT, Change, Context, Decision, OneOf, Reply, Spend, iso
from closedloop.outcomes import Accepted, NotProcessed, Outcome, Rejected, reason
from closedloop.quiet import quiet_until, zone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.errors import Row

WORKER_SECONDS = 30
"""The worker's time-out: whoever claimed a text longer ago is no longer at it."""

LOOK_UP_SECONDS = 90
"""From the claim to the first look at Twilio: whoever claimed a like text then is done by now."""

_BUDGET = 1000
_UNHURRIED_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Job:
    """What a message of the queue asks for: this attempt of this text."""

    org_id: str
    id: str
    attempt: int
    person: tuple[str, str]

    @classmethod
    def of(cls, row: Row) -> Job:
        """The job that a pending row is."""
        person = (row["person_table"], row["person_id"])
        return cls(row["org_id"], row["id"], int(row["attempt"]), person)

    @classmethod
    def read(cls, message: Mapping[str, Any]) -> Job:
        """The job in a message."""
        person = (message["person_table"], message["person_id"])
        return cls(message["org_id"], message["id"], int(message["attempt"]), person)

    @property
    def message(self) -> dict[str, Any]:
        """The job as a message."""
        table, person_id = self.person
        whose = {"person_table": table, "person_id": person_id}
        return {"org_id": self.org_id, "id": self.id, "attempt": self.attempt, **whose}

    @property
    def rows(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """The rows without which it cannot be judged."""
        return ((texts.TABLE, self.id), self.person)


def claim(job: Job, context: Context) -> Decision:
    """Take the text, provided that it may be sent now, and say what is to be sent.

    The reply's `verdict` is `claimed` (with `to`, `from`, `message`), `later` (somebody else may
    still be at it), `dropped` (nothing to do), `held`, `failed` or `unknown`.
    """
    row = context.seen.get((texts.TABLE, job.id))
    if row is None or "deleted_at" in row or row["attempt"] != job.attempt:
        return _nothing("dropped")
    if texts.unsettled(row) and row["status"] == "sending":
        return _abandoned(job, context, row)
    if row["status"] != "pending":
        return _nothing("dropped")
    return _judged(job, context, row)


def hold(job: Job, context: Context, until: datetime, why: str) -> Decision:
    """Let the text wait: the work list brings it back when the time has come."""
    changed = {
        "held_until": iso(until),
        "held_for": why,
        "outbox": None,
        **texts.on_the_list(job.id, until),
    }
    return _decided(job, changed, "held")


def record(job: Job, context: Context, outcome: Outcome, claimed_at: datetime) -> Decision:
    """Keep what came of the call. The reply's `verdict` is the text's status since."""
    row = context.seen.get((texts.TABLE, job.id))
    if row and (row["attempt"] != job.attempt or not texts.unsettled(row)):
        return _nothing(row["status"])  # a callback was faster, and knows more
    match outcome:
        case Accepted(sid, status):
            return _decided(job, _accepted(job, context, sid, status), "sending", _OPEN)
        case NotProcessed():
            return _decided(job, _given_back(job, context), "pending", _OPEN)
        case Rejected(code):
            return _rejected(job, context, code)
    return _decided(job, unknown(job, context, claimed_at), "unknown", _OPEN)


def given_up(job: Job, context: Context) -> Decision:
    """Close the job that the queue has given up after five receives."""
    row = context.seen.get((texts.TABLE, job.id))
    if row is None or row["attempt"] != job.attempt:
        return _nothing("dropped")
    if texts.unsettled(row) and row["status"] == "sending":
        return _abandoned(job, context, row)
    if row["status"] != "pending":
        return _nothing("dropped")
    return _failed(job, context, "GIVEN_UP", "Twilio did not take the text after several tries.")


def unknown(job: Job, context: Context, claimed_at: datetime) -> dict[str, Any]:
    """What a row holds once nobody can tell: somebody looks it up at Twilio."""
    due = max(context.now, claimed_at + timedelta(seconds=LOOK_UP_SECONDS))
    return {
        "status": "unknown",
        "attention": context.timestamp,
        "lookups": 0,
        **texts.on_the_list(job.id, due),
    }


_OPEN: Mapping[str, Any] = {"status": OneOf(("sending", "unknown")), "vendor_id": ABSENT}
_PENDING: Mapping[str, Any] = {"status": "pending"}


def _judged(job: Job, context: Context, row: Row) -> Decision:
    person = context.seen.get(job.person)
    settings = context.seen.get(("orgs", "settings")) or {}
    if person is None or "deleted_at" in person:
        return _failed(job, context, "RECIPIENT_DELETED", "This person's record was deleted.")
    to, sender = person.get("phone"), settings.get("sms_number")
    if not to:
        return _failed(job, context, "RECIPIENT_HAS_NO_PHONE", "There is no phone number.")
    if not sender:
        return _failed(job, context, "NO_SENDER", "The business has no number to text from.")
    if "opted_out_at" in person or consent.withdrawn(context, to):
        return _failed(job, context, "RECIPIENT_OPTED_OUT", "The person has sent STOP.")
    if row["category"] == texts.MARKETING:
        if person.get("sms_consent") is False:
            return _failed(job, context, "NO_CONSENT", "The person does not want marketing.")
        where = zone(person.get("time_zone"), settings.get("time_zone"))
        if until := quiet_until(context.now, where, settings.get("quiet_hours")):
            return hold(job, context, until, "quiet_hours")
    return _claimed(job, context, row, to, sender, settings)


def _claimed(job: Job, context: Context, row: Row, to: str, sender: str, settings: Row) -> Decision:
    budget = _budget(context, settings)
    spent = context.seen.get((budget.table, budget.id))
    if spent and spent["used"] >= budget.limit:
        return _failed(job, context, "BUDGET_EXCEEDED", "The day's budget of texts is used up.")
    changed = {
        "status": "sending",
        "claimed_at": context.timestamp,
        "to": to,
        "from": sender,
        "outbox": None,
        "held_until": None,
        "held_for": None,
        **texts.on_the_list(job.id, context.now + timedelta(seconds=LOOK_UP_SECONDS)),
    }
    change = Change(texts.TABLE, job.id, changed, {**_PENDING, "attempt": job.attempt})
    return Decision(
        writes=(change, consent.given(to), budget),
        reply=Reply({"verdict": "claimed", "to": to, "from": sender, "message": row["message"]}),
        subjects=0,
    )


def _budget(context: Context, settings: Row) -> Spend:
    """One text of the org's day, by the clock of the org."""
    where: ZoneInfo = zone(settings.get("time_zone"))
    day = context.now.astimezone(where).date()
    limit = int(settings.get("sms_budget_per_day", _BUDGET))
    return Spend(f"sms#{day}", limit, int(context.now.timestamp()) + 3 * 86_400)


def _abandoned(job: Job, context: Context, row: Row) -> Decision:
    """Claimed by somebody who is still at it, or who has died since."""
    claimed_at = datetime.fromisoformat(row["claimed_at"]).astimezone(UTC)
    if context.now - claimed_at < timedelta(seconds=WORKER_SECONDS):
        return _nothing("later")
    return _decided(job, unknown(job, context, claimed_at), "unknown", _OPEN)


def _accepted(job: Job, context: Context, sid: str, vendor_status: str) -> dict[str, Any]:
    return {
        "status": "sending",
        "vendor_id": sid,
        "vendor_status": vendor_status,
        "queued_at": context.timestamp,
        "attention": None,
        **texts.on_the_list(job.id, context.now + timedelta(seconds=_UNHURRIED_SECONDS)),
    }


def _given_back(job: Job, context: Context) -> dict[str, Any]:
    due = context.now + timedelta(seconds=_UNHURRIED_SECONDS)
    return {
        "status": "pending",
        "claimed_at": None,
        "to": None,
        "from": None,
        **texts.on_the_list(job.id, due),
    }


def _rejected(job: Job, context: Context, code: int) -> Decision:
    failed = _failed(job, context, str(code), reason(code), _OPEN)
    if not Rejected(code).opted_out:
        return failed
    person = context.seen.get(job.person) or {}
    writes = consent.withdraw(context, str(person.get("phone")), (job.person,))
    return Decision((*failed.writes, *writes), failed.reply, subjects=0)


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
        **texts.OFF_THE_LIST,
    }
    return _decided(job, changed, "failed", assume)


def _decided(
    job: Job, changed: Mapping[str, Any], verdict: str, assume: Mapping[str, Any] = _PENDING
) -> Decision:
    change = Change(texts.TABLE, job.id, changed, {**assume, "attempt": job.attempt})
    return Decision((change,), Reply({"verdict": verdict}), subjects=0)


def _nothing(verdict: str) -> Decision:
    return Decision((), Reply({"verdict": verdict}), subjects=0)

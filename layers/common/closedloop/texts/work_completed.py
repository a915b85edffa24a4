"""The text that tells a customer that the work is done, if the business switched it on.

It is part of the press that completes the work: both are committed together, or neither is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired

from typing_extensions import TypedDict

from closedloop.business.defaults import setting
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.errors import NotFoundError, RateLimitedError, ValidationFailedError
from closedloop.core.writes import ABSENT, Change, Check, Create
from closedloop.jobs import update as jobs
from closedloop.jobs.model import COMPLETED, TABLE
from closedloop.jobs.update import JobUpdated, UpdateJob
from closedloop.people.matching import free_id, with_phone
from closedloop.texts import model
from closedloop.texts.accept import SETTINGS, tally
from closedloop.texts.templates import known_of, template

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from closedloop.core.writes import Write

TEMPLATE = "work_completed"

Skipped = Literal["no_phone", "opted_out", "limit", "template"]


class CompletionText(TypedDict):
    """The text that goes out by itself."""

    id: str
    status: Literal["pending"]


class WorkUpdated(JobUpdated):
    """The job is as asked for; where that completed its work, what its customer is told."""

    sms: NotRequired[CompletionText]
    """Absent where nothing is sent."""
    smsSkipped: NotRequired[Skipped]  # noqa: N815 - the wire's own spelling
    """Why the business's text was not sent: the work is completed all the same."""


def update(command: UpdateJob, context: Context) -> Decision[WorkUpdated]:
    """Set what the staff own of a job, once. What it says already changes nothing.

    Work that is completed for the first time is told to its customer by text, if the setting
    `texts.work_completed` is on. A text that cannot be sent keeps no work from being completed.

    Raises:
        JobChangedError: `expectedVersion` is no longer true; carries the current row.
        WorkTransitionError: the work has no such move, or its QC checklist is not done; carries
            the current row.
        ForbiddenError: the work is over, and only an owner or a manager takes it up again.
        ValidationFailedError: a new point has no label, or a checklist gets too long.
        NotFoundError: there is no such job in the org.
    """
    decided = jobs.update(command, context)
    body: WorkUpdated = {"job": decided.reply.body["job"]}
    writes = decided.writes
    if _completes(writes) and _wanted(context):
        found = _text(context.need(TABLE, command.id), context)
        if isinstance(found, str):
            body["smsSkipped"] = found
        else:
            writes += found
            body["sms"] = {"id": found[0].id, "status": "pending"}
    return Decision(writes, Reply(body))


def _completes(writes: tuple[Write, ...]) -> bool:
    """Whether this is the first time: work that was taken up again is not told twice."""
    change = writes[0]
    if not isinstance(change, Change) or change.set.get("workStatus") != COMPLETED:
        return False
    times = [move for move in change.set["statusHistory"] if move["to"] == COMPLETED]
    return len(times) == 1


def _wanted(context: Context) -> bool:
    return bool(setting(_settings(context), "texts")[TEMPLATE])


def _settings(context: Context) -> Row:
    context.know(SETTINGS)  # cached: no request, and one round
    return context.seen[SETTINGS] or {}


def _text(job: Row, context: Context) -> Skipped | tuple[Write, ...]:
    """What sends the text, the text first; or why there is none."""
    customer = job.get("customerCached") or {}
    phone = customer.get("phone")
    if not phone:
        return "no_phone"
    person = with_phone(context, "contacts", phone)
    if person and "opted_out_at" in person:
        return "opted_out"
    try:
        text = _filled(job, person or customer, context)
        person_id = person["id"] if person else free_id(context, "contacts", phone)
        counted = tally(_settings(context), context, "contacts", person_id)
    except (NotFoundError, ValidationFailedError):
        return "template"
    except RateLimitedError:
        return "limit"
    sms = model.outgoing(context, "contacts", person_id, text)
    return sms, _reachable(person, phone, customer, person_id, context), counted


def _filled(job: Row, person: Row, context: Context) -> model.Text:
    settings = _settings(context)
    chosen = template(settings, TEMPLATE)
    known = {**known_of(person, settings), "service": str(job["serviceType"])}
    message = chosen.fill({**known, "firstName": known["firstName"] or "there"}, {})
    return model.Text(message, chosen.category, chosen.id)


def _reachable(
    person: Row | None, phone: str, customer: Row, person_id: str, context: Context
) -> Write:
    """The contact must be one that may be texted; a customer who is none yet becomes one."""
    if person:
        may = {"deleted_at": ABSENT, "opted_out_at": ABSENT, "phone": phone}
        return Check("contacts", person_id, may)
    fields = {
        "name": customer.get("name") or phone,
        "phone": phone,
        "email": customer.get("email"),
        "lead_status": "booked",
        "lead_status_changed_at": context.timestamp,
        "source": "square",
    }
    return Create("contacts", person_id, fields)

"""Texts that the staff send: to a contact, to a lead, and once more after a failure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from closedloop.core.command import Command, RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.errors import InvalidTransitionError, NotFoundError, RateLimitedError
from closedloop.core.rows import Row, public
from closedloop.core.writes import ABSENT, PRESENT, Change, Check, OneOf, Tally
from closedloop.texts import model
from closedloop.texts.errors import RecipientHasNoPhoneError, RecipientOptedOutError
from closedloop.texts.templates import LONGEST, known_of, template

if TYPE_CHECKING:
    from typing import Self

BREAKER = ("system", "breaker#twilio")
SETTINGS = ("orgs", "settings")

_PER_PERSON, _PER_PERSON_MINUTES = 5, 10
_MOST_PER_PERSON = 20  # a tally counts no further

_FAILED = ("failed", "undelivered")


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("write something")
    return text


Short = Annotated[str, StringConstraints(min_length=1, max_length=160), AfterValidator(_not_blank)]
Long = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST), AfterValidator(_not_blank)
]
Name = Annotated[str, StringConstraints(pattern=r"^\w+$", max_length=64)]
Value = Annotated[str, StringConstraints(max_length=500)]


class SendContactSms(Command):
    """A text to a contact."""

    id: RowId
    message: Short


class SendLeadSms(Command):
    """A text to a lead: written out, or a template and what fills its gaps."""

    leadId: RowId  # noqa: N815 - the wire's own spelling
    message: Long | None = None
    templateId: Name | None = None  # noqa: N815
    variables: Annotated[dict[Name, Value], Field(max_length=30)] | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.message is None) == (self.templateId is None):
            raise ValueError("send a message or a templateId")
        if self.message is not None and self.variables:
            raise ValueError("variables go with a templateId")
        return self


class RetrySms(Command):
    """Send a text again that has failed."""

    id: RowId


def send_to_contact(command: SendContactSms, context: Context) -> Decision:
    """Accept a text to a contact; the worker sends it.

    Raises:
        NotFoundError, RecipientOptedOutError, RecipientHasNoPhoneError, RateLimitedError
    """
    return _send(context, "contacts", command.id, model.Text(command.message))


def send_to_lead(command: SendLeadSms, context: Context) -> Decision:
    """Accept a text to a lead; the worker sends it.

    Raises:
        NotFoundError: no such lead, appointment or template.
        ValidationFailedError: a variable is missing, has no gap, or makes the text too long.
        RecipientOptedOutError, RecipientHasNoPhoneError, RateLimitedError
    """
    text = _filled(command, context) if command.message is None else model.Text(command.message)
    return _send(context, "leads", command.leadId, text)


def retry(command: RetrySms, context: Context) -> Decision:
    """Hand a text that failed to the worker once more, as its next attempt.

    One whose fate is unknown is not sent again before Twilio has said what became of it.

    Raises:
        NotFoundError, InvalidTransitionError: carries the current row.
    """
    row = context.row(model.TABLE, command.id)
    if row and (row["status"] not in _FAILED or row["direction"] != "out"):
        raise InvalidTransitionError("Only a text that failed can be sent again.", sms=public(row))
    attempt = int(row["attempt"]) if row else 1
    again = {
        "status": "pending",
        "attempt": attempt + 1,
        "outbox": "ready",
        "held_until": None,
        "held_for": None,
        **dict.fromkeys(_OF_AN_ATTEMPT),
        **model.on_the_list(command.id, context.now + timedelta(seconds=model.DISPATCH_SECONDS)),
    }
    assumed = {"status": OneOf(_FAILED), "direction": "out", "attempt": attempt}
    change = Change(model.TABLE, command.id, set=again, assume=assumed)
    sms = {"id": command.id, "status": "pending", "attempt": attempt + 1}
    return Decision((change,), Reply({"sms": sms | {"version": context.version}}))


_OF_AN_ATTEMPT = (
    "attention", "claimed_at", "delivered_at", "error", "from", "lookups", "sent_at", "to",
    "vendor_id", "vendor_status",
)  # fmt: skip
"""What one attempt left on the row and the next one starts without."""


def _send(context: Context, table: str, person_id: str, text: model.Text) -> Decision:
    made = model.outgoing(context, table, person_id, text)
    if before := context.seen.get((model.TABLE, made.id)):
        # This very press, after its key had expired: its row is there, and is the answer.
        return Decision((Check(model.TABLE, made.id),), Reply({"sms": _shown(before)}))
    _refuse_unless_reachable(context.row(table, person_id))
    tally = _tally(context, table, person_id)
    reachable = {"deleted_at": ABSENT, "opted_out_at": ABSENT, "phone": PRESENT}
    row = {
        **made.set, "id": made.id, "created_at": context.timestamp, "version": context.version,
    }  # fmt: skip
    return Decision(
        writes=(made, Check(table, person_id, reachable), tally),
        reply=_reply(context, _shown(row)),
    )


def _refuse_unless_reachable(person: Row | None) -> None:
    if person is None:
        return
    if "deleted_at" in person:
        raise NotFoundError
    if "opted_out_at" in person:
        raise RecipientOptedOutError
    if "phone" not in person:
        raise RecipientHasNoPhoneError


def _tally(context: Context, table: str, person_id: str) -> Tally:
    """One more text to this person, within what the org allows.

    Raises:
        RateLimitedError: says when the oldest of them is no longer counted.
    """
    limits = _settings(context).get("limits") or {}
    limit = min(int(limits.get("sms_per_person", _PER_PERSON)), _MOST_PER_PERSON)
    seconds = 60 * int(limits.get("sms_per_person_minutes", _PER_PERSON_MINUTES))
    tally = Tally(f"sms#{table}#{person_id}", limit, seconds)
    if full := context.seen.get((tally.table, tally.id)):
        free_at = full[f"t{limit - 1}"] / 1000 + seconds
        wait = int(free_at - context.now.timestamp()) + 1
        if wait > 0:
            raise RateLimitedError.until(wait, f"This person got {limit} texts just now.")
    return tally


def _filled(command: SendLeadSms, context: Context) -> model.Text:
    lead = context.need("leads", command.leadId)
    settings = _settings(context)
    chosen = template(settings, command.templateId or "")
    given = dict(command.variables or {})
    about = given.pop("appointmentId", None) if chosen.asks else None
    question = None
    if about is not None:
        if "deleted_at" in context.need("appointments", about):
            raise NotFoundError
        question = {"kind": str(chosen.asks), "appointment_id": about}
    message = chosen.fill(known_of(lead, settings), given)
    return model.Text(message, chosen.category, chosen.id, question)


def _reply(context: Context, sms: Row) -> Reply:
    breaker = _known(context, BREAKER) or {}
    wait = int(breaker.get("retry_at", 0) - context.now.timestamp())
    if breaker.get("state") != "OPEN" or wait <= 0:
        return Reply({"sms": sms})
    body: dict[str, Any] = {
        "error": "Texts cannot be sent just now. This one is kept and goes out by itself.",
        "code": "CIRCUIT_BREAKER_OPEN",
        "request_id": context.request_id,
        "retrying": True,
        "sms": sms,
    }
    return Reply(body, status=503, success=False, retry_after=wait)


def _shown(row: Row) -> Row:
    whose = {"leads": "leadId", "contacts": "contactId"}[row["person_table"]]
    return {
        "id": row["id"],
        whose: row["person_id"],
        "message": row["message"],
        "status": row["status"],
        "segments": row["segments"],
        "sentAt": row["created_at"],
        "version": row["version"],
    }


def _settings(context: Context) -> Row:
    return _known(context, SETTINGS) or {}


def _known(context: Context, key: tuple[str, str]) -> Row | None:
    context.know(SETTINGS, BREAKER)  # both are cached: no request, and one round
    row: Row | None = context.seen[key]
    return row

"""Texts that the staff send: to a contact, to a lead, and once more after a failure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal, NotRequired

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from typing_extensions import TypedDict

from closedloop.core.command import Command, RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.errors import NotFoundError, RateLimitedError
from closedloop.core.replies import Answered
from closedloop.core.rows import Row, public
from closedloop.core.words import not_blank
from closedloop.core.writes import ABSENT, PRESENT, Change, Check, OneOf, Tally
from closedloop.texts import model, questions
from closedloop.texts.errors import (
    RecipientHasNoPhoneError,
    RecipientOptedOutError,
    SmsNotFailedError,
)
from closedloop.texts.templates import LONGEST, known_of, template

if TYPE_CHECKING:
    from typing import Self

    from closedloop.core.values import Time, Version
    from closedloop.texts.rows import Attempt, Segments, SmsStatus

BREAKER = ("system", "breaker#twilio")
SETTINGS = ("orgs", "settings")

_PER_PERSON, _PER_PERSON_MINUTES = 5, 10
_MOST_PER_PERSON = 20  # a tally counts no further

_FAILED = ("failed", "undelivered")


Short = Annotated[str, StringConstraints(min_length=1, max_length=160), AfterValidator(not_blank)]
Long = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST), AfterValidator(not_blank)
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


class AcceptedSms(TypedDict):
    """A text that is kept and goes out by itself."""

    id: str
    leadId: NotRequired[str]
    """Of a text to a lead."""
    contactId: NotRequired[str]
    """Of a text to a contact."""
    message: str
    status: SmsStatus
    segments: Segments
    sentAt: Time
    """When the button was pressed."""
    version: Version


class SmsAccepted(TypedDict):
    """The text is kept and goes out by itself."""

    sms: AcceptedSms


class SmsKept(SmsAccepted):
    """Texts cannot be sent just now; this one is kept and goes out by itself: send no other."""

    error: str
    """A sentence for a person."""
    code: Literal["CIRCUIT_BREAKER_OPEN"]
    request_id: str
    retrying: Literal[True]


Accepted = Decision[SmsAccepted | Annotated[SmsKept, Answered(503, success=False)]]
"""Either way the text is kept."""


class RetriedSms(TypedDict):
    """What the button has set of the text. Lay it over the row."""

    id: str
    status: Literal["pending"]
    attempt: Attempt
    version: Version


class SmsRetried(TypedDict):
    """The text goes out once more."""

    sms: RetriedSms


def send_to_contact(command: SendContactSms, context: Context) -> Accepted:
    """Accept a text to a contact; the worker sends it.

    Raises:
        NotFoundError, RecipientOptedOutError, RecipientHasNoPhoneError, RateLimitedError
    """
    return _send(context, "contacts", command.id, model.Text(command.message))


def send_to_lead(command: SendLeadSms, context: Context) -> Accepted:
    """Accept a text to a lead; the worker sends it.

    Raises:
        NotFoundError: no such lead, appointment or template.
        ValidationFailedError: a variable is missing, has no gap, or makes the text too long, or the
            appointment is another person's.
        RecipientOptedOutError, RecipientHasNoPhoneError, RateLimitedError
    """
    text = _filled(command, context) if command.message is None else model.Text(command.message)
    return _send(context, "leads", command.leadId, text)


def retry(command: RetrySms, context: Context) -> Decision[SmsRetried]:
    """Hand a text that failed to the worker once more, as its next attempt.

    One whose fate is unknown is not sent again before Twilio has said what became of it.

    Raises:
        NotFoundError: there is no such text in the org.
        SmsNotFailedError: it is on its way, arrived or came in; carries the current row.
    """
    row = context.row(model.TABLE, command.id)
    if row and (row["status"] not in _FAILED or row["direction"] != "out"):
        raise SmsNotFailedError("Only a text that failed can be sent again.", sms=public(row))
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
    sms: RetriedSms = {
        "id": command.id,
        "status": "pending",
        "attempt": attempt + 1,
        "version": context.version,
    }
    return Decision((change,), Reply(SmsRetried(sms=sms)))


_OF_AN_ATTEMPT = (
    "attention", "claimed_at", "delivered_at", "error", "from", "lookups", "sent_at", "spent_on",
    "to", "tries", "vendor_id", "vendor_status",
)  # fmt: skip
"""What one attempt left on the row and the next one starts without."""


def _send(context: Context, table: str, person_id: str, text: model.Text) -> Accepted:
    made = model.outgoing(context, table, person_id, text)
    if before := context.seen.get((model.TABLE, made.id)):
        # This very press, after its key had expired: its row is there, and is the answer.
        return Decision((Check(model.TABLE, made.id),), Reply(SmsAccepted(sms=_shown(before))))
    _refuse_unless_reachable(context.row(table, person_id))
    counted = tally(_settings(context), context, table, person_id)
    reachable = {"deleted_at": ABSENT, "opted_out_at": ABSENT, "phone": PRESENT}
    row = {
        **made.set, "id": made.id, "created_at": context.timestamp, "version": context.version,
    }  # fmt: skip
    return Decision(
        writes=(made, Check(table, person_id, reachable), counted),
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


def tally(settings: Row, context: Context, table: str, person_id: str) -> Tally:
    """One more text to this person, within what the org allows.

    Raises:
        RateLimitedError: says when the oldest of them is no longer counted.
    """
    limits = settings.get("limits") or {}
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
    about = given.pop(questions.VARIABLE, None) if chosen.asks else None
    asked = None if about is None else questions.question(str(chosen.asks), about, lead, context)
    message = chosen.fill(known_of(lead, settings), given)
    return model.Text(message, chosen.category, chosen.id, asked)


def _reply(context: Context, sms: AcceptedSms) -> Reply[SmsAccepted | SmsKept]:
    breaker = _known(context, BREAKER) or {}
    wait = int(breaker.get("retry_at", 0) - context.now.timestamp())
    if breaker.get("state") != "OPEN" or wait <= 0:
        return Reply(SmsAccepted(sms=sms))
    body: SmsKept = {
        "error": "Texts cannot be sent just now. This one is kept and goes out by itself.",
        "code": "CIRCUIT_BREAKER_OPEN",
        "request_id": context.request_id,
        "retrying": True,
        "sms": sms,
    }
    return Reply(body, status=503, success=False, retry_after=wait)


def _shown(row: Row) -> AcceptedSms:
    shown: AcceptedSms = {
        "id": row["id"],
        "message": row["message"],
        "status": row["status"],
        "segments": row["segments"],
        "sentAt": row["created_at"],
        "version": row["version"],
    }
    if row["person_table"] == "leads":
        shown["leadId"] = row["person_id"]
    else:
        shown["contactId"] = row["person_id"]
    return shown


def _settings(context: Context) -> Row:
    return _known(context, SETTINGS) or {}


def _known(context: Context, key: tuple[str, str]) -> Row | None:
    context.know(SETTINGS, BREAKER)  # both are cached: no request, and one round
    row: Row | None = context.seen[key]
    return row

"""Texts that the staff send: to a contact, to a lead, and once more after a failure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from typing_extensions import TypedDict

from closedloop.core.command import Command, RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.replies import Answered
from closedloop.core.rows import public
from closedloop.core.words import not_blank
from closedloop.core.writes import Change, Check, OneOf
from closedloop.texts import accept, model, questions
from closedloop.texts.accept import AcceptedSms, SmsAccepted, SmsKept
from closedloop.texts.errors import SmsNotFailedError
from closedloop.texts.templates import LONGEST, known_of, template

if TYPE_CHECKING:
    from typing import Self

    from closedloop.core.values import Version
    from closedloop.texts.rows import Attempt

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
    sms_id = context.new_id("sms")
    if before := context.seen.get((model.TABLE, sms_id)):
        # This very press, after its key had expired: its row is there, and is the answer.
        sms = accept.shown(before)
        return Decision((Check(model.TABLE, sms_id),), Reply(SmsAccepted(sms=sms)))
    writes = accept.made(context, (table, person_id), text, sms_id)
    return Decision(writes, _reply(context, accept.shown_new(context, writes[0])))


def _reply(context: Context, sms: AcceptedSms) -> Reply[SmsAccepted | SmsKept]:
    if wait := accept.waits(context):
        body = accept.kept(context, sms)
        return Reply(body, status=503, success=False, retry_after=wait)
    return Reply(SmsAccepted(sms=sms))


def _filled(command: SendLeadSms, context: Context) -> model.Text:
    lead = context.need("leads", command.leadId)
    settings = accept.settings(context)
    chosen = template(settings, command.templateId or "")
    given = dict(command.variables or {})
    about = given.pop(questions.VARIABLE, None) if chosen.asks else None
    asked = None if about is None else questions.question(str(chosen.asks), about, lead, context)
    message = chosen.fill(known_of(lead, settings), given)
    return model.Text(message, chosen.category, chosen.id, asked)

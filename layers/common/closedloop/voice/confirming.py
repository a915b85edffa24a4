"""send-confirmation: the text with day, time and address, once for each agreed time."""

from __future__ import annotations

from typing import Annotated, Any

from closedloop.core.command import RowId  # noqa: TC001 - pydantic reads it
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.replies import Answered
from closedloop.texts import confirmation
from closedloop.texts.confirmation import ConfirmationKept, ConfirmationSent
from closedloop.voice.toolset import ToolCommand


class SendConfirmation(ToolCommand):
    """Text the confirmation of one appointment."""

    appointmentId: RowId  # noqa: N815 - the wire's own spelling


class ConfirmationSaid(ConfirmationSent):
    """The text is kept and goes out by itself, or was sent before."""

    spoken: str
    """What an agent says."""


class ConfirmationSaidLate(ConfirmationKept):
    """Texts cannot be sent just now; this one is kept and goes out by itself: send no other."""

    spoken: str
    """What an agent says."""


def send_confirmation(
    command: SendConfirmation, context: Context
) -> Decision[ConfirmationSaid | Annotated[ConfirmationSaidLate, Answered(503, success=False)]]:
    """Text a visit's day, time and address to its contact; a second call sends nothing, says so.

    Raises:
        AppointmentCancelledError: it is cancelled; carries the current row.
        AppointmentOverError: it is over; carries the current row.
        RecipientHasNoPhoneError: nobody is known who could be sent a text.
        RecipientOptedOutError: the number has sent STOP.
        RateLimitedError: this person got enough texts just now.
        NotFoundError: there is no such appointment in the org.
    """
    decided = confirmation.send(command.appointmentId, context)
    reply = decided.reply
    body: Any = {**reply.body, "spoken": _words(reply.body)}
    return Decision(decided.writes, Reply(body, reply.status, reply.success, reply.retry_after))


def _words(body: Any) -> str:
    if body.get("retrying"):
        return (
            "Texts are slow just now. The confirmation is kept and goes out by itself, so there is "
            "nothing more to do. You're booked all the same."
        )
    if not body["alreadySent"]:
        return "The confirmation is on its way by text. You're booked; nothing more is to be done."
    if body["sms"]["status"] in {"failed", "undelivered"}:
        return "The confirmation was sent before and did not arrive. You're booked all the same."
    return "The confirmation was sent already, so I sent nothing new. You're booked."

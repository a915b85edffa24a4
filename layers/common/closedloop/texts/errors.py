"""Refusals of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop.core.errors import ClosedLoopError, InvalidTransitionError

if TYPE_CHECKING:
    from closedloop.texts.rows import SmsLog


class RecipientOptedOutError(ClosedLoopError):
    """The number sent STOP; nothing is sent to it until it sends START."""

    code = "RECIPIENT_OPTED_OUT"
    status = 409
    sentence = "This person has opted out of text messages."


class RecipientHasNoPhoneError(ClosedLoopError):
    """There is no number to send to."""

    code = "RECIPIENT_HAS_NO_PHONE"
    status = 409
    sentence = "This person has no phone number."


class SmsNotFailedError(InvalidTransitionError):
    """A text that is on its way, arrived or came in is not sent again; carries its row."""

    def __init__(self, sentence: str | None = None, *, sms: SmsLog) -> None:
        super().__init__(sentence, sms=sms)

"""Refusals of texts."""

from __future__ import annotations

from closedloop.core.errors import ClosedLoopError


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

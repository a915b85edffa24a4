"""Refusals of the voice agent's tools."""

from __future__ import annotations

from closedloop.core.errors import ClosedLoopError, ValidationFailedError


def ask_back(path: str, question: str) -> ValidationFailedError:
    """The refusal of what was said in a way that can be understood twice, or not at all.

    The question is for the caller; `path` is the argument that it is about.
    """
    asked = ValidationFailedError.at(path, question)
    asked.spoken = question
    return asked


class NumberNotAllowedError(ClosedLoopError):
    """The business texts no codes to this number: another country's, or one that costs or is free.

    `text_countries` of the settings says which countries it texts.
    """

    code = "NUMBER_NOT_ALLOWED"
    status = 409
    sentence = "No code can be sent to this number."


class OtpExpiredError(ClosedLoopError):
    """No code of this hold is valid any more, or none was sent."""

    code = "OTP_EXPIRED"
    status = 410
    sentence = "This code is over. Send a new one."


class OtpLockedError(ClosedLoopError):
    """Three wrong codes were given; only a new code can be right."""

    code = "OTP_LOCKED"
    status = 429
    sentence = "Three wrong codes were given. Send a new one."

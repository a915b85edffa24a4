"""Refusals of the voice agent's tools."""

from __future__ import annotations

from closedloop.core.errors import ClosedLoopError, ValidationFailedError


class AskBackError(ValidationFailedError):
    """What was said can be understood in two ways, or not at all: the caller is asked again."""

    @classmethod
    def about(cls, path: str, question: str) -> AskBackError:
        """The question, and the argument that it is about."""
        asked = cls(fields=[{"path": path, "message": question}])
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

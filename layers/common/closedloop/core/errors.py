"""Every refusal that a caller can meet: its code, its HTTP status and its sentence.

One tree, so that an edge maps a refusal without knowing the rule it came from. The codes and
statuses are the API's contract (docs/api/openapi.json lists them).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from closedloop.core.values import FieldError


class ClosedLoopError(Exception):
    """Says no to a caller: `code` for programs, `sentence` for people, `status` for HTTP.

    `body` is added to the answer (the current row, the fields that do not fit). A class that
    carries something names it in its constructor: mypy checks who raises it, and the API's
    description reads it.
    `retry_after` is in seconds and set where the same request may succeed later.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    sentence: ClassVar[str]
    retry_after: int | None = None
    spoken: str | None = None
    """How a voice agent says it, where the sentence itself is for readers."""
    audited: ClassVar[bool] = True
    """Whether it is a no to the action, which the audit log keeps, or only a "not now"."""

    def __init__(self, sentence: str | None = None, **body: Any) -> None:
        super().__init__(sentence or self.sentence)
        self.body = body


class ValidationFailedError(ClosedLoopError):
    """The body or a parameter is invalid; `fields` says where."""

    code = "VALIDATION_FAILED"
    status = 400
    sentence = "The request is invalid."

    def __init__(self, sentence: str | None = None, *, fields: list[FieldError]) -> None:
        super().__init__(sentence, fields=fields)

    @classmethod
    def at(cls, path: str, message: str) -> ValidationFailedError:
        """The refusal that names one field."""
        return cls(fields=[{"path": path, "message": message}])


class IdempotencyKeyRequiredError(ClosedLoopError):
    """A state-changing request came without a key."""

    code = "IDEMPOTENCY_KEY_REQUIRED"
    status = 400
    sentence = "Send an X-Idempotency-Key header, one new value for each press of the button."


class IdempotencyKeyInvalidError(ClosedLoopError):
    """The key is not 8 to 128 visible ASCII characters, or two headers disagree."""

    code = "IDEMPOTENCY_KEY_INVALID"
    status = 400
    sentence = "The idempotency key must be 8 to 128 visible ASCII characters."


class UnauthorizedError(ClosedLoopError):
    """No identity came with the request."""

    code = "UNAUTHORIZED"
    status = 401
    sentence = "Sign in first."


class ForbiddenError(ClosedLoopError):
    """The identity is known and may not do this."""

    code = "FORBIDDEN"
    status = 403
    sentence = "Your role does not allow this."


class NotFoundError(ClosedLoopError):
    """The row does not exist in the caller's org; another org's row is the same."""

    code = "NOT_FOUND"
    status = 404
    sentence = "There is no such record."


class VersionConflictError(ClosedLoopError):
    """The caller's `expectedVersion` is no longer true; a feature's own carries its row."""

    code = "VERSION_CONFLICT"
    status = 409
    sentence = "Somebody else changed this in the meantime."


class InvalidTransitionError(ClosedLoopError):
    """The row's current state does not allow this move; a feature's own carries its row."""

    code = "INVALID_TRANSITION"
    status = 409
    sentence = "This is not possible in the current state."


class RequestInProgressError(ClosedLoopError):
    """The first request with this key has not ended yet."""

    code = "REQUEST_IN_PROGRESS"
    status = 409
    sentence = "The first request with this key is still running. Ask again."
    audited = False
    retry_after = 1


class PayloadTooLargeError(ClosedLoopError):
    """The body is larger than the API takes."""

    code = "PAYLOAD_TOO_LARGE"
    status = 413
    sentence = "The body is larger than 64 KB."


class UnsupportedMediaTypeError(ClosedLoopError):
    """The body is not JSON by its own word."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    status = 415
    sentence = "Send the body as application/json."


class IdempotencyKeyReusedError(ClosedLoopError):
    """The key came before with another body."""

    code = "IDEMPOTENCY_KEY_REUSED"
    status = 422
    sentence = "This idempotency key was used with another request. Use a new key."


class RateLimitedError(ClosedLoopError):
    """Too much at once; nothing was done."""

    code = "RATE_LIMITED"
    status = 429
    sentence = "Too many requests at once. Nothing was done; ask again with the same key."
    audited = False
    retry_after = 1

    @classmethod
    def until(cls, seconds: int, sentence: str) -> RateLimitedError:
        """The refusal that says when there is room again."""
        refusal = cls(sentence)
        refusal.retry_after = max(1, seconds)
        return refusal


class InternalError(ClosedLoopError):
    """A fault of ours, not of the caller."""

    code = "INTERNAL"
    status = 500
    sentence = "Something went wrong on our side. Retry with the same key."
    audited = False


class ServiceUnavailableError(ClosedLoopError):
    """The database did not answer; whether the work was done is settled by asking again."""

    code = "SERVICE_UNAVAILABLE"
    status = 503
    sentence = "The service is temporarily unavailable. Retry with the same key."
    audited = False
    retry_after = 1

"""What Square answers instead of what was asked for. None of these reaches a caller by itself."""

from __future__ import annotations


class SquareError(Exception):
    """A call of Square's API that has brought nothing; `code` is Square's own, if it gave one."""

    def __init__(self, code: str = "", status: int = 0) -> None:
        super().__init__(f"{code or 'no code'} ({status or 'no answer'})")
        self.code = code
        self.status = status


class SquareRateLimitedError(SquareError):
    """Too many calls, for the seller or for our application.

    `retry_after` is how many seconds Square asked for, 0 where it did not say.
    """

    retry_after: float = 0.0


class SquareUnavailableError(SquareError):
    """Square did not answer, or with a fault of its own. The same call may succeed later."""


class SquareUnauthorizedError(SquareError):
    """The token is not accepted, also after it was read anew."""


class SquareTokenExpiredError(SquareUnauthorizedError):
    """The token's 30 days are over; a refresh may still bring a new one."""


class SquareRevokedError(SquareUnauthorizedError):
    """The seller, or an admin of the seller's, has taken the permission back."""


class SquareForbiddenError(SquareError):
    """The token lacks a permission, or the seller's plan does not have the API."""


class SquareNotFoundError(SquareError):
    """There is no such record at Square, or none that this token may see."""


class SquareBadCursorError(SquareError):
    """The page's cursor is dead, or belongs to other parameters: the window starts anew."""


class SquareUnexpectedError(SquareError):
    """Square answered what its documents do not say, or refused what we asked for."""


BY_CODE: dict[str, type[SquareError]] = {
    "RATE_LIMITED": SquareRateLimitedError,
    "ACCESS_TOKEN_EXPIRED": SquareTokenExpiredError,
    "ACCESS_TOKEN_REVOKED": SquareRevokedError,
    "NOT_FOUND": SquareNotFoundError,
}
"""Square's codes that mean the same in whatever answer they come."""

BY_STATUS: dict[int, type[SquareError]] = {
    401: SquareUnauthorizedError,
    403: SquareForbiddenError,
    404: SquareNotFoundError,
    408: SquareUnavailableError,
    429: SquareRateLimitedError,
}
"""Any other status from 500 on is SquareUnavailableError, and the rest is unexpected."""

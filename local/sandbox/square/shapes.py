"""What Square answers when it says no, and the times that it reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

_CATEGORIES = {
    401: "AUTHENTICATION_ERROR",
    403: "AUTHENTICATION_ERROR",
    429: "RATE_LIMIT_ERROR",
    500: "API_ERROR",
    503: "API_ERROR",
}


class RefusedError(Exception):
    """Square refuses a call, with its status, its code and, where it is one field's, that field."""

    def __init__(self, status: int, code: str, detail: str, field: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.headers: dict[str, str] = {}
        self._error = {
            "category": _CATEGORIES.get(status, "INVALID_REQUEST_ERROR"),
            "code": code,
            "detail": detail,
        } | ({"field": field} if field else {})

    @property
    def body(self) -> dict[str, Any]:
        """As Square answers it."""
        return {"errors": [self._error]}


def not_found(kind: str, record_id: str) -> RefusedError:
    """There is no such record."""
    return RefusedError(404, "NOT_FOUND", f"{kind} with id {record_id} was not found.")


def moment(text: Any, field: str) -> datetime:
    """An RFC 3339 time with its zone, as UTC.

    Raises:
        RefusedError: it is none.
    """
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise RefusedError(400, "INVALID_TIME", f"{field} is no RFC 3339 time.", field)
    return read.astimezone(UTC)

"""Between the handler and the database: counts requests and breaks them on purpose."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from closedloop import wiring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Trouble = "Callable[[str], Any]"


class Killed(BaseException):
    """The sandbox died here. Not an Exception: nothing in the code may catch it."""


@dataclass
class Wire:
    """The requests that left the handler, by operation, and what is to go wrong with them."""

    requests: list[str] = field(default_factory=list)
    before: dict[int, Callable[[Any], Any]] = field(default_factory=dict)
    after: dict[int, Callable[[], None]] = field(default_factory=dict)
    always: Callable[[Any], Any] | None = None

    def break_at(self, position: int, name: str) -> None:
        """Trouble of this name (TROUBLES) at this request."""
        if name in BEFORE:
            self.before[position] = BEFORE[name]
        else:
            self.after[position] = AFTER[name]

    def on_send(self, request: Any, event_name: str, **_: Any) -> Any:
        """Botocore's `before-send`: an answer given here is never asked of the database."""
        position = len(self.requests)
        self.requests.append(event_name.rpartition(".")[2])
        trouble = self.before.get(position, self.always)
        return trouble(request) if trouble else None

    def on_answer(self, **_: Any) -> None:
        """Botocore's `after-call`: the database has done it, the handler does not know yet."""
        trouble = self.after.get(len(self.requests) - 1)
        if trouble:
            trouble()


@contextmanager
def wire() -> Iterator[Wire]:
    """Watch the handler's database client."""
    watched = Wire()
    events = wiring.dynamodb().meta.events
    events.register_first("before-send.dynamodb", watched.on_send)
    events.register_first("after-call.dynamodb", watched.on_answer)
    try:
        yield watched
    finally:
        events.unregister("before-send.dynamodb", watched.on_send)
        events.unregister("after-call.dynamodb", watched.on_answer)


def kill(*_: object) -> None:
    """The sandbox dies."""
    raise Killed


def lose_answer(*_: object) -> None:
    """The database did it; its answer never arrives."""
    raise ReadTimeoutError(endpoint_url="http://database")


def refuse_connection(_: object) -> None:
    """The database cannot be reached; nothing was done."""
    raise EndpointConnectionError(endpoint_url="http://database")


def throttle(request: Any) -> AWSResponse:
    """The database is throttled; nothing was done."""
    return _error(request, 400, "ThrottlingException")


def fail(request: Any) -> AWSResponse:
    """The database has a fault of its own; nothing was done."""
    return _error(request, 500, "InternalServerError")


def conflict(request: Any) -> AWSResponse:
    """Another transaction holds one of the items; nothing was done."""
    body = json.loads(request.body)
    if "TransactItems" not in body:
        return _error(request, 400, "TransactionConflictException")
    reasons = [{"Code": "None"} for _ in body["TransactItems"]]
    reasons[-1] = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
    return _error(request, 400, "TransactionCanceledException", CancellationReasons=reasons)


def _error(request: Any, status: int, code: str, **extra: Any) -> AWSResponse:
    content = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": code, **extra}
    return AWSResponse(request.url, status, {}, _Raw(json.dumps(content).encode()))


class _Raw:
    """The body of an answer that was made here."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: Any) -> Iterator[bytes]:
        """The body in one piece."""
        yield self._content


BEFORE: dict[str, Callable[[Any], Any]] = {
    "killed before": kill,
    "throttled": throttle,
    "conflict": conflict,
    "fault of the database": fail,
    "connection refused": refuse_connection,
}
"""Trouble instead of a request: nothing was done."""

AFTER: dict[str, Callable[[], None]] = {
    "killed after": kill,
    "answer lost": lose_answer,
}
"""Trouble after a request: it was done."""

TROUBLES = (*BEFORE, *AFTER)
"""Every way in which a request can be broken."""

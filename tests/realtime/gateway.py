"""The gateway's side of sockets, made up: botocore asks it instead of AWS."""

from __future__ import annotations

import json
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from closedloop.realtime.packing import unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = dict[str, Any]


@dataclass
class Gateway:
    """Who was told what, event by event as it arrived, and which connections are in trouble.

    `posting` and `ending` hold, by connection, what goes wrong with each try; the last one stays.
    `None` in their place is for every connection.
    """

    told: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    frames: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    ended: list[str] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    posting: dict[str | None, list[Callable[[str], AWSResponse | None]]] = field(
        default_factory=dict
    )
    ending: dict[str | None, list[Callable[[str], AWSResponse | None]]] = field(
        default_factory=dict
    )
    lock: threading.Lock = field(default_factory=threading.Lock)

    def on_send(self, request: Any, **_: Any) -> AWSResponse:
        """Botocore's `before-send`: what is answered here is asked of nobody else."""
        connection = unquote(request.url.rpartition("/")[2])
        with self.lock:
            self.requests[f"{request.method} {connection}"] += 1
            troubles = self.posting if request.method == "POST" else self.ending
            waiting = troubles.get(connection, troubles.get(None, []))
            trouble = waiting.pop(0) if len(waiting) > 1 else next(iter(waiting), None)
        if trouble and (answer := trouble(request.url)):
            return answer
        with self.lock:
            if request.method == "POST":
                self.frames[connection].append(json.loads(request.body))
                self.told[connection] += unpacked(self.frames[connection][-1])
            else:
                self.ended.append(connection)
        return _answer(request.url, 200)

    @property
    def posts(self) -> int:
        """How many posts were tried."""
        return sum(n for what, n in self.requests.items() if what.startswith("POST"))


def gone(url: str) -> AWSResponse:
    """The connection has ended."""
    return _answer(url, 410, "GoneException")


def busy(url: str) -> AWSResponse:
    """Too many posts, or the client takes nothing."""
    return _answer(url, 429, "LimitExceededException")


def forbidden(url: str) -> AWSResponse:
    """The function may not do this."""
    return _answer(url, 403, "ForbiddenException")


def fault(url: str) -> AWSResponse:
    """The gateway has a fault of its own."""
    return _answer(url, 500, "InternalServerError")


def fine(_: str) -> None:
    """No trouble this time."""


def silent(url: str) -> AWSResponse:
    """No answer in time."""
    raise ReadTimeoutError(endpoint_url=url)


def unreachable(url: str) -> AWSResponse:
    """No connection in time."""
    raise ConnectTimeoutError(endpoint_url=url)


def refused(url: str) -> AWSResponse:
    """Nobody listens."""
    raise EndpointConnectionError(endpoint_url=url)


def _answer(url: str, status: int, code: str = "") -> AWSResponse:
    headers = {"x-amzn-errortype": code} if code else {}
    return AWSResponse(url, status, headers, _Raw(json.dumps({"message": code}).encode()))


class _Raw:
    """The body of an answer that was made here."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: Any) -> Iterator[bytes]:
        """The body in one piece."""
        yield self._content

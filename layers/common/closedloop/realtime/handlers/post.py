"""Tells connections what they are to be told: each in order, many at once."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from closedloop.core.errors import ClosedLoopError, ServiceUnavailableError
from closedloop.realtime import wiring as realtime

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LAST_SECONDS = 15
"""What is left of the function's time when no new post begins: one round of tries fits in it."""

_WITHOUT_CONTEXT_SECONDS = 45


@dataclass(frozen=True, slots=True)
class Delivered:
    """How a delivery ended: counts for the log, and what could not be told.

    `missing` says for a connection from which position of its texts on nothing was told.
    """

    counts: Counter[str]
    missing: dict[str, int]


def deliver(mail: Mapping[str, Sequence[str]], deadline: float) -> Delivered:
    """Post to each connection its texts, in order; no new post after `deadline` (monotonic).

    A connection that is gone is forgotten. One that takes nothing, though asked again and again,
    is ended: its client comes back with its cursor and catches up, and keeps nobody waiting. Only
    when not even that can be done is the gateway itself in trouble, and the rest is `missing`.
    """
    counts: Counter[str] = Counter()
    missing: dict[str, int] = {}
    for connection_id, told in _served(mail, deadline).items():
        counts["Posts"] += told.posts
        counts[told.ending] += 1
        if told.ending == _MISSED:
            missing[connection_id] = told.posts
    del counts[_SERVED]
    return Delivered(counts, missing)


def deadline(context: Any) -> float:
    """When a function must stop beginning new posts, on the monotonic clock."""
    if context is None:
        return time.monotonic() + _WITHOUT_CONTEXT_SECONDS
    left = context.get_remaining_time_in_millis() / 1000
    return float(time.monotonic() + left - _LAST_SECONDS)


_SERVED, _GONE, _ENDED, _MISSED = "Served", "Gone", "Ended", "Missed"


@dataclass(frozen=True, slots=True)
class _Told:
    posts: int
    ending: str


def _served(mail: Mapping[str, Sequence[str]], deadline: float) -> dict[str, _Told]:
    def serve(connection_id: str) -> _Told:
        return _serve(connection_id, mail[connection_id], deadline)

    if len(mail) <= 1:
        return {each: serve(each) for each in mail}
    with ThreadPoolExecutor(min(realtime.SOCKET_THREADS, len(mail))) as pool:
        return dict(zip(mail, pool.map(serve, mail), strict=True))


def _serve(connection_id: str, texts: Sequence[str], deadline: float) -> _Told:
    sockets = realtime.sockets()
    for position, text in enumerate(texts):
        if time.monotonic() > deadline:
            return _Told(position, _MISSED)
        try:
            if not sockets.post(connection_id, text):
                _forget(connection_id)
                return _Told(position, _GONE)
        except ServiceUnavailableError:
            return _Told(position, _end(connection_id))
    return _Told(len(texts), _SERVED)


def _end(connection_id: str) -> str:
    try:
        realtime.sockets().end(connection_id)
    except ServiceUnavailableError:
        return _MISSED
    _forget(connection_id)
    return _ENDED


def _forget(connection_id: str) -> None:
    # A row that stays is met again, found gone again, and expires in the end.
    with suppress(ClosedLoopError):
        realtime.connections().close(connection_id)

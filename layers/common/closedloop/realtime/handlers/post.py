"""Posts messages to connections: in order per connection, many connections in parallel."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from closedloop.core.errors import ClosedLoopError, ServiceUnavailableError
from closedloop.realtime import wiring as realtime
from closedloop.realtime.packing import unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from closedloop.realtime.mail import Mail, Reader

_LAST_SECONDS = 15
"""What is left of the function's time when no new post begins: one round of tries fits in it."""

_WITHOUT_CONTEXT_SECONDS = 45


@dataclass(frozen=True, slots=True)
class Delivered:
    """How a delivery ended: counts for the log, and what could not be told.

    `missing` holds for a reader the positions of the events that were not told.
    """

    counts: Counter[str]
    missing: Mapping[Reader, tuple[int, ...]]


@dataclass
class Pace:
    """Lets so many posts a second pass, evenly, for all threads together."""

    a_second: float
    _next: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self) -> None:
        """Come back when it is this one's turn."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + 1 / self.a_second
        time.sleep(turn - now)


def deliver(
    mail: Mail,
    deadline: float,
    pace: Pace | None = None,
    threads: int = realtime.SOCKET_THREADS,
) -> Delivered:
    """Post to each reader its events in frames, in order; no post after `deadline` (monotonic).

    A connection that is gone is forgotten. One that takes nothing, though asked again and again,
    is ended: its client comes back with its cursor and catches up, and keeps nobody waiting. Only
    when not even that can be done is the gateway itself in trouble, and the rest is `missing`.
    """
    letters = dict(mail.letters())
    counts: Counter[str] = Counter()
    missing: dict[Reader, tuple[int, ...]] = {}
    for reader, told in _served(letters, deadline, pace, threads).items():
        counts["Posts"] += told.posts
        counts[told.ending] += 1
        if told.ending == _MISSED:
            missing[reader] = mail.to[reader][_events(letters[reader][: told.posts]) :]
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


def _served(
    letters: Mapping[Reader, Sequence[str]], deadline: float, pace: Pace | None, threads: int
) -> dict[Reader, _Told]:
    def serve(reader: Reader) -> _Told:
        return _serve(reader.id, letters[reader], deadline, pace)

    if len(letters) <= 1:
        return {each: serve(each) for each in letters}
    with ThreadPoolExecutor(min(threads, len(letters))) as pool:
        return dict(zip(letters, pool.map(serve, letters), strict=True))


def _serve(connection_id: str, frames: Sequence[str], deadline: float, pace: Pace | None) -> _Told:
    sockets = realtime.sockets()
    for position, frame in enumerate(frames):
        if pace:
            pace.wait()
        if time.monotonic() > deadline:
            return _Told(position, _MISSED)
        try:
            if not sockets.post(connection_id, frame):
                _forget(connection_id)
                return _Told(position, _GONE)
        except ServiceUnavailableError:
            return _Told(position, _end(connection_id))
    return _Told(len(frames), _SERVED)


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


def _events(frames: Sequence[str]) -> int:
    """How many events these frames told."""
    return sum(len(unpacked(json.loads(each))) for each in frames)

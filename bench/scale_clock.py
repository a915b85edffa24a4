"""A virtual clock: what is to happen, in the order of its time."""

from __future__ import annotations

import heapq
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """Seconds that pass when everything before them has happened."""

    def __init__(self) -> None:
        self.now = 0.0
        self._next: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()

    def after(self, seconds: float, happens: Callable[[], None]) -> None:
        """Let this happen in so many seconds."""
        heapq.heappush(self._next, (self.now + seconds, next(self._order), happens))

    def run(self) -> None:
        """Until nothing is left to happen."""
        while self._next:
            self.now, _, happens = heapq.heappop(self._next)
            happens()


class Bucket:
    """A token bucket: so many a second, so many at once."""

    def __init__(self, clock: Clock, rate: float, burst: float) -> None:
        self._clock, self._rate, self._burst = clock, rate, burst
        self._left, self._at = float(burst), 0.0

    def takes(self) -> bool:
        """Whether there is room for one more now."""
        now = self._clock.now
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

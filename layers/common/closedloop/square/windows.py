"""Spans of time: how one is cut into windows that Square lists, and what is read by default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from closedloop.core.times import parse, to_second

if TYPE_CHECKING:
    from collections.abc import Iterator

    from closedloop.core.rows import Row

LONGEST = timedelta(days=31)
"""Square lists no longer one."""

BACK, AHEAD = timedelta(days=7), timedelta(days=86)
"""What the schedule reads around now: three windows. What is further off is read when it comes
nearer, and by webhook at once."""

MOST = timedelta(days=366 * 20)
"""The longest span that anybody may ask for."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` (included) to `end` (not included), whole seconds, UTC."""

    start: datetime
    end: datetime

    @classmethod
    def around(cls, now: datetime) -> Span:
        """What the schedule reads: the same for a whole day, so that runs can be compared."""
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return cls(today - BACK, today + AHEAD)

    @classmethod
    def asked(cls, start: datetime | None, end: datetime | None, now: datetime) -> Span:
        """What a caller asks for; an end that is left out is the schedule's.

        Raises:
            ValueError: the end is not after the start, or too far from it.
        """
        usual = cls.around(now)
        first = start or min(usual.start, end - LONGEST if end else usual.start)
        span = cls(
            first.replace(microsecond=0),
            (end or max(usual.end, first + LONGEST)).replace(microsecond=0),
        )
        if not timedelta() < span.end - span.start <= MOST:
            raise ValueError("the end must be after the start, and within twenty years of it")
        return span

    @classmethod
    def stored(cls, fields: Row) -> Span:
        """As a run keeps it."""
        return cls(parse(fields["start"]), parse(fields["end"]))

    @property
    def fields(self) -> dict[str, str]:
        """As answers show it."""
        return {"from": to_second(self.start), "to": to_second(self.end)}

    def windows(self, since: datetime | None = None) -> Iterator[Span]:
        """The windows in order, all of them or those from `since` on. The same cuts every time."""
        start = self.start
        while start < self.end:
            end = min(start + LONGEST, self.end)
            if since is None or end > since:
                yield Span(start, end)
            start = end

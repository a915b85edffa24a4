"""What a window holds: all pages of Square's list, and what the index has of its jobs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from closedloop import wiring
from closedloop.core.times import to_second
from closedloop.edge import log
from closedloop.jobs.model import TABLE
from closedloop.square.errors import SquareBadCursorError
from closedloop.square.reconcile import ACTION

if TYPE_CHECKING:
    from collections import Counter

    from closedloop.core.rows import Row
    from closedloop.square.clients.square import Square
    from closedloop.square.model import Booking, Unreadable
    from closedloop.square.windows import Span

CURSORS = 5
"""How often a window is begun anew because a cursor of it has died."""

_INDEX_PAGE = 10_000


class OutOfTimeError(Exception):
    """The function's time is nearly over: what is left is another part's."""


@dataclass(frozen=True, slots=True)
class Notes:
    """What the line of the invocation is to say."""

    counts: Counter[str]
    request_id: str = ""

    def fault(self, error: Exception) -> None:
        """Keep what a developer needs of an unexpected error."""
        self.counts["Faults"] += 1
        log.fault(ACTION, error, request_id=self.request_id)


def in_time(until: float) -> None:
    """Whether something may still be begun (monotonic).

    Raises:
        OutOfTimeError: not any more.
    """
    if time.monotonic() > until:
        raise OutOfTimeError


def listed(
    square: Square, span: Span, notes: Notes, until: float
) -> tuple[list[Booking], list[Unreadable]]:
    """All bookings that start in the window, and those that cannot be read.

    A cursor lives for minutes and is kept nowhere: one that has died begins the window anew.

    Raises:
        SquareError: Square did not answer, or its cursors kept dying.
        OutOfTimeError: the time was over before the last page.
    """
    for left in reversed(range(CURSORS + 1)):
        try:
            return _pages(square, span, notes, until)
        except SquareBadCursorError:
            if not left:
                raise
    raise AssertionError  # the last one returns or raises


def entries(org_id: str, span: Span) -> list[Row]:
    """What the index has of the window's jobs: enough to tell which have changed."""
    first, last = to_second(span.start), to_second(span.end)
    found: list[Row] = []
    after: Row | None = None
    while True:
        page = wiring.reads().page(
            TABLE, "by_start", org_id, ("start", first, last), limit=_INDEX_PAGE, after=after
        )
        found += (each for each in page.keys if each["start"] < last)
        after = page.last
        if after is None:
            return found


def _pages(
    square: Square, span: Span, notes: Notes, until: float
) -> tuple[list[Booking], list[Unreadable]]:
    found: list[Booking] = []
    unreadable: list[Unreadable] = []
    for page in square.bookings(span.start, span.end):
        found += page.bookings
        unreadable += page.unreadable
        notes.counts["Strays"] += len(page.strays)
        in_time(until)
    return found, unreadable

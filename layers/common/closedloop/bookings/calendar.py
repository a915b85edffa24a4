"""The calendar of a stretch of time: appointments, jobs and the holds that are still alive."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, model_validator
from typing_extensions import TypedDict

from closedloop.bookings.cells import TABLE, resource_of
from closedloop.bookings.holds import is_live
from closedloop.bookings.slots import REACH
from closedloop.core.command import Moment
from closedloop.core.cursors import ChangeCursor
from closedloop.core.query import Question
from closedloop.core.rows import gone, public
from closedloop.core.times import to_second

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.bookings.rows import Appointment, HoldRow
    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads
    from closedloop.core.rows import Row
    from closedloop.core.values import SyncCursor
    from closedloop.jobs.rows import CalendarJob

_LONGEST = timedelta(days=45)
_LONGEST_JOB = timedelta(days=3)
"""Square's bookings have parts of up to 25 hours, one after the other."""
_MOST = 1000
"""Rows of one kind; a calendar with more says so and is asked for a shorter time."""


class Calendar(Question):
    """What touches the time from `from` (included) to `to` (not included), at most 45 days."""

    start: Moment = Field(alias="from")
    end: Moment = Field(alias="to")

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if not timedelta() < self.end - self.start <= _LONGEST:
            raise ValueError("the end must be after the start, and within 45 days of it")
        return self


class CalendarPage(TypedDict):
    """What the time holds, each kind earliest first."""

    appointments: list[Appointment]
    jobs: list[CalendarJob]
    holds: list[HoldRow]
    """Those that still keep their slot."""
    truncated: bool
    """There are more than a thousand rows of one kind: ask for a shorter time."""
    as_of: SyncCursor
    """Every change up to here is in the rows."""


def calendar(question: Calendar, actor: Actor, reads: Reads, now: datetime) -> CalendarPage:
    """All that the time holds, earliest first; what began before it and still lasts included.

    `truncated` says that there are more than a thousand rows of one kind.
    """
    found = {
        "appointments": _rows(question, actor, reads, "appointments"),
        "jobs": _rows(question, actor, reads, "jobs", _LONGEST_JOB),
        "holds": [row for row in _rows(question, actor, reads, TABLE) if is_live(row, now)],
    }
    truncated = any(len(rows) >= _MOST for rows in found.values())
    kinds: Any = {
        name: [shown(row) for row in rows if _touches(row, question)]
        for name, rows in found.items()
    }
    whole: Any = {**kinds, "truncated": truncated, "as_of": str(ChangeCursor.at(now))}
    page: CalendarPage = whole
    return page


def shown(row: Row) -> Row:
    """A row, with the bay that it takes: a job keeps its lane alone."""
    lane = row.get("lane")
    return {**public(row), **({"resource": resource_of(lane)} if lane else {})}


def _rows(
    question: Calendar, actor: Actor, reads: Reads, table: str, reach: timedelta = REACH
) -> list[Row]:
    """What begins in the time, or up to `reach` before it."""
    bounds = ("start", to_second(question.start - reach), to_second(question.end))
    keys: list[Row] = []
    after: Row | None = None
    while len(keys) < _MOST:
        page = reads.page(table, "by_start", actor.org_id, bounds, limit=_MOST, after=after)
        # Beside the holds the index has the cells of visits, which are no rows.
        keys += [key for key in page.keys if not key["id"].startswith("cell#")]
        after = page.last
        if after is None:
            break
    rows = reads.rows(table, actor.org_id, [key["id"] for key in keys[:_MOST]])
    return [row for row in rows if not gone(row)]


def _touches(row: Row, question: Calendar) -> bool:
    start, end = str(row["start"]), str(row.get("end") or row["start"])
    after = end > to_second(question.start) or start >= to_second(question.start)
    return start < to_second(question.end) and after

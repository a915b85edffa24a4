"""The time that a booking of Square's takes in the calendar: the same cells as anybody's.

Square has agreed to a booking before we hear of it, so it can be refused no more. Where its cells
are another's, the job is there without cells, and a person is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from closedloop.bookings import cells, reading
from closedloop.bookings.cells import MOST_CELLS, Stretch, quarter
from closedloop.bookings.setup import Setup
from closedloop.core.times import parse
from closedloop.jobs.model import CANCELLED
from closedloop.square.booking import OFF

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from closedloop.core.decision import Context
    from closedloop.core.rows import Row
    from closedloop.core.writes import Write

TOO_LONG = "more than eleven hours"
"""What stands in the way of a visit that takes more cells than one transaction can."""

_SETTINGS = ("orgs", "settings")
_TRIES = 4
"""Of lanes that the index calls free and the database does not: then a person looks."""

_NOWHERE = {"lane": None, "shape": None}


@dataclass(frozen=True, slots=True)
class Place:
    """What a job keeps of its place (`set`), and the cells that it takes and frees."""

    set: Mapping[str, Any] = field(default_factory=dict)
    writes: tuple[Write, ...] = ()
    in_the_way: str | None = None
    """The id of another visit, or TOO_LONG."""


def place(job: Row, before: Row | None, context: Context) -> Place:
    """Where a job is from now on. `before` is its row as it was, None for a new one."""
    old = Stretch.stored(before) if before else None
    wanted = _stretch(job)
    if old and wanted(old.lane) == old and not _off(job):
        return Place()
    if _off(job) or parse(job["end"]) <= context.now:
        return Place(_NOWHERE if old else {}, _left(old, job, context))
    if len(wanted("").uses()) > MOST_CELLS:
        return Place(_NOWHERE if old else {}, _left(old, job, context), TOO_LONG)
    return _taken(job, old, context)


def _taken(job: Row, old: Stretch | None, context: Context) -> Place:
    setup = Setup.of(context.read(_SETTINGS)[0] or {})
    if not setup.lanes:
        return Place()  # a business that keeps no places here
    wanted, owner = _stretch(job), str(job["id"])
    lanes = sorted(setup.lanes, key=lambda lane: old is None or lane != old.lane)
    stretches = [wanted(lane) for lane in lanes]
    free, blocker = _free(stretches, owner, context)
    if free is None:
        return Place(_NOWHERE if old else {}, _left(old, job, context), blocker)
    takes = cells.taken(free, owner, context, old=(old, owner) if old else None)
    return Place(free.fields, tuple(takes))


def _free(
    stretches: Sequence[Stretch], owner: str, context: Context
) -> tuple[Stretch | None, str | None]:
    """The first stretch that is free, as far as its cells were seen and the index knows.

    Where there is none: who has one. The index may lag, so one that it calls taken is tried once
    where nothing was tried yet.
    """
    seen = {each.lane: cells.in_the_way(each, {owner}, context) for each in stretches}
    blockers = [each for each in seen.values() if each]
    left = [each for each in stretches if seen[each.lane] is None]
    if not left or len(blockers) >= _TRIES:
        return None, blockers[0]
    if len(stretches) == 1:
        return left[0], None
    around = reading.taken(context, cells.at(left[0].first), {owner}, ahead=timedelta(days=1))
    free = [each for each in left if around.has_room(each)]
    if free or not blockers:
        return (free or left)[0], None
    return None, blockers[0]


def _stretch(job: Row) -> Callable[[str], Stretch]:
    """From a lane to the cells that the job takes there: whole quarters, its buffer after it."""
    start, end = parse(job["start"]), parse(job["end"])
    first = quarter(start)
    length = max(1, quarter(end - timedelta(microseconds=1)) + 1 - first)
    after = -(-int(job.get("transition_time_minutes") or 0) // 15)

    def of(lane: str) -> Stretch:
        return Stretch(lane, first, length, 0, after)

    return of


def _off(job: Row) -> bool:
    return job["booking_status"] in OFF or job["workStatus"] == CANCELLED


def _left(old: Stretch | None, job: Row, context: Context) -> tuple[Write, ...]:
    if old is None or old.forget_at <= context.now.timestamp():
        return ()  # cells that are a week over may be cleaned away
    return tuple(cells.freed(old, str(job["id"]), context))

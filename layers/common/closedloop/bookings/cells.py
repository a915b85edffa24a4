"""Cells: the quarters of an hour of one lane. A visit takes its own and those of its buffers.

Neighbours may share a buffer: the gap between two visits is at least the longer of the two buffers
that meet there, not their sum. A visit shares its cells with nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from closedloop.bookings.setup import QUARTER
from closedloop.core.times import parse, to_second
from closedloop.core.writes import Free, Take

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from closedloop.bookings.setup import Service
    from closedloop.core.rows import Row
    from closedloop.core.writes import Use, Write

TABLE = "appointment_holds"
MOST_CELLS = 44
"""The most that one visit takes, buffers included: eleven hours. A move frees as many and takes as
many, and a transaction has a hundred items."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORGET_AFTER = timedelta(days=7)


def quarter(moment: datetime) -> int:
    """The number of the quarter in which a moment lies, counted since 1970."""
    return (moment - _EPOCH) // QUARTER


def at(number: int) -> datetime:
    """When a quarter begins."""
    return _EPOCH + number * QUARTER


def cell_id(lane: str, number: int) -> str:
    """The place's id."""
    return f"cell#{lane}#{to_second(at(number))}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one visit takes of a lane: `first` is its first quarter, the rest are counts."""

    lane: str
    first: int
    length: int
    before: int = 0
    after: int = 0

    @classmethod
    def of(cls, lane: str, service: Service, start: datetime) -> Stretch:
        """The cells of a service that begins then, whole ones."""
        return cls(
            lane, quarter(start), _cells(service.length), _cells(service.before),
            _cells(service.after),
        )  # fmt: skip

    @classmethod
    def stored(cls, row: Row) -> Stretch | None:
        """What an appointment or a hold says that it takes; None if it never took a cell."""
        if "lane" not in row:
            return None
        before, length, after = row["shape"]
        return cls(row["lane"], quarter(parse(row["start"])), length, before, after)

    @classmethod
    def listed(cls, entry: Row) -> Stretch:
        """What an entry of the index says."""
        _, lane, start = entry["id"].split("#")
        before, length, after = entry["shape"]
        return cls(lane, quarter(parse(start)), length, before, after)

    @property
    def fields(self) -> Row:
        """As its appointment or hold keeps it."""
        return {"lane": self.lane, "shape": [self.before, self.length, self.after]}

    def uses(self) -> Mapping[str, Use]:
        """Each of its places by id, in order, and what it is for."""
        return dict(self._uses())

    def _uses(self) -> Iterator[tuple[str, Use]]:
        for number in range(self.first - self.before, self.first):
            yield cell_id(self.lane, number), "before"
        for number in range(self.first, self.first + self.length):
            yield cell_id(self.lane, number), "visit"
        end = self.first + self.length
        for number in range(end, end + self.after):
            yield cell_id(self.lane, number), "after"

    @property
    def forget_at(self) -> int:
        """When its cells may be cleaned away (epoch s): a week after it is over."""
        over = at(self.first + self.length + self.after)
        return int((over + _FORGET_AFTER).timestamp())


def taken(
    stretch: Stretch, owner: str, until: int | None, old: Stretch | None = None, *, held: bool
) -> list[Write]:
    """Takes all cells of a stretch, and gives back those of the `old` one that it does not keep.

    With `held` they must be the owner's already, as they are when a hold becomes a booking.
    """
    uses = stretch.uses()
    before = old.uses() if old else {}
    head = cell_id(stretch.lane, stretch.first)
    shape = {"start": to_second(at(stretch.first)), "shape": stretch.fields["shape"]}
    takes: list[Write] = [
        Take(
            id=cell,
            owner=owner,
            forget_at=stretch.forget_at,
            use=use,
            until=until,
            held=held,
            leaves=(before[cell],) if before.get(cell, use) != use else (),
            shape=shape if cell == head else None,
        )
        for cell, use in uses.items()
    ]
    return takes + [Free(cell, owner, (use,)) for cell, use in before.items() if cell not in uses]


def freed(
    stretch: Stretch | None, owner: str, seen: Mapping[tuple[str, str], Row | None]
) -> list[Write]:
    """Gives back the cells of a stretch, but for those that were seen to be no longer the owner's.

    A hold that lapsed may have lost some to others, who keep them.
    """
    uses = stretch.uses() if stretch else {}
    return [Free(cell, owner, (use,)) for cell, use in uses.items() if mine(seen, cell, use, owner)]


def mine(seen: Mapping[tuple[str, str], Row | None], place: str, use: Use, owner: str) -> bool:
    """Whether a place is the owner's for all that is known: what was not seen is assumed to be."""
    if (TABLE, place) not in seen:
        return True
    return (seen[TABLE, place] or {}).get(use) == owner


def _cells(minutes: int) -> int:
    return -(-minutes // 15)

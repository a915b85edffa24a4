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
from closedloop.core.writes import USES, Free, Take

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from closedloop.bookings.setup import Service
    from closedloop.core.decision import Context
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


def resource_of(lane: str) -> str:
    """The resource of a lane: `bay` has the lanes `bay`, `bay.2`; no id of a resource has a dot."""
    return lane.partition(".")[0]


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
    stretch: Stretch,
    owner: str,
    context: Context,
    *,
    until: int | None = None,
    held: bool = False,
    old: tuple[Stretch, str] | None = None,
) -> list[Write]:
    """Takes all cells of a stretch until then (epoch ms; None: until they are freed).

    With `held` they must be the owner's already, as they are when a hold becomes a booking. What an
    `old` stretch of this owner, or of the one whom it follows, has and keeps not is given back.
    """
    left, follows = old or (None, owner)
    before = left.uses() if left else {}
    head, shape = cell_id(stretch.lane, stretch.first), stretch.fields["shape"]
    takes: list[Write] = [
        Take(
            id=cell,
            owner=owner,
            forget_at=stretch.forget_at,
            use=use,
            until=until,
            held=held,
            instead_of=None if follows == owner else follows,
            leaves=(before[cell],) if before.get(cell, use) != use else (),
            shape={"start": to_second(at(stretch.first)), "shape": shape} if cell == head else None,
        )
        for cell, use in stretch.uses().items()
    ]
    kept = {each.id for each in takes}
    return takes + [each for each in freed(left, follows, context) if each.id not in kept]


def freed(stretch: Stretch | None, owner: str, context: Context) -> list[Write]:
    """Gives back the cells of a stretch, but for those that were seen to be no longer the owner's.

    A hold that lapsed may have lost some to others, who keep them.
    """
    uses = stretch.uses() if stretch else {}
    return [
        Free(cell, owner, (use,)) for cell, use in uses.items() if has(owner, cell, use, context)
    ]


def has(owner: str, place: str, use: Use, context: Context) -> bool:
    """Whether a place is the owner's for all that is known: one that was not seen is."""
    if (TABLE, place) not in context.seen:
        return True
    return (context.seen[TABLE, place] or {}).get(use) == owner


def in_the_way(stretch: Stretch, owners: Collection[str], context: Context) -> str | None:
    """Who else has a cell that a visit needs, as far as its cells were seen."""
    for cell, use in stretch.uses().items():
        for other in USES if use == "visit" else ("visit", use):
            found = live_owner(context.seen.get((TABLE, cell)), other, context.now)
            if found is not None and found not in owners:
                return found
    return None


def live_owner(place: Row | None, use: Use, now: datetime) -> str | None:
    """Who has a place as it was seen, unless that has lapsed."""
    if place is None or place.get(f"{use}_until", _NEVER) <= int(now.timestamp() * 1000):
        return None
    return place.get(use)


_NEVER = 10**15


def _cells(minutes: int) -> int:
    return -(-minutes // 15)

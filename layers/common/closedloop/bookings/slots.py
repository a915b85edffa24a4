"""Which times a business offers, which of them are free, and what names one.

One engine lists, holds, books and moves: what it lists can be taken unless somebody is faster, and
what it does not list is refused with the reason that is given here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from closedloop.bookings.cells import Stretch, at, quarter
from closedloop.bookings.hours import Opening, openings
from closedloop.bookings.setup import QUARTER
from closedloop.core.times import to_second

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from closedloop.bookings.hours import Span
    from closedloop.bookings.rows import FreeSlot, Reason
    from closedloop.bookings.setup import Service, Setup
    from closedloop.core.rows import Row

AHEAD = timedelta(days=14)
"""How far ahead other times are looked for when one is taken."""

REACH = timedelta(hours=12)
"""More than any visit with its buffers takes: what begins earlier is over."""

_ALTERNATIVES = 3
_LETTERS = "bcdfghjkmnpqrstvwxyz"
_SLOT_ID = re.compile(rf"([{_LETTERS}]{{1,7}})-([A-Za-z0-9_-]{{1,32}}(?:\.[0-9]{{1,2}})?)")


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that the business offers, in the lane that would take it."""

    start: datetime
    end: datetime
    lane: str
    available: bool

    @property
    def id(self) -> str:
        """What names this lane at this time: letters alone for the time, as digits are misheard."""
        return slot_id(self.lane, self.start)

    @property
    def shown(self) -> FreeSlot:
        """As an answer shows it."""
        return {"slotId": self.id, "start": to_second(self.start), "end": to_second(self.end)}


def slot_id(lane: str, start: datetime) -> str:
    """The name of a lane at a time; short, without a digit for the time."""
    number, letters = quarter(start), ""
    while number:
        number, letter = divmod(number, len(_LETTERS))
        letters = _LETTERS[letter] + letters
    return f"{letters}-{lane}"


def named(text: str) -> tuple[str, datetime] | None:
    """Lane and time of a slot's id; None if it is none."""
    found = _SLOT_ID.fullmatch(text)
    if found is None:
        return None
    number = 0
    for letter in found[1]:
        number = number * len(_LETTERS) + _LETTERS.index(letter)
    try:
        return found[2], at(number)
    except OverflowError:
        return None


class Taken:
    """What is taken of each lane in a window of time, as bits: one for each quarter."""

    def __init__(self, since: datetime) -> None:
        self._base = quarter(since)
        self._visits: dict[str, int] = {}
        self._all: dict[str, int] = {}

    @classmethod
    def of(
        cls, entries: Iterable[Row], since: datetime, now: datetime, mine: Collection[str] = ()
    ) -> Taken:
        """What the index tells, without what has lapsed and without what the owners `mine` have."""
        found, moment = cls(since - 2 * REACH), int(now.timestamp() * 1000)
        for entry in entries:
            lasts = entry.get("visit_until", moment + 1) > moment
            if entry["id"].startswith("cell#") and lasts and entry["visit"] not in mine:
                found.add(Stretch.listed(entry))
        return found

    def add(self, stretch: Stretch) -> None:
        """Take a stretch."""
        visit, buffers = self._bits(stretch)
        lane = stretch.lane
        self._visits[lane] = self._visits.get(lane, 0) | visit
        self._all[lane] = self._all.get(lane, 0) | visit | buffers

    def has_room(self, stretch: Stretch) -> bool:
        """Whether nobody is in the way: no buffer of another in the visit, no visit in a buffer."""
        visit, buffers = self._bits(stretch)
        lane = stretch.lane
        return not (visit & self._all.get(lane, 0) or buffers & self._visits.get(lane, 0))

    def _bits(self, stretch: Stretch) -> tuple[int, int]:
        first = max(0, stretch.first - self._base)
        visit = ((1 << stretch.length) - 1) << first
        before = ((1 << stretch.before) - 1) << max(0, first - stretch.before)
        after = ((1 << stretch.after) - 1) << (first + stretch.length)
        return visit, before | after


@dataclass(frozen=True, slots=True)
class Offer:
    """What a business offers of one service, to callers or to its own staff.

    Staff are free of notice and horizon, and may begin at any quarter of an hour.
    """

    setup: Setup
    service: Service
    now: datetime
    staff: bool = False

    def starts(self, between: Span) -> Iterator[datetime]:
        """Every time in `between` at which a visit may begin, in order."""
        since = max(between[0], self._earliest)
        for opening in self._openings(between):
            for start in self._grid(opening):
                if since <= start < between[1] and not self._too_far(start):
                    yield start

    def reason(self, start: datetime) -> Reason | None:
        """Why no visit may begin then; None if one may."""
        if start < self._earliest:
            return "past" if self.staff or start < self.now else "too_soon"
        if self._too_far(start):
            return "too_far"
        for opening in self._openings((start, start + QUARTER)):
            if opening.start <= start and start + self._length <= opening.end:
                return None if self._on_grid(opening, start) else "off_grid"
        off = start.astimezone(self.setup.zone).date() in self.setup.days_off
        return "day_off" if off else "closed"

    def slots(
        self, between: Span, taken: Taken, lanes: Sequence[str] | None = None
    ) -> Iterator[Slot]:
        """Every time that is offered, each once: in the first lane that is free, if one is."""
        lanes = lanes or self.setup.lanes_of(self.service)
        for start in self.starts(between):
            lane = self.free_lane(start, taken, lanes)
            yield Slot(start, start + self._length, lane or lanes[0], lane is not None)

    def free_lane(self, start: datetime, taken: Taken, lanes: Iterable[str]) -> str | None:
        """The first of the lanes in which the service has room then."""
        fits = (lane for lane in lanes if taken.has_room(Stretch.of(lane, self.service, start)))
        return next(fits, None)

    def alternatives(self, start: datetime, taken: Taken) -> list[FreeSlot]:
        """The next three free times from `start` on, as an answer shows them."""
        since = max(start, self.now)
        offered = self.slots((since, since + AHEAD), taken)
        return [each.shown for each in islice((s for s in offered if s.available), _ALTERNATIVES)]

    @property
    def _length(self) -> timedelta:
        return timedelta(minutes=self.service.length)

    @property
    def _earliest(self) -> datetime:
        """Staff may note down who has just walked in: the quarter that runs has begun."""
        return at(quarter(self.now)) if self.staff else self.now + self.setup.lead

    def _openings(self, between: Span) -> list[Opening]:
        setup = self.setup
        return openings(setup.hours, setup.breaks, setup.days_off, setup.zone, between)

    def _grid(self, opening: Opening) -> Iterator[datetime]:
        step = QUARTER if self.staff else self.setup.step
        ends = (*opening.anchors[1:], opening.end)
        for anchor, end in zip(opening.anchors, ends, strict=True):
            start = anchor
            while start < end and start + self._length <= opening.end:
                yield start
                start += step

    def _on_grid(self, opening: Opening, start: datetime) -> bool:
        step = QUARTER if self.staff else self.setup.step
        anchor = opening.anchors[bisect_right(opening.anchors, start) - 1]
        return (start - anchor) % step == timedelta()

    def _too_far(self, start: datetime) -> bool:
        zone = self.setup.zone
        last = self.now.astimezone(zone).date() + self.setup.horizon
        return not self.staff and start.astimezone(zone).date() > last

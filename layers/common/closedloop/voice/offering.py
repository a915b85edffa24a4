"""How free times are offered: at most three at once, each with the id that reserves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from closedloop.core.times import parse
from closedloop.voice import spoken

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from closedloop.bookings.hours import Span
    from closedloop.bookings.slots import Offer, Slot
    from closedloop.core.rows import Row

SPOKEN = 3
"""Times that are said at once: nobody keeps more in mind."""

_NEXT = "Nothing new is held yet. Which one shall I hold?"
_NOON = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, once it is understood."""

    offer: Offer
    span: Span
    whole_day: bool
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The business's own."""
        return self.offer.setup.zone


def offered(
    slots: list[Slot], zone: ZoneInfo, now: datetime, theirs: ZoneInfo | None = None
) -> str:
    """Some times, each with its id behind it; the day is said once if it is one day."""
    today = now.astimezone(zone).date()
    dates = [each.start.astimezone(zone).date() for each in slots]
    said = [
        ("" if i and dates[i] == dates[i - 1] else f"{spoken.day(dates[i], today)} at ")
        + f"{spoken.clock(each.start, zone)} {_yours(each.start, zone, theirs)}"
        + spoken.marked(each.id)
        for i, each in enumerate(slots)
    ]
    return spoken.listed(said)


def _yours(start: datetime, zone: ZoneInfo, theirs: ZoneInfo | None) -> str:
    if theirs is None or start.astimezone(theirs).utcoffset() == start.astimezone(zone).utcoffset():
        return ""
    return f"our time, {spoken.clock(start, theirs)} yours "


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of an answer; `holding` is what the caller has already."""

    asked: Asked
    holding: str
    theirs: ZoneInfo | None

    def free(self, slots: list[Slot]) -> str:
        """The first of them, as many as fit into a line."""

        def line(count: int) -> str:
            said = offered(slots[:count], self.asked.zone, self.asked.now, self.theirs)
            more = _more(slots[count - 1], slots[count:], self.asked.zone)
            return f"{self.holding}I have {said}{more}. {_NEXT}"

        return spoken.fitting(line, min(SPOKEN, len(slots)))

    def nothing(self, soon: list[Slot]) -> str:
        """Nothing is free then; what is free after it."""
        none = f"{self.holding}I have nothing free {self._when}"
        if not soon:
            return f"{none}, and nothing soon after. Shall I have someone call you back?"

        def line(count: int) -> str:
            said = offered(soon[:count], self.asked.zone, self.asked.now, self.theirs)
            return f"{none}. Next I have {said}. {_NEXT}"

        return spoken.fitting(line, len(soon))

    @property
    def _when(self) -> str:
        if not self.asked.whole_day:
            return "then"
        zone = self.asked.zone
        today = self.asked.now.astimezone(zone).date()
        return f"on {spoken.day(self.asked.span[0].astimezone(zone).date(), today)}"


def _more(last: Slot, rest: list[Slot], zone: ZoneInfo) -> str:
    if not rest:
        return ""
    same_day = [each for each in rest if _wall(each, zone).date() == _wall(last, zone).date()]
    afternoon = any(_wall(each, zone).hour >= _NOON for each in same_day)
    if afternoon and _wall(last, zone).hour < _NOON:
        return ", and more in the afternoon"
    return ", and more later that day" if same_day else ", and more after that"


def _wall(slot: Slot, zone: ZoneInfo) -> datetime:
    return slot.start.astimezone(zone)


def holding(mine: Row | None, asked: Asked) -> str:
    """What the caller holds already, to be said first; nothing if it holds nothing."""
    if mine is None:
        return ""
    at = spoken.at(parse(mine["start"]), asked.zone, asked.now)
    return f"You already hold {at}, not booked yet. "

"""When a business is open: its weekly hours less breaks and days off, as stretches of real time.

Hours are written by the clock on the wall. Each is turned into real time with the date on which it
falls, never with today's offset. An hour that the clocks skip is not there; of one that comes
twice, opening takes the first and closing the second.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Span = tuple[datetime, datetime]
"""From (included) and to (not included), UTC."""

Minutes = tuple[int, int]
"""From and to in minutes since the day began by the clock; `to` may pass midnight (over 1440)."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A time without a break in which the business is open.

    From each anchor on, visits begin at even steps: when the doors open, after a break, and at the
    hours of each day where one runs into the next.
    """

    start: datetime
    end: datetime
    anchors: tuple[datetime, ...]


_DAY = 24 * 60
_TIME = re.compile(r"([01][0-9]|2[0-3]|24(?=:00)):([0-5][0-9])")
_ONE_DAY = timedelta(days=1)


def minutes(opens: str, closes: str) -> Minutes:
    """Hours as written: `08:00` to `18:00`, to `24:00`, past midnight, or `00:00` twice: all day.

    Raises:
        ValueError: one of them is no time of a day.
    """
    first, last = _minute(opens), _minute(closes)
    return first, last if last > first else last + _DAY


def _minute(text: str) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError("a time of the day, from 00:00 to 24:00")
    return int(found[1]) * 60 + int(found[2])


def moment(day: date, minute: int, zone: ZoneInfo, *, latest: bool = False) -> datetime:
    """The moment at which the clock on the wall has shown so many minutes of the day.

    A time that the clocks skip is the moment of the change. Of one that comes twice it is the
    first, or with `latest` the second.
    """
    day += timedelta(days=minute // _DAY)
    wall = datetime.combine(day, time(minute % _DAY // 60, minute % 60))
    first = wall.replace(tzinfo=zone).astimezone(UTC)
    second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if second >= first:
        return second if latest else first
    return _change(second, first, zone)  # skipped: the two readings lie around the change


def openings(
    hours: Mapping[str, Sequence[Minutes]],
    breaks: Mapping[str, Sequence[Minutes]],
    days_off: frozenset[date],
    zone: ZoneInfo,
    between: Span,
) -> list[Opening]:
    """When the business is open, in order, apart from each other, as far as it touches `between`.

    Hours that run past midnight end there if the next day is off.
    """
    first = between[0].astimezone(zone).date() - 2 * _ONE_DAY
    days = [first + n * _ONE_DAY for n in range((between[1] - between[0]).days + 5)]
    # An evening that is off has no small hours either.
    opened = list(_spans((day for day in days if day not in days_off), hours, zone))
    closed = merged([*_spans(days, breaks, zone), *_whole_days(days, days_off, zone)])
    spans = [each for each in without(merged(opened), closed) if overlap(each, between)]
    return [Opening(*span, _anchors(span, opened)) for span in spans]


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans have time in common; those that only touch do not."""
    return one[0] < other[1] and other[0] < one[1]


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in order, in as few spans as it takes; empty ones are left out."""
    found: list[Span] = []
    for start, end in sorted(each for each in spans if each[0] < each[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(spans: Iterable[Span], closed: Sequence[Span]) -> list[Span]:
    """What is left of `spans` when `closed` is taken away; both are merged."""
    left: list[Span] = []
    for start, end in spans:
        begin = start
        for out, back in closed:
            if begin < end and out < end and back > begin:
                if out > begin:
                    left.append((begin, out))
                begin = max(begin, back)
        if begin < end:
            left.append((begin, end))
    return left


def _anchors(span: Span, opened: Iterable[Span]) -> tuple[datetime, ...]:
    inside = {start for start, _ in opened if span[0] < start < span[1]}
    return (span[0], *sorted(inside))


def _spans(
    days: Iterable[date], weekly: Mapping[str, Sequence[Minutes]], zone: ZoneInfo
) -> list[Span]:
    return [
        (moment(day, opens, zone), moment(day, closes, zone, latest=True))
        for day in days
        for opens, closes in weekly.get(WEEKDAYS[day.weekday()], ())
    ]


def _whole_days(days: Iterable[date], off: frozenset[date], zone: ZoneInfo) -> list[Span]:
    return [(moment(day, 0, zone), moment(day, _DAY, zone)) for day in days if day in off]


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The minute between the two at which the zone's offset changes."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2 // timedelta(minutes=1) * timedelta(minutes=1)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after

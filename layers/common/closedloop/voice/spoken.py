"""Words for the ear: days, times and digits as a person says them, on one line.

No ISO time, no colon and no year: speech synthesis reads 14:00 as fourteen and 2026 as a sum. What
a model must pass back (the id of a slot or a hold) stands in brackets behind it.
"""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
LONGEST = 300
"""Characters of a line: a longer one is cut, and would lose what stands at its end."""

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty")
_NOON = 12
_LONG = 40
_UNSPOKEN = re.compile(r"[^\w\s.,'&+-]")
_MANY_DIGITS = re.compile(r"\d{4,}")


def number(count: int) -> str:
    """A number below sixty in words."""
    if count < len(_SMALL):
        return _SMALL[count]
    tens, rest = divmod(count, 10)
    return _TENS[tens] + (f" {_SMALL[rest]}" if rest else "")


def day(of: date, today: date) -> str:
    """`Tuesday, November 24th`; of another year with its distance, never with its number."""
    said = f"{WEEKDAYS[of.weekday()]}, {MONTHS[of.month - 1]} {_ordinal(of.day)}"
    return said if of.year == today.year else said + (" of next year" if of > today else "")


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """`3 PM`, `three thirty PM`, `noon`; of an hour that comes twice, which of the two."""
    wall = moment.astimezone(zone)
    return _which(moment, zone) + time_of_day(wall.hour, wall.minute)


def time_of_day(hour: int, minute: int) -> str:
    """A time by the clock on the wall."""
    if minute == 0 and hour % _NOON == 0:
        return "noon" if hour else "midnight"
    half = "AM" if hour < _NOON else "PM"
    shown = hour % _NOON or _NOON
    if minute == 0:
        return f"{shown} {half}"
    past = number(minute) if minute > 9 else f"oh {number(minute)}"  # noqa: PLR2004 - one digit
    return f"{number(shown)} {past} {half}"


def at(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Day and time."""
    wall = moment.astimezone(zone)
    return f"{day(wall.date(), now.astimezone(zone).date())} at {clock(moment, zone)}"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b, and c`."""
    if len(parts) < 3:  # noqa: PLR2004 - two need no comma
        return f" {last} ".join(parts)
    return f"{', '.join(parts[:-1])}, {last} {parts[-1]}"


def fitting(line: Callable[[int], str], most: int) -> str:
    """The line with as many of `most` things in it as fit, one at least."""
    lines = (line(count) for count in range(max(most, 1), 0, -1))
    found = ""
    for found in lines:
        if len(found) <= LONGEST:
            break
    return found


def digits_of(text: str) -> str:
    """Digits apart from each other: `2, 6, 7, 1`."""
    return ", ".join(text)


def name(text: str) -> str:
    """A name of somebody's own choice, without what reads badly or runs on."""
    plain = " ".join(_UNSPOKEN.sub(" ", text).split())
    plain = _MANY_DIGITS.sub(lambda found: digits_of(found[0]), plain)
    return plain if len(plain) <= _LONG else plain[:_LONG].rpartition(" ")[0] or plain[:_LONG]


def marked(row_id: str) -> str:
    """An id for the model to pass back, which is not spoken."""
    return f"[{row_id}]"


def _ordinal(count: int) -> str:
    teens = count % 100 in {11, 12, 13}
    return f"{count}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(count % 10, 'th')}"


def _which(moment: datetime, zone: ZoneInfo) -> str:
    wall = moment.astimezone(zone)
    other = wall.replace(tzinfo=zone, fold=1 - wall.fold).astimezone(UTC)
    twice = timedelta() < abs(other - moment) <= timedelta(hours=2)
    exists = other.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None)
    if not (twice and exists):
        return ""
    return "the second " if wall.fold else "the first "

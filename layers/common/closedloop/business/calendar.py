"""The part of the settings that the calendar follows: its shapes, and whether they fit together."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from closedloop.core.command import Command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from closedloop.core.rows import Row
    from closedloop.core.values import FieldError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_zones = lru_cache(available_timezones)
"""Read once: the list is the names of some six hundred files."""

_TIME = re.compile(r"(([01]\d|2[0-3]):(00|15|30|45))|24:00")
_DAY = 24 * 60
_LONGEST = 11 * 60
"""Minutes that a visit may take with its buffers: a move writes each quarter of both times."""


def _quarters(pair: list[str]) -> list[str]:
    if len(pair) != 2 or not all(_TIME.fullmatch(each) for each in pair):  # noqa: PLR2004 - a pair
        raise ValueError("a pair of times at quarters of an hour, from 00:00 to 24:00")
    return pair


def _date(text: str) -> str:
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError("a date as 2026-12-25")
    return text


def _days(week: dict[str, Any]) -> dict[str, Any]:
    if set(week) - set(WEEKDAYS):
        raise ValueError("name the days mon, tue, wed, thu, fri, sat, sun")
    return {day: week.get(day, []) for day in WEEKDAYS}


Pair = Annotated[list[str], AfterValidator(_quarters)]
Week = dict[str, Annotated[list[Pair], Field(max_length=6)]]
Hours = Annotated[Week, AfterValidator(_days)]
Breaks = Annotated[Week, AfterValidator(_days)]
DaysOff = Annotated[list[Annotated[str, AfterValidator(_date)]], Field(max_length=400)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Minutes = Annotated[int, Field(ge=0, le=240)]


class SetService(Command):
    """What is sold by appointment: its length, buffers, price, and where it can be done."""

    id: Id
    name: Name
    duration_minutes: Annotated[int, Field(ge=5, le=_LONGEST)]
    buffer_before_minutes: Minutes = 0
    buffer_after_minutes: Minutes = 0
    price_cents: Annotated[int, Field(ge=0, le=10**9)] | None = None
    resources: Annotated[list[Id], Field(max_length=50)] | None = None


class SetResource(Command):
    """Where visits take place: a bay, a room, a person. `capacity` is how many at once."""

    id: Id
    name: Name
    capacity: Annotated[int, Field(ge=1, le=20)] = 1


def contradictions(settings: Row) -> list[FieldError]:
    """What makes settings as a whole impossible, as `fields` of a refusal."""
    return [{"path": path, "message": message} for path, message in _wrong(settings)]


def warnings(settings: Row) -> list[str]:
    """What is possible and yet cannot be meant, in sentences."""
    longest = max((last - first for first, last in _open(settings)), default=0)
    return [
        f"{each['name']} takes longer than any time without a break: it can never be booked."
        for each in settings.get("services") or ()
        if each["duration_minutes"] > longest
    ]


def _wrong(settings: Row) -> Iterator[tuple[str, str]]:
    if settings.get("time_zone") not in _zones():
        yield "time_zone", "This is no time zone of the IANA list."
    for name in ("services", "resources"):
        ids = [each["id"] for each in settings.get(name) or ()]
        if len(set(ids)) < len(ids):
            yield name, "Two of them have the same id."
    known = {each["id"] for each in settings.get("resources") or ()}
    for number, each in enumerate(settings.get("services") or ()):
        if set(each.get("resources") or ()) - known:
            yield f"services.{number}.resources", "There is no such resource."
        buffers = each.get("buffer_before_minutes", 0) + each.get("buffer_after_minutes", 0)
        if each["duration_minutes"] + buffers > _LONGEST - 45:
            yield f"services.{number}", "With its buffers it must end within ten hours."
    yield from _wrong_hours(settings)


def _wrong_hours(settings: Row) -> Iterator[tuple[str, str]]:
    hours, breaks = settings.get("opening_hours") or {}, settings.get("breaks") or {}
    for day in WEEKDAYS:
        opened = sorted(_minutes(each) for each in hours.get(day) or ())
        if any(one[1] > two[0] for one, two in pairwise(opened)):
            yield f"opening_hours.{day}", "Two of the hours overlap."
        for number, each in enumerate(breaks.get(day) or ()):
            first, last = _minutes(each)
            if not any(opens <= first and last <= closes for opens, closes in opened):
                yield f"breaks.{day}.{number}", "The break is outside the opening hours."


def _open(settings: Row) -> Iterator[tuple[int, int]]:
    """Each time without a break of a week, in minutes of the week; what runs on is one."""
    hours, breaks = settings.get("opening_hours") or {}, settings.get("breaks") or {}
    edges: list[tuple[int, int]] = []
    for number, day in enumerate((*WEEKDAYS, *WEEKDAYS)):
        shut = sorted(_minutes(each) for each in breaks.get(day) or ())
        for opens, closes in sorted(_minutes(each) for each in hours.get(day) or ()):
            begin = opens
            for out, back in shut:
                if opens <= out and back <= closes:
                    edges.append((begin + number * _DAY, out + number * _DAY))
                    begin = back
            edges.append((begin + number * _DAY, closes + number * _DAY))
    start, end = 0, 0
    for first, last in edges:
        if first > end:
            yield start, end
            start = first
        end = max(end, last)
    yield start, end


def _minutes(pair: list[str]) -> tuple[int, int]:
    first, last = (int(each[:2]) * 60 + int(each[3:]) for each in pair)
    return first, last if last > first else last + _DAY

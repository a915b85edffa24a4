"""Free times within opening hours, worked out in the business's own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from local.demo.orgs import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.demo.orgs import Org

_STEP = timedelta(minutes=30)


def open_days(org: Org, today: date, *, back: int, ahead: int) -> list[date]:
    """The days, so many before and after today, on which the business is open."""
    days = (today + timedelta(days=offset) for offset in range(-back, ahead + 1))
    return [day for day in days if org.opening_hours[WEEKDAYS[day.weekday()]]]


def starts(org: Org, day: date, minutes: int) -> Iterator[datetime]:
    """Every half-hour of the day, in UTC, at which so many minutes still fit before closing."""
    zone = ZoneInfo(org.time_zone)
    for opens, closes in org.opening_hours[WEEKDAYS[day.weekday()]]:
        start = datetime.combine(day, time.fromisoformat(opens), zone)
        end = datetime.combine(day, time.fromisoformat(closes), zone)
        while start + timedelta(minutes=minutes) <= end:
            yield start.astimezone(UTC)
            start += _STEP


def to_second(moment: datetime) -> str:
    """An agreed time as rows carry it (docs/data-model.md)."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def iso(moment: datetime) -> str:
    """Any other time as rows carry it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

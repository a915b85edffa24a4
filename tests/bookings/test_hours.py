"""Opening hours against the clock on the wall: changes of the clock, days off, midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop.bookings.hours import minutes, openings
from closedloop.bookings.setup import Setup
from tests.bookings.support import DAYS, offer, starts, utc
from tests.bookings.support import settings as business

ALWAYS = {day: [["00:00", "24:00"]] for day in DAYS}
ZONES = ("America/New_York", "America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "UTC")


@pytest.mark.parametrize(
    ("opens", "closes", "found"),
    [
        ("08:00", "18:00", (480, 1080)),
        ("22:30", "02:00", (1350, 1560)),
        ("18:00", "24:00", (1080, 1440)),
        ("00:00", "00:00", (0, 1440)),
        ("00:00", "24:00", (0, 1440)),
    ],
)
def test_hours_as_written(opens: str, closes: str, found: tuple[int, int]) -> None:
    """24:00 is an end, past midnight goes on, midnight to midnight is the whole day."""
    assert minutes(opens, closes) == found


@pytest.mark.parametrize(
    "text", ["8:00", "24:01", "12:60", "noon", "", "0800", "-1:00", "\uff11\uff12:00"]
)
def test_no_time_of_a_day(text: str) -> None:
    """Anything else is refused."""
    with pytest.raises(ValueError, match=r"time of the day|invalid"):
        minutes(text, "18:00")


def test_hours_of_a_day_with_another_offset() -> None:
    """New York, the Sunday the clocks go forward: one to six is five to ten in UTC, not six."""
    found = offer("2026-03-06T12:00", opening_hours={"sun": [["13:00", "18:00"]]})
    times = list(found.starts((utc("2026-03-08T00:00"), utc("2026-03-09T04:00"))))
    assert (times[0], times[-1]) == (utc("2026-03-08T17:00"), utc("2026-03-08T21:00"))


def test_an_hour_that_is_not_there_offers_nothing() -> None:
    """02:00 to 02:30 on that Sunday does not exist."""
    found = offer("2026-03-06T12:00", opening_hours={"sun": [["02:00", "02:30"]]}, slot_minutes=15)
    assert starts(found, "2026-03-08T00:00", "2026-03-09T04:00") == []


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [("America/New_York", "2026-03-08", [0, 1, 3, 4, 5]),
     ("America/Chicago", "2026-11-01", [0, 1, 1, 2, 3, 4, 5])],
)  # fmt: skip
def test_midnight_to_six_when_the_clocks_change(zone: str, day: str, hours: list[int]) -> None:
    """Five hours in spring, seven in autumn, two of them at one o'clock."""
    found = offer(f"{day}T00:00", time_zone=zone, opening_hours={"sun": [["00:00", "06:00"]]})
    times = list(found.starts((utc(f"{day}T00:00"), utc(f"{day}T23:00"))))
    assert [each.astimezone(ZoneInfo(zone)).hour for each in times] == hours
    assert len(set(times)) == len(hours)


def test_a_day_off_is_a_date_of_the_business() -> None:
    """Los Angeles, the server in UTC: Christmas from midnight to midnight, and not an hour more."""
    found = offer(
        "2026-12-23T08:00", time_zone="America/Los_Angeles", days_off=["2026-12-25"],
        opening_hours=ALWAYS,
    )  # fmt: skip
    times = starts(found, "2026-12-24T08:00", "2026-12-27T08:00")
    assert "Thu 20:00" in times
    assert "Thu 23:00" in times
    assert not [each for each in times if each.startswith("Fri")]
    assert "Sat 00:00" in times


@pytest.mark.parametrize(("day", "length"), [("2026-03-08", 23), ("2026-11-01", 25)])
def test_a_day_off_has_as_many_hours_as_the_day(day: str, length: int) -> None:
    """Also where the clocks change on it."""
    setup = Setup.of(business(opening_hours=ALWAYS))
    off, window = date.fromisoformat(day), (utc(f"{day}T00:00"), utc(f"{day}T00:00") + timedelta(2))
    before, after = openings(setup.hours, {}, frozenset({off}), setup.zone, window)
    assert after.start - before.end == timedelta(hours=length)


def test_hours_past_midnight() -> None:
    """22:30 to 02:00, an hour's visit every thirty minutes: six, the last one at one o'clock."""
    late = {"fri": [["22:30", "02:00"]]}
    found = offer("2026-06-01T12:00", opening_hours=late, slot_minutes=30)
    times = starts(found, "2026-06-05T12:00", "2026-06-06T12:00")
    assert times == ["Fri 22:30", "Fri 23:00", "Fri 23:30", "Sat 00:00", "Sat 00:30", "Sat 01:00"]


@pytest.mark.parametrize(
    ("off", "left"), [("2026-06-06", ["Fri 22:30", "Fri 23:00"]), ("2026-06-05", [])]
)
def test_a_day_off_cuts_the_night(off: str, left: list[str]) -> None:
    """The next day off ends it at midnight; the evening off takes its small hours with it."""
    late = {"fri": [["22:30", "02:00"]]}
    found = offer("2026-06-01T12:00", opening_hours=late, slot_minutes=30, days_off=[off])
    assert starts(found, "2026-06-05T12:00", "2026-06-06T12:00") == left


def test_a_break_is_kept_free() -> None:
    """A visit fits before it or begins when it ends."""
    found = offer("2026-06-01T00:00", breaks={"mon": [["12:15", "13:00"]]})
    times = starts(found, "2026-06-01T14:00", "2026-06-01T20:00")
    assert times == ["Mon 10:00", "Mon 11:00", "Mon 13:00", "Mon 14:00", "Mon 15:00"]


def test_open_around_the_clock_a_visit_may_pass_midnight() -> None:
    """Hours that touch are one opening; each day's grid begins with its own hours."""
    found = offer("2026-06-01T00:00", opening_hours={day: [["00:00", "00:00"]] for day in DAYS})
    times = starts(found, "2026-06-02T02:00", "2026-06-02T07:00")
    assert times == ["Mon 22:00", "Mon 23:00", "Tue 00:00", "Tue 01:00", "Tue 02:00"]


QUARTERS = st.integers(12, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
"""From three o'clock on: what an hour that comes twice means is said above."""
HOURS = st.tuples(QUARTERS, QUARTERS).map(list).filter(lambda pair: pair[0] != pair[1])
WEEK = st.dictionaries(st.sampled_from(DAYS), st.lists(HOURS, max_size=2))


@settings(deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    week=WEEK,
    breaks=WEEK,
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    off=st.sets(st.integers(-1, 3), max_size=2),
)
def test_open_is_what_the_wall_clock_says(
    zone: str, week: Any, breaks: Any, day: date, off: set[int]
) -> None:
    """Every quarter of three days, read from a clock on the wall, without any of our arithmetic."""
    days_off = frozenset(day + timedelta(days=n) for n in off)
    setup = Setup.of(business(time_zone=zone, opening_hours=week, breaks=breaks))
    since = datetime.combine(day, datetime.min.time(), UTC)
    window = (since, since + timedelta(days=3))
    found = openings(setup.hours, setup.breaks, days_off, setup.zone, window)
    moment = window[0]
    while moment < window[1]:
        inside = any(each.start <= moment < each.end for each in found)
        assert inside == _is_open(setup, days_off, moment), moment
        moment += timedelta(minutes=15)
    assert all(one.end < two.start for one, two in pairwise(found))


def _is_open(setup: Setup, days_off: frozenset[date], moment: datetime) -> bool:
    wall = moment.astimezone(setup.zone)
    if wall.date() in days_off:
        return False
    return _within(setup.hours, wall, days_off) and not _within(setup.breaks, wall, frozenset())


def _within(week: Any, wall: datetime, days_off: frozenset[date]) -> bool:
    minute = wall.hour * 60 + wall.minute
    today, yesterday = wall.date(), wall.date() - timedelta(days=1)
    return any(
        opens <= shown < closes
        for day, shown in ((today, minute), (yesterday, minute + 1440))
        for opens, closes in week[DAYS[day.weekday()]]
        if day not in days_off
    )

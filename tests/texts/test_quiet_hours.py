"""When marketing waits, without any database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closedloop.texts.quiet_hours import quiet_until, zone

CHICAGO = ZoneInfo("America/Chicago")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-20T20:59:59", None),
        ("2026-11-20T21:00:00", "2026-11-21T08:00:00"),
        ("2026-11-21T07:59:59", "2026-11-21T08:00:00"),
        ("2026-11-21T08:00:00", None),
        ("2026-03-07T22:00:00", "2026-03-08T08:00:00"),  # the night that is an hour short
        ("2026-10-31T22:00:00", "2026-11-01T08:00:00"),  # the night that is an hour long
    ],
)
def test_quiet_hours_by_the_wall(now: str, until: str | None) -> None:
    """Nine to eight where the recipient is, whatever the clocks do meanwhile."""
    found = quiet_until(datetime.fromisoformat(now).replace(tzinfo=CHICAGO), CHICAGO)
    wanted = datetime.fromisoformat(until).replace(tzinfo=CHICAGO) if until else None
    assert found == wanted


def test_an_end_that_the_clock_skips() -> None:
    """Quiet until half past two on the night without half past two: until half past three."""
    hours = {"from": "22:00", "to": "02:30"}
    now = datetime(2026, 3, 8, 1, 59, tzinfo=CHICAGO)
    assert quiet_until(now, CHICAGO, hours) == datetime(2026, 3, 8, 3, 30, tzinfo=CHICAGO)


@given(now=MOMENTS, start=st.integers(0, 23), end=st.integers(0, 23))
def test_quiet_hours_end(now: datetime, start: int, end: int) -> None:
    """What they hold back is let go within a day and an hour, in any zone and on any date."""
    hours = {"from": f"{start:02}:00", "to": f"{end:02}:00"}
    for where in (CHICAGO, ZoneInfo("Asia/Kathmandu"), ZoneInfo("Australia/Lord_Howe")):
        until = quiet_until(now, where, hours)
        if until is None:
            continue
        assert start != end
        assert now < until <= now + timedelta(hours=25)
        assert until.tzinfo is UTC


def test_a_zone_that_is_none() -> None:
    """The first that is one, else UTC; nothing that a row holds can break the worker."""
    assert zone(None, "", "Mars/Olympus", 5, "../etc", "Europe/Madrid").key == "Europe/Madrid"
    assert zone("nowhere").key == "UTC"
    assert quiet_until(datetime(2026, 1, 1, 3, tzinfo=UTC), zone(), {"from": 1}) is not None


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-20T12:29:59", None),
        ("2026-11-20T12:30:00", "2026-11-20T14:15:00"),
        ("2026-11-20T14:14:59", "2026-11-20T14:15:00"),
        ("2026-11-20T14:15:00", None),
        ("2026-11-20T23:00:00", None),
    ],
)
def test_quiet_hours_within_a_day(now: str, until: str | None) -> None:
    """A rest at noon ends on the day it begins on, and nights are not quiet then."""
    hours = {"from": "12:30", "to": "14:15"}
    found = quiet_until(datetime.fromisoformat(now).replace(tzinfo=CHICAGO), CHICAGO, hours)
    wanted = datetime.fromisoformat(until).replace(tzinfo=CHICAGO) if until else None
    assert found == wanted


@pytest.mark.parametrize("end", ["24:00", "8:00", "08:60", "08:00 ", 8, None])
def test_an_hour_that_is_none(end: object) -> None:
    """What cannot be read is eight in the morning, as where nothing is set."""
    now = datetime(2026, 11, 20, 7, 59, tzinfo=CHICAGO)
    wanted = datetime(2026, 11, 20, 8, tzinfo=CHICAGO)
    assert quiet_until(now, CHICAGO, {"to": end}) == wanted


def test_an_end_that_comes_twice_in_autumn_is_a_minute_away() -> None:
    """Half past one has been, the clocks went back, and it is one again: only a moment more."""
    again = datetime(2026, 11, 1, 6, tzinfo=UTC)
    until = quiet_until(again, ZoneInfo("America/New_York"), {"from": "21:00", "to": "01:30"})
    assert until == again + timedelta(minutes=1)

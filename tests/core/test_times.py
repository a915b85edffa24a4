"""Times as they are stored and read again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closedloop.core import times

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
PARIS = timezone(timedelta(hours=2))


def test_a_moment_and_an_agreed_time() -> None:
    """To the millisecond and to the second, in UTC, whatever the zone; cut off, not rounded."""
    moment = datetime(2026, 7, 1, 14, 5, 9, 120_999, tzinfo=PARIS)
    assert times.iso(moment) == "2026-07-01T12:05:09.120Z"
    assert times.to_second(moment) == "2026-07-01T12:05:09Z"


@pytest.mark.parametrize("text", ["2026-07-01T12:05:09.120Z", "2026-07-01T14:05:09.120+02:00"])
def test_a_stored_time_is_read(text: str) -> None:
    """As UTC."""
    read = times.parse(text)
    assert (read, read.tzinfo) == (datetime(2026, 7, 1, 12, 5, 9, 120_000, tzinfo=UTC), UTC)


@given(MOMENTS)
def test_a_version_is_a_moment(moment: datetime) -> None:
    """To the microsecond, there and back."""
    assert times.from_microseconds(times.microseconds(moment)) == moment
    assert times.microseconds(moment) == int(moment.timestamp()) * 10**6 + moment.microsecond

"""Times as rows store them. Each stored field has one of two formats (docs/data-model.md).

A moment (when something happened, or is due) is kept to the millisecond, an agreed time (`start`,
`end`) to the second. Both are UTC, ISO 8601, and end in `Z`, so that their text sorts by time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def iso(moment: datetime) -> str:
    """A moment: `2026-11-21T14:05:09.120Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_second(moment: datetime) -> str:
    """An agreed time: `2026-11-21T14:05:00Z`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """A stored time, UTC.

    Raises:
        ValueError: the text is no time.
    """
    return datetime.fromisoformat(text).astimezone(UTC)


def microseconds(moment: datetime) -> int:
    """A moment as a version counts it: microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(version: int) -> datetime:
    """The moment that a version counts, UTC."""
    return _EPOCH + version * _MICROSECOND

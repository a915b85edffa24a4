"""Quiet hours: when marketing messages wait, by the clock on the recipient's wall."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from closedloop.business.defaults import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def zone(*names: object) -> ZoneInfo:
    """The first of these that is a time zone, else UTC."""
    for name in names:
        if isinstance(name, str) and name:
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return ZoneInfo("UTC")


def quiet_until(now: datetime, where: ZoneInfo, hours: object = None) -> datetime | None:
    """When the quiet hours that hold at `now` end (UTC), None if none hold.

    `hours` is the org's `{"from": "21:00", "to": "08:00"}`; equal ends mean no quiet hours. The
    end is a time on the wall: where it is skipped in spring, it comes as much later as the clock
    went on (02:30 is 03:30 that day).
    """
    start, end = _hours(hours)
    local = now.astimezone(where)
    clock = local.time().replace(tzinfo=None)
    if not _within(clock, start, end):
        return None
    day = local.date() if clock < end else local.date() + timedelta(days=1)
    ends = datetime.combine(day, end, where).astimezone(UTC)
    # In autumn the wall may show the end twice; it has come when it came first.
    return ends if ends > now else now.astimezone(UTC) + timedelta(minutes=1)


def _within(clock: time, start: time, end: time) -> bool:
    if start <= end:
        return start <= clock < end
    return clock >= start or clock < end


def _hours(hours: object) -> tuple[time, time]:
    stated: Mapping[str, Any] = hours if isinstance(hours, dict) else {}
    start, end = (_time(stated.get(name), ours) for name, ours in DEFAULTS["quiet_hours"].items())
    return start, end


def _time(text: object, otherwise: str) -> time:
    stated = text if isinstance(text, str) and _CLOCK.fullmatch(text) else otherwise
    return time.fromisoformat(stated)

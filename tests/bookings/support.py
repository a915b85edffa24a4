"""Businesses and times as the tests of bookings use them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from closedloop.bookings.setup import Setup
from closedloop.bookings.slots import Offer

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def settings(**changes: Any) -> dict[str, Any]:
    """A garage in New York, open eight to six on every day; one bay, an hour's wash."""
    return {
        "id": "settings",
        "name": "Garage",
        "time_zone": "America/New_York",
        "opening_hours": {day: [["08:00", "18:00"]] for day in DAYS},
        "services": [service("wash", 60)],
        "resources": [{"id": "bay", "name": "Bay", "capacity": 1}],
        "slot_minutes": 60,
        "lead_minutes": 0,
        "horizon_days": 60,
        **changes,
    }


def service(service_id: str, minutes: int, before: int = 0, after: int = 0) -> dict[str, Any]:
    """A service as settings keep it."""
    return {
        "id": service_id,
        "name": service_id.title(),
        "duration_minutes": minutes,
        "buffer_before_minutes": before,
        "buffer_after_minutes": after,
    }


def utc(text: str) -> datetime:
    """A moment, written without its zone."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def offer(now: str, *, staff: bool = False, **changes: Any) -> Offer:
    """What the garage offers as of then."""
    setup = Setup.of(settings(**changes))
    return Offer(setup, setup.service(None), utc(now), staff)


def starts(found: Offer, since: str, until: str) -> list[str]:
    """The times offered in between, by the clock of the business."""
    return [
        each.astimezone(found.setup.zone).strftime("%a %H:%M")
        for each in found.starts((utc(since), utc(until)))
    ]

"""Bookings as Square's API answers them, for the tests of the client."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.square.scripted import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from closedloop.square.model import Page


START = datetime(2026, 3, 1, tzinfo=UTC)


END = START + timedelta(days=31)


def booking(
    booking_id: str, start_at: str = "2026-03-02T09:00:00Z", **fields: Any
) -> dict[str, Any]:
    """A booking as Square sends it."""
    segment = {"duration_minutes": 60, "team_member_id": "TM1", "service_variation_id": "V1"}
    return {
        "id": booking_id,
        "version": 0,
        "status": "ACCEPTED",
        "start_at": start_at,
        "appointment_segments": [segment],
    } | fields


def page(*bookings: Any, cursor: str | None = None) -> Answer:
    """A page of a list; as Square does, without a list where there is nothing to list."""
    body: dict[str, Any] = {"bookings": list(bookings)} if bookings else {}
    return Answer(body=body | ({"cursor": cursor} if cursor else {}))


def ids(pages: Sequence[Page]) -> list[list[str]]:
    """The bookings of each page."""
    return [[each.id for each in page.bookings] for page in pages]

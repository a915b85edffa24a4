"""Square's own client at the stand-in, and what a seller does there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
from square import Square as Sdk

from tests.support.square import ACCOUNT

if TYPE_CHECKING:
    from tests.support.square import Selling

START = datetime(2026, 3, 1, tzinfo=UTC)
END = START + timedelta(days=31)
WINDOW = {"start_at_min": "2026-03-01T00:00:00Z", "start_at_max": "2026-04-01T00:00:00Z"}


def sdk(square: Selling, token: str = ACCOUNT.access_token) -> Any:
    """Square's own client; it repeats nothing."""
    http = httpx.Client(trust_env=False)
    square.ends.append(http.close)
    return Sdk(token=token, base_url=square.server.url, httpx_client=http)


def hearing(square: Selling, *statuses: int) -> list[dict[str, Any]]:
    """The webhooks that arrive; the first ones are answered so, the others with 200."""
    heard: list[dict[str, Any]] = []

    def hear(event: dict[str, Any]) -> dict[str, Any]:
        heard.append(event)
        return {"statusCode": (*statuses, *[200] * len(heard))[len(heard) - 1]}

    square.heard = hear
    return heard


def book(square: Selling, number: int = 1, **fields: Any) -> list[str]:
    """So many bookings, an hour apart, of which nobody is told."""
    starts = [START + timedelta(hours=10 + each) for each in range(number)]
    made = [
        square.vendor.seller.book({"start_at": each.isoformat(), **fields})["id"] for each in starts
    ]
    return [str(each) for each in made]


def listed(square: Selling) -> list[str]:
    """What our client finds in the window."""
    pages = square.client().bookings(START, END)
    return [each.id for page in pages for each in page.bookings]

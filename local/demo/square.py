"""What the demo's seller has at Square on the first day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.demo.calendar import iso
from local.demo.orgs import DETAILER
from local.sandbox.square.access import ACCESS_LIFE
from local.sandbox.square.catalog import Service
from local.sandbox.square.vendor import CHICAGO

if TYPE_CHECKING:
    from datetime import datetime

    from local.sandbox.square.seller import Seller


MERCHANT = "ML7DEMO0FULTON"
"""The seller that the demo's auto detailer is."""


def connection(now: datetime) -> dict[str, Any]:
    """The row `square` of the auto detailer, which is connected, but for the common fields."""
    place = {"name": CHICAGO["name"], "time_zone": CHICAGO["timezone"]}
    return {
        "merchant_id": MERCHANT,
        "state": "connected",
        "connected_at": iso(now),
        "locations": {CHICAGO["id"]: place},
        "token_renewed_at": iso(now),
        "token_expires_at": iso(now + ACCESS_LIFE),
        "work": "square",
        "work_at": iso(now),
    }


def first_day(seller: Seller) -> None:
    """The services of the auto detailer."""
    seller.catalog.offer(
        [
            Service(
                item_id=f"SQI-{each.id}",
                variation_id=f"SQV-{each.id}",
                name=each.name,
                minutes=each.duration_minutes,
                cents=each.price_cents,
            )
            for each in DETAILER.services
        ]
    )

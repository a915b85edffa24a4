"""What the demo's seller has at Square on the first day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.demo.orgs import DETAILER
from local.sandbox.square.catalog import Service

if TYPE_CHECKING:
    from local.sandbox.square.seller import Seller


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

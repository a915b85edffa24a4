"""What the demo's seller has at Square on the first day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.demo.calendar import iso
from local.demo.jobs import variation_of, works
from local.demo.orgs import DETAILER
from local.sandbox.square.access import ACCESS_LIFE
from local.sandbox.square.catalog import Service
from local.sandbox.square.clock import Clock
from local.sandbox.square.seller import Seller
from local.sandbox.square.vendor import CHICAGO

if TYPE_CHECKING:
    from datetime import datetime

    from local.demo.orgs import Org


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
                variation_id=variation_of(each),
                name=each.name,
                minutes=each.duration_minutes,
                cents=each.price_cents,
            )
            for each in DETAILER.services
        ]
    )


def open_shop(seller: Seller) -> None:
    """The auto detailer on the first day, with its customers and bookings."""
    first_day(seller)
    _book(seller, DETAILER, seller.clock.now())


def seller_of(org: Org, now: datetime) -> Seller:
    """What a business has at Square at this moment, for the rows that follow from it."""
    place = CHICAGO if org is DETAILER else {**CHICAGO, "id": f"L{org.id.upper()}000CEDAR"}
    seller = Seller(MERCHANT, place, _Stopped(now=now))
    _book(seller, org, now)
    return seller


def _book(seller: Seller, org: Org, now: datetime) -> None:
    for work in works(org, now):
        seller.enrol(work.customer)
        seller.book(work.booking)


class _Stopped(Clock):
    """A clock that stands."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now

    def now(self) -> datetime:
        """The one time that it shows, UTC."""
        return self._now

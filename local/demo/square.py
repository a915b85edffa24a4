"""What the demo's seller has at Square on the first day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop.square.booking import told
from closedloop.square.model import booking
from local.demo.calendar import iso
from local.demo.orgs import DETAILER
from local.sandbox.square.access import ACCESS_LIFE
from local.sandbox.square.catalog import Service
from local.sandbox.square.clock import Clock
from local.sandbox.square.seller import Seller
from local.sandbox.square.vendor import CHICAGO

if TYPE_CHECKING:
    from datetime import datetime

    from local.demo.orgs import Service as Sold
    from local.demo.rows import Rows


Row = dict[str, Any]

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
    seller.catalog.offer([_service(each) for each in DETAILER.services])


def records(rows: Rows) -> dict[str, dict[str, Any]]:
    """What the seller has at Square where the org's jobs are these: nothing has changed since."""
    seller = Seller(MERCHANT, CHICAGO, Clock())
    first_day(seller)
    for job in rows["jobs"]:
        if job["org_id"] != DETAILER.id:
            continue
        if customer := job.get("customerCached"):
            seller.customers[customer["id"]] = _customer(customer, job["created_at"])
        seller.bookings[job["id"]] = _booking(job)
    return seller.saved()


def as_read(job: Row) -> Row:
    """The job with what a reconciliation keeps of its booking, so that the first finds nothing."""
    said = told(booking(_booking(job)), job["time_zone"], row=job)
    return job | {
        "square": dict(said.fields),
        "square_hash": said.hash,
        "square_updated_at": said.updated_at,
    }


def _booking(job: Row) -> Row:
    kept = ("location_id", "location_type", "customer_note", "source")
    return {
        "id": job["id"],
        "version": int(job["square_version"]),
        "status": job["booking_status"],
        "created_at": job["created_at"],
        "updated_at": job["created_at"],
        "start_at": job["appointmentTime"],
        **{name: job[name] for name in kept if name in job},
        **({"customer_id": job["customerCached"]["id"]} if "customerCached" in job else {}),
        "appointment_segments": [
            {
                "duration_minutes": int(each["duration_minutes"]),
                "service_variation_id": each["service_variation_id"],
                "team_member_id": each["team_member_id"],
            }
            for each in job["segments"]
        ],
    }


def _customer(cached: Row, created_at: str) -> Row:
    given, _, family = cached.get("name", "").partition(" ")
    known = {
        "given_name": given,
        "family_name": family,
        "phone_number": cached.get("phone"),
        "email_address": cached.get("email"),
    }
    return {
        "id": cached["id"],
        "version": 0,
        "created_at": created_at,
        "updated_at": created_at,
        **{name: value for name, value in known.items() if value},
    }


def _service(sold: Sold) -> Service:
    return Service(
        item_id=f"item_{sold.id}",
        variation_id=sold.id,
        name=sold.name,
        minutes=sold.duration_minutes,
        cents=sold.price_cents,
    )

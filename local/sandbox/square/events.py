"""The events that Square tells of, in the shapes of its reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local.sandbox.square.seller import Record, Seller

Event = dict[str, Any]


def booking(seller: Seller, kind: str, record: Record) -> Event:
    """`booking.created` or `booking.updated`: the latter for cancellations as well."""
    # The id of the data is not that of the booking: Square puts the version behind it.
    data_id = f"{record['id']}:{record['version']}"
    shown = seller.shown(record)
    event = _event(seller, f"booking.{kind}", "booking", data_id, {"booking": shown})
    return event | {"location_id": record["location_id"]}


def customer(
    seller: Seller, kind: str, record: Record, merged: Mapping[str, Any] | None = None
) -> Event:
    """`customer.created`, `customer.updated` or `customer.deleted`."""
    context = {"event_context": {"merge": dict(merged)}} if merged else {}
    held = {"customer": record} | context
    return _event(seller, f"customer.{kind}", "customer", record["id"], held)


def merge(seller: Seller, old: Sequence[Record], made: Record) -> list[Event]:
    """What a merge is told by: one customer made, the others deleted, in no promised order."""
    merged = {"from_customer_ids": [each["id"] for each in old], "to_customer_id": made["id"]}
    gone = [customer(seller, "deleted", each, merged) for each in old]
    return [*gone, customer(seller, "created", made, merged)]


def revoked(seller: Seller) -> Event:
    """The seller has taken its permission back."""
    revocation = {"revoked_at": seller.clock.stamp(), "revoker_type": "MERCHANT"}
    held = {"revocation": revocation}
    return _event(seller, "oauth.authorization.revoked", "revocation", str(uuid4()), held)


def _event(seller: Seller, kind: str, of: str, data_id: str, held: Mapping[str, Any]) -> Event:
    return {
        "merchant_id": seller.merchant_id,
        "type": kind,
        "event_id": str(uuid4()),
        "created_at": seller.clock.stamp(),
        "data": {"type": of, "id": data_id, "object": dict(held)},
    }

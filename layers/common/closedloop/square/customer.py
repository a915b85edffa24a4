"""The customer of a booking as a job remembers it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from closedloop.core.times import iso, parse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from closedloop.core.rows import Row
    from closedloop.jobs.rows import CustomerCached
    from closedloop.square.model import Customer

FRESH = timedelta(hours=24)
"""How long what we remember of a customer is good."""

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_AMERICAN = re.compile(r"1?([2-9][0-9]{2}[2-9][0-9]{6})")
_LONGEST = 200


def cached(customer_id: str, customer: Customer | None, now: datetime) -> CustomerCached:
    """What a job keeps, under the id that its booking names.

    Of a customer whom Square does not know (any more), only that: it is asked again after a day.
    """
    found: dict[str, Any] = {"id": customer_id, "cached_at": iso(now)}
    if customer is not None:
        found |= {
            "name": customer.name[:_LONGEST] or None,
            "phone": phone(customer.phone_number),
            "email": customer.email_address[:_LONGEST] or None,
            "version": customer.version,
        }
    kept: Any = {name: value for name, value in found.items() if value is not None}
    shown: CustomerCached = kept
    return shown


def phone(text: str) -> str | None:
    """A number as somebody typed it, in E.164; None where that cannot be told."""
    digits = re.sub(r"[\s().\-/]", "", text)
    if _E164.fullmatch(digits):
        return digits
    american = _AMERICAN.fullmatch(digits)
    return f"+1{american[1]}" if american else None


def stale(row: Mapping[str, Any], now: datetime) -> bool:
    """Whether the customer of a job, or of its entry in the index, is to be asked for again."""
    wanted = row.get("square_customer_id")
    known = row.get("customerCached") or {}
    if wanted is None:
        return False
    return bool(known.get("id") != wanted or now - parse(known["cached_at"]) > FRESH)


def lasting(known: Row | None, told: CustomerCached) -> CustomerCached:
    """What a job keeps: of a customer whom Square knows no more what it knew, asked for anew.

    Customers who are merged lose their ids, and a booking may name the former one for long.
    """
    if known is None or known.get("id") != told["id"] or "version" in told:
        return told
    kept: Any = {**known, "cached_at": told["cached_at"]}
    lasts: CustomerCached = kept
    return lasts


def newer(known: Row | None, told: CustomerCached) -> bool:
    """Whether what Square tells is not older than what is remembered, by Square's version."""
    if known is None or known.get("id") != told["id"]:
        return True
    return bool(known.get("version", 0) <= told.get("version", 0))

"""A seller's records at Square, and what a seller does in Square's own dashboard."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from local.sandbox.square.catalog import Catalog
from local.sandbox.square.shapes import RefusedError, moment, not_found

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local.sandbox.square.clock import Clock

Record = dict[str, Any]

_OURS = frozenset({"id", "version", "created_at", "updated_at", "end_at"})
"""Fields that Square alone writes."""

_KEPT = ("bookings", "customers", "merged")

_STATUS = re.compile(r"[A-Z_]{1,64}")
"""Any word: a new version of Square's may have a status that nobody knows."""


def new_id() -> str:
    """An id in the style of Square's."""
    return uuid4().hex[:16]


@dataclass(slots=True)
class Quirks:
    """What the seller's account does on command, each until it is taken back."""

    hidden: set[str] = field(default_factory=set)
    """Bookings that no list shows, though they can be had by id."""
    gone: set[str] = field(default_factory=set)
    """Bookings that are found neither by a list nor by their id."""
    unreadable: set[str] = field(default_factory=set)
    """Bookings that come with fields of another kind."""


class Seller:
    """One merchant. Records are as the API sends them."""

    def __init__(self, merchant_id: str, location: Record, clock: Clock) -> None:
        self.merchant_id = merchant_id
        self.location = location
        self.clock = clock
        self.bookings: dict[str, Record] = {}
        self.customers: dict[str, Record] = {}
        self.catalog = Catalog(clock)
        self.merged: dict[str, str] = {}
        """A customer's former id to the one that it has now."""
        self.quirks = Quirks()

    def saved(self) -> dict[str, dict[str, Any]]:
        """All records, to be kept in a file."""
        return {name: getattr(self, name) for name in _KEPT} | {"catalog": self.catalog.objects}

    def restore(self, saved: Mapping[str, dict[str, Any]]) -> None:
        """The records that were saved, in the place of all there are."""
        for name in _KEPT:
            setattr(self, name, dict(saved[name]))
        self.catalog.objects = dict(saved["catalog"])

    def clear(self) -> None:
        """No records and no quirks."""
        self.restore({name: {} for name in (*_KEPT, "catalog")})
        self.quirks = Quirks()

    def book(self, fields: Mapping[str, Any]) -> Record:
        """A new booking; what is left out is what is usual.

        Raises:
            RefusedError: a field is not what Square takes.
        """
        made: Record = {
            "id": str(fields.get("id") or new_id()),
            "version": 0,
            "status": "ACCEPTED",
            "created_at": self.clock.stamp(),
            "updated_at": self.clock.stamp(),
            "location_id": self.location["id"],
            "customer_note": "",
            "seller_note": "",
            "transition_time_minutes": 0,
            "all_day": False,
            "location_type": "BUSINESS_LOCATION",
            "creator_details": {"creator_type": "TEAM_MEMBER", "team_member_id": "TM-1"},
            "source": "FIRST_PARTY_MERCHANT",
        }
        if made["id"] in self.bookings:
            raise RefusedError(400, "BAD_REQUEST", "There is a booking with this id.", "id")
        given = {name: value for name, value in fields.items() if name not in _OURS}
        made |= {"appointment_segments": self.catalog.usual_segments()} | given
        self._check(made)
        self.bookings[made["id"]] = made
        return deepcopy(made)

    def rebook(self, booking_id: str, fields: Mapping[str, Any]) -> Record:
        """Change a booking: move it, cancel it, write a note. A null takes a field away.

        Raises:
            RefusedError: there is none, or a field is not what Square takes.
        """
        if booking_id not in self.bookings:
            raise not_found("Booking", booking_id)
        changed = _with(self.bookings[booking_id], fields)
        self._check(changed)
        changed |= {"version": changed["version"] + 1, "updated_at": self.clock.stamp()}
        self.bookings[booking_id] = changed
        return deepcopy(changed)

    def enrol(self, fields: Mapping[str, Any]) -> Record:
        """A new customer."""
        made: Record = {
            "id": str(fields.get("id") or new_id().upper()),
            "version": 0,
            "created_at": self.clock.stamp(),
            "updated_at": self.clock.stamp(),
            "creation_source": "DIRECTORY",
            "preferences": {"email_unsubscribed": False},
        }
        if made["id"] in self.customers:
            raise RefusedError(400, "BAD_REQUEST", "There is a customer with this id.", "id")
        made |= {name: value for name, value in fields.items() if name not in _OURS}
        self.customers[made["id"]] = made
        return deepcopy(made)

    def amend(self, customer_id: str, fields: Mapping[str, Any]) -> Record:
        """Change a customer.

        Raises:
            RefusedError: there is none.
        """
        if customer_id not in self.customers:
            raise not_found("Customer", customer_id)
        changed = _with(self.customers[customer_id], fields)
        changed |= {"version": changed["version"] + 1, "updated_at": self.clock.stamp()}
        self.customers[customer_id] = changed
        return deepcopy(changed)

    def merge(self, customer_ids: Sequence[str]) -> Record:
        """One new customer in the place of these, which are found under their ids no more.

        Raises:
            RefusedError: one of them does not exist.
        """
        old = []
        for each in customer_ids:
            if each not in self.customers:
                raise not_found("Customer", each)
            old.append(self.customers[each])
        if not old:
            raise RefusedError(400, "BAD_REQUEST", "Name the customers.", "customer_ids")
        fields = {name: value for one in reversed(old) for name, value in one.items()}
        made = self.enrol({name: value for name, value in fields.items() if name not in _OURS})
        for each in customer_ids:
            del self.customers[each]
            self.merged[each] = made["id"]
        for booking in self.bookings.values():
            if booking.get("customer_id") in customer_ids:
                booking["customer_id"] = made["id"]
        return made

    def shown(self, booking: Record) -> Record:
        """A booking as it is sent."""
        shown = deepcopy(booking)
        if booking["id"] in self.quirks.unreadable:
            shown["start_at"], shown["appointment_segments"] = "soon", {"duration": "long"}
        return shown

    def by_id(self, booking_id: str, *, whole: bool = True) -> Record:
        """One booking; without `whole` only if an application has made it.

        Raises:
            RefusedError: there is none.
        """
        found = self.bookings.get(booking_id)
        if found is None or booking_id in self.quirks.gone or not (whole or made_by_api(found)):
            raise not_found("Booking", booking_id)
        return self.shown(found)

    def _check(self, booking: Mapping[str, Any]) -> None:
        start = moment(booking.get("start_at"), "start_at")
        if start.microsecond:
            raise RefusedError(400, "INVALID_TIME", "start_at has fractions.", "start_at")
        if not _STATUS.fullmatch(str(booking.get("status"))):
            raise RefusedError(400, "INVALID_ENUM_VALUE", "No status of a booking.", "status")
        if not isinstance(booking["appointment_segments"], list):
            raise RefusedError(400, "EXPECTED_ARRAY", "Not a list.", "appointment_segments")


def made_by_api(booking: Record) -> bool:
    """Whether an application has made it, and no person."""
    return bool(booking.get("source") == "API")


def _with(record: Record, fields: Mapping[str, Any]) -> Record:
    given = {name: value for name, value in fields.items() if name not in _OURS}
    changed = deepcopy(record) | deepcopy(given)
    return {name: value for name, value in changed.items() if value is not None}

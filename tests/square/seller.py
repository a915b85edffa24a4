"""A seller at Square, in memory: bookings, customers and services, with Square's versions.

It answers as closedloop.square.clients.square does, without a network; local/sandbox/square is the
stand-in that speaks HTTP.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from closedloop.core.times import iso, to_second
from closedloop.square import model
from closedloop.square.model import Found, Page, Service, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Wire = dict[str, Any]
PAGE = 100


@dataclass
class Seller:
    """What the seller's Square holds. `calls` counts what was asked of it."""

    now: Callable[[], datetime]
    records: dict[str, Wire] = field(default_factory=dict)
    people: dict[str, Wire] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    """Left out of every list, and there by id."""
    calls: Counter[str] = field(default_factory=Counter)
    trouble: Callable[[str], None] = lambda _: None
    """Called before each answer with what is asked for; may raise."""
    page: int = PAGE

    def book(self, booking_id: str, start: datetime, **more: Any) -> Wire:
        """A new booking, as an event would carry it."""
        segment = {"duration_minutes": 60, "service_variation_id": "var-1", "team_member_id": "tm"}
        moment = iso(self.now())
        fields = {
            "id": booking_id,
            "version": 0,
            "status": "ACCEPTED",
            "created_at": moment,
            "updated_at": moment,
            "start_at": to_second(start),
            "location_id": "loc-1",
            "appointment_segments": [segment],
        }
        self.records[booking_id] = {**fields, **more}
        return dict(self.records[booking_id])

    def edit(self, booking_id: str, **changes: Any) -> Wire:
        """A change in Square's own dashboard: one version more."""
        before = self.records[booking_id]
        now = {"version": before["version"] + 1, "updated_at": iso(self.now())}
        self.records[booking_id] = {**before, **now, **changes}
        return dict(self.records[booking_id])

    def customer(self, customer_id: str, **fields: Any) -> Wire:
        """A customer as they are from now on."""
        before = self.people.get(customer_id, {"id": customer_id, "version": 0})
        self.people[customer_id] = {**before, "version": before["version"] + 1, **fields}
        return dict(self.people[customer_id])

    def named(self, variation_id: str, name: str, **more: Any) -> None:
        """A service of the catalog."""
        self.services[variation_id] = Service(variation_id, name, **more)

    # What the client offers.

    def bookings(self, start: datetime, end: datetime, *_: Any, **__: Any) -> Iterator[Page]:
        """The bookings that start in a window, page after page."""
        listed = [
            each
            for each in sorted(self.records.values(), key=lambda each: each["start_at"])
            if each["id"] not in self.hidden and _within(each, start, end)
        ]
        for at in range(0, max(1, len(listed)), self.page):
            self._ask("list")
            good, bad = [], []
            for each in listed[at : at + self.page]:
                try:
                    good.append(model.booking(each))
                except model.UnreadableRecordError as wrong:
                    bad.append(Unreadable(each["id"], str(wrong), each))
            last = at + self.page >= len(listed)
            yield Page(tuple(good), tuple(bad), (), full=not last, last=last)

    def bookings_by_id(self, ids: Sequence[str]) -> Found[model.Booking]:
        """Bookings by id, hidden ones too."""
        self._ask("by id")
        known = {each: model.booking(self.records[each]) for each in ids if each in self.records}
        return Found(known, tuple(each for each in ids if each not in known), {}, {})

    def customers(self, ids: Sequence[str]) -> Found[model.Customer]:
        """Customers by id."""
        self._ask("customers")
        known = {each: model.customer(self.people[each]) for each in ids if each in self.people}
        return Found(known, tuple(each for each in ids if each not in known), {}, {})

    def service_names(self, variation_ids: Sequence[str]) -> Mapping[str, Service]:
        """Names of variations that are in the catalog."""
        self._ask("names")
        return {each: self.services[each] for each in variation_ids if each in self.services}

    def _ask(self, what: str) -> None:
        self.calls[what] += 1
        self.trouble(what)


def event(booking: Wire, event_id: str, kind: str = "booking.updated") -> Wire:
    """The notification of a booking's change, with the suffix that Square puts behind `data.id`."""
    suffixed = f"{booking['id']}:{booking['version']}"
    return {
        "merchant_id": "merchant-1",
        "type": kind,
        "event_id": event_id,
        "created_at": booking.get("updated_at"),
        "data": {"type": "booking", "id": suffixed, "object": {"booking": booking}},
    }


def _within(booking: Wire, start: datetime, end: datetime) -> bool:
    # A time that cannot be read is listed: Square would not send it, and somebody must see it.
    try:
        return start <= datetime.fromisoformat(booking["start_at"]) < end
    except (TypeError, ValueError):
        return end - start > timedelta(0)

"""The work of two weeks: nine jobs today, in every state, and some on the open days around it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from closedloop.jobs import model
from closedloop.square import booking, customer
from closedloop.square.model import Service as Named
from closedloop.square.model import booking as read_booking
from closedloop.square.model import customer as read_customer
from local.demo.calendar import iso, open_days, starts, to_second
from local.demo.cars import vehicle
from local.demo.persons import of_org

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from local.demo.orgs import Org, Service
    from local.demo.persons import Customer
    from local.sandbox.square.seller import Seller

# By how many hours around now: the shop of an afternoon, whenever somebody looks.
_TODAY = (
    (-5.0, "completed"), (-4.5, "completed"), (-3.0, "ready"), (-2.5, "qc"), (-1.5, "in_progress"),
    (-1.0, "in_progress"), (-0.5, "checked_in"), (1.0, "scheduled"), (2.0, "cancelled"),
)  # fmt: skip
_BACK = ("completed", "completed", "completed", "cancelled", "completed", "completed")
_AHEAD = 8
_WAY = ("scheduled", "checked_in", "in_progress", "qc", "ready", "completed")
_TECH = {
    "auto_detailing": ("Photograph the car", "Wash and dry", "Vacuum seats and carpet", "Windows"),
    "clinic": ("Check the name and date of birth", "Prepare the room"),
}
_QC = {
    "auto_detailing": ("No streaks on paint and glass", "Trunk and door jambs", "Keys at the desk"),
    "clinic": ("Notes are complete",),
}
_HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Work:
    """A job before anybody has written it down: what was booked, and how far it is."""

    number: int
    org: Org
    start: datetime
    status: str
    service: Service
    person: Customer

    @property
    def id(self) -> str:
        """Of the booking, and of the job."""
        return f"sqb_{self.org.id}_{self.number:03}"

    @property
    def customer(self) -> dict[str, str]:
        """The customer, as a seller's directory at Square has one."""
        given, _, family = self.person.name.partition(" ")
        return {
            "id": f"SQC_{self.id}",
            "given_name": given,
            "family_name": family,
            "phone_number": self.person.phone,
            "email_address": self.person.email,
        }

    @property
    def booking(self) -> dict[str, Any]:
        """The booking, as far as it is not what is usual at Square."""
        rng = random.Random(f"{self.id} booking")
        part = {
            "duration_minutes": self.service.duration_minutes,
            "service_variation_id": variation_of(self.service),
            "service_variation_version": 1,
            "team_member_id": rng.choice(("TM_ANA", "TM_LUIS", "TM_JO")),
        }
        return {
            "id": self.id,
            "start_at": to_second(self.start),
            "status": "CANCELLED_BY_CUSTOMER" if self.status == "cancelled" else "ACCEPTED",
            "customer_id": self.customer["id"],
            "customer_note": rng.choice(("", "", *self.org.wishes)),
            "appointment_segments": [part],
        }


def variation_of(service: Service) -> str:
    """The service's id in the catalog."""
    return f"SQV-{service.id}"


def works(org: Org, now: datetime) -> list[Work]:
    """The jobs in the order of their numbers."""
    people = of_org(org)
    return [
        Work(number, org, start, status, org.services[number % 3], people[number * 7 % len(people)])
        for number, (start, status) in enumerate(_plan(org, now), start=1)
    ]


def jobs(org: Org, now: datetime, seller: Seller) -> Iterator[dict[str, Any]]:
    """Each is `row_id`, `created` and its own fields, as the webhook of its booking has made it."""
    services = {
        variation_of(each): Named(variation_of(each), each.name, price_cents=each.price_cents)
        for each in org.services
    }
    for work in works(org, now):
        rng = random.Random(f"{work.id} job")
        record = seller.bookings[work.id]
        told = booking.told(read_booking(record), org.time_zone, booking.Catalog(services))
        known = read_customer(seller.customers[work.customer["id"]])
        made = model.new(
            told.id,
            told.fields,
            created_by="reconciliation" if work.number % 5 == 0 else "webhook",
            square_version=told.version,
            square_hash=told.hash,
            square_updated_at=told.updated_at,
            customer=customer.cached(known.id, known, now - timedelta(hours=2)),
        )
        car = {"vehicleInfo": vehicle(rng)} if org.kind == "auto_detailing" else {}
        yield {
            "row_id": made.id,
            "created": min(now, work.start) - timedelta(days=6) * rng.random(),
            **{name: value for name, value in made.set.items() if value is not None},
            **_staff(work, now),
            **car,
        }


def _plan(org: Org, now: datetime) -> Iterator[tuple[datetime, str]]:
    """When each job begins, and its state: today's first."""
    zone = ZoneInfo(org.time_zone)
    local = now.astimezone(zone)
    hour = min(max(local.hour, 6), 20)
    anchor = local.replace(hour=hour, minute=local.minute // 30 * 30, second=0, microsecond=0)
    for hours, status in _TODAY:
        yield (anchor + timedelta(hours=hours)).astimezone(UTC), status
    days = open_days(org, local.date(), back=8, ahead=8)
    before = [day for day in days if day < local.date()][-len(_BACK) :]
    after = [day for day in days if day > local.date()]
    for number, status in enumerate(_BACK):
        times = list(starts(org, before[number % len(before)], 240))
        yield times[number % len(times)], status
    for number in range(_AHEAD):
        times = list(starts(org, after[number % len(after)], 240))
        yield times[number % len(times)], "scheduled"


def _staff(work: Work, now: datetime) -> dict[str, Any]:
    """What the people of the shop have written."""
    org, service, status = work.org, work.service, work.status
    moment = min(work.start, now)
    moves = _moves(status, moment, now)
    ticked = {"checked_in": 1, "in_progress": 2}.get(status, 99 if len(moves) > 2 else 0)  # noqa: PLR2004 - work has begun
    checked = {"qc": 1, "ready": 99, "completed": 99}.get(status, 0)
    lists = {
        "tech": _points(_TECH[org.kind], ticked, moment),
        "qc": _points(_QC[org.kind], checked, moment),
    }
    paid = {"payment": {"status": "paid", "amount_cents": service.price_cents, "method": "card"}}
    return {
        "workStatus": status,
        "statusHistory": moves,
        "checklist": lists,
        **(paid if status == "completed" else {}),
    }


def _moves(status: str, start: datetime, now: datetime) -> list[dict[str, Any]]:
    way = ("scheduled", "cancelled") if status == "cancelled" else _WAY[: _WAY.index(status) + 1]
    step = max(timedelta(), min(_HALF_HOUR, (now - start) / len(way)))
    by = {"id": "system", "email": "system"}
    return [
        {"from": before, "to": after, "at": iso(start + step * number), "by": by}
        for number, (before, after) in enumerate(pairwise(way))
    ]


def _points(labels: Sequence[str], done: int, at: datetime) -> list[dict[str, Any]]:
    tick = {"done": True, "by": {"id": "system", "email": "system"}, "at": iso(at)}
    return [
        {"id": f"point_{number}", "label": label, **(tick if number <= done else {"done": False})}
        for number, label in enumerate(labels, start=1)
    ]

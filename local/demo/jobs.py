"""The work of two weeks: nine jobs today, in every state, and some on the open days around it."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from closedloop.bookings.cells import Stretch, quarter
from closedloop.bookings.setup import QUARTER
from closedloop.jobs import model
from local.demo.calendar import iso, open_days, starts, to_second
from local.demo.cars import vehicle
from local.demo.orgs import DETAILER
from local.sandbox.square.vendor import CHICAGO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from local.demo.orgs import Org, Service

# By how many hours around now: the shop of an afternoon, whenever somebody looks, with three cars
# in it at most.
_TODAY = (
    (-5.0, "completed"), (-4.5, "completed"), (-3.0, "ready"), (-2.5, "qc"), (-1.5, "in_progress"),
    (-0.5, "in_progress"), (0.0, "checked_in"), (1.0, "scheduled"), (2.0, "cancelled"),
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


def jobs(org: Org, contacts: Sequence[dict[str, Any]], now: datetime) -> Iterator[dict[str, Any]]:
    """The jobs in the order of their numbers; each is `row_id`, `created` and its own fields.

    Those that are not over have a place in the calendar.
    """
    plan = list(_plan(org, now))
    lanes = _lanes(org, plan, now)
    for number, (start, status) in enumerate(plan, start=1):
        rng = random.Random(f"{org.id} job {number}")
        service = _service(org, number)
        contact = contacts[(number * 7) % len(contacts)]
        made = model.new(
            f"sqb_{org.id}_{number:03}",
            {
                **_booking(org, service, start, status, rng),
                "square_customer_id": _customer(contact, now)["id"],
            },
            created_by="reconciliation" if number % 5 == 0 else "webhook",
            square_version=0,
            square_hash="",
            customer=_customer(contact, now),
        )
        car = {"vehicleInfo": vehicle(rng)} if org.kind == "auto_detailing" else {}
        yield {
            "row_id": made.id,
            "created": min(now, start) - timedelta(days=6) * rng.random(),
            **{name: value for name, value in made.set.items() if value is not None},
            **_staff(org, service, start, status, now),
            **car,
            **(lanes[number].fields if number in lanes else {}),
        }


def _plan(org: Org, now: datetime) -> Iterator[tuple[datetime, str]]:
    """When each job begins, and its state: today's first."""
    zone = ZoneInfo(org.time_zone)
    local = now.astimezone(zone)
    hour = min(max(local.hour, 6), 20)
    anchor = local.replace(hour=hour, minute=local.minute // 30 * 30, second=0, microsecond=0)
    for hours, status in _TODAY:
        yield anchor.astimezone(UTC) + timedelta(hours=hours), status
    days = open_days(org, local.date(), back=8, ahead=8)
    before = [day for day in days if day < local.date()][-len(_BACK) :]
    after = [day for day in days if day > local.date()]
    for number, status in enumerate(_BACK):
        times = list(starts(org, before[number % len(before)], 240))
        yield times[number % len(times)], status
    for number in range(_AHEAD):
        times = list(starts(org, after[number % len(after)], 240))
        yield times[number % len(times)], "scheduled"


def _lanes(org: Org, plan: Sequence[tuple[datetime, str]], now: datetime) -> dict[int, Stretch]:
    """What each job takes that is still to come or going on, by its number."""
    length = {
        n: timedelta(minutes=_service(org, n).duration_minutes) for n, _ in enumerate(plan, 1)
    }
    live = [
        (start, number)
        for number, (start, status) in enumerate(plan, start=1)
        if status != model.CANCELLED and start + length[number] > now
    ]
    found: dict[int, Stretch] = {}
    free = dict.fromkeys(org.resources, now - timedelta(days=1))
    for start, number in sorted(live):
        lane = next(each for each in org.resources if free[each] <= start)
        free[lane] = start + length[number]
        found[number] = Stretch(lane, quarter(start), length[number] // QUARTER)
    return found


def _service(org: Org, number: int) -> Service:
    return org.services[number % 3]


def _booking(
    org: Org, service: Service, start: datetime, status: str, rng: random.Random
) -> dict[str, Any]:
    part = {
        "duration_minutes": service.duration_minutes,
        "service_variation_id": service.id,
        "service_name": service.name,
        "price_cents": service.price_cents,
        "team_member_id": rng.choice(("TM_ANA", "TM_LUIS", "TM_JO")),
    }
    return {
        "appointmentTime": to_second(start),
        "serviceType": service.name,
        "booking_status": "CANCELLED_BY_CUSTOMER" if status == "cancelled" else "ACCEPTED",
        "segments": [part],
        "time_zone": org.time_zone,
        "location_id": CHICAGO["id"] if org is DETAILER else f"LOC_{org.id.upper()}",
        "location_type": "BUSINESS_LOCATION",
        "customer_note": rng.choice((None, None, *org.wishes)),
        "source": "FIRST_PARTY_BUYER",
    }


def _customer(contact: dict[str, Any], now: datetime) -> Any:
    known = {name: contact[name] for name in ("name", "phone", "email")}
    cached_at = iso(now - timedelta(hours=2))
    return {"id": f"SQC_{contact['id']}", **known, "cached_at": cached_at, "version": 0}


def _staff(
    org: Org, service: Service, start: datetime, status: str, now: datetime
) -> dict[str, Any]:
    """What the people of the shop have written."""
    moment = min(start, now)
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

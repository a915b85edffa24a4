"""A calendar of four weeks around now, without two appointments in one place at one time."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from closedloop.bookings.cells import Stretch
from closedloop.bookings.setup import Service as Bookable
from local.demo.calendar import iso, open_days, starts, to_second

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from local.demo.orgs import Org, Service

EACH_SIDE = 60
_DAYS = 14
_MORE_TODAY = 4
"""How much more often today is tried than another day, for jobs have most of its places."""
_WEIGHTS = (5, 4, 2, 1, 3)  # of the services, in their order
_PAST = (*("completed",) * 8, "no_show", "cancelled")
_COMING = (*("pending",) * 8, "confirmed", "cancelled")


@dataclass(frozen=True, slots=True)
class _Booked:
    start: datetime
    end: datetime
    resource: str
    service: Service

    def collides(self, other: _Booked) -> bool:
        same_place = self.resource == other.resource
        return same_place and self.start < other.clean and other.start < self.clean

    @property
    def clean(self) -> datetime:
        return self.end + timedelta(minutes=self.service.buffer_after_minutes)

    @property
    def stretch(self) -> Stretch:
        """The cells that it takes."""
        service = self.service
        bought = Bookable(
            service.id, service.name, service.duration_minutes, 0, service.buffer_after_minutes
        )
        return Stretch.of(self.resource, bought, self.start)


def appointments(
    org: Org, contacts: Sequence[dict[str, Any]], now: datetime, taken: Collection[str] = ()
) -> Iterator[dict[str, Any]]:
    """120 appointments in the order of their start, half of them before `now`.

    None stands in a place that is `taken`: ids of cells. Each is `row_id`, `created` and the fields
    of its own.
    """
    for number, booked in enumerate(_calendar(org, now, frozenset(taken)), start=1):
        rng = random.Random(f"{org.id} appointment {number}")
        past = number <= EACH_SIDE
        status = (_PAST if past else _COMING)[number % 10]
        contact = rng.choice(contacts)
        yield {
            "row_id": f"apt_{org.id}_{number:03}",
            "created": min(now, booked.start) - timedelta(days=10) * rng.random(),
            "contact_id": contact["id"],
            "contact_name": contact["name"],
            "contact_phone": contact["phone"],
            "service_id": booked.service.id,
            "service_name": booked.service.name,
            "start": to_second(booked.start),
            "end": to_second(booked.end),
            "time_zone": org.time_zone,
            "status": status,
            "notes": rng.choice(("", "", *org.wishes)),
            "resource": booked.resource,
            **booked.stretch.fields,
            **(_confirmation(now) if status == "confirmed" else {}),
        }


def _calendar(org: Org, now: datetime, taken: frozenset[str]) -> list[_Booked]:
    rng = random.Random(f"{org.id} calendar")
    today = now.astimezone(ZoneInfo(org.time_zone)).date()
    days = open_days(org, today, back=_DAYS, ahead=_DAYS)
    days += [day for day in days if day == today] * _MORE_TODAY
    booked: list[_Booked] = []
    past, coming = 0, 0
    while past < EACH_SIDE or coming < EACH_SIDE:
        one = _pick(rng, org, rng.choice(days))
        wanted = past < EACH_SIDE if one and one.start < now else coming < EACH_SIDE
        free = one and taken.isdisjoint(one.stretch.uses())
        if one and wanted and free and not any(one.collides(other) for other in booked):
            booked.append(one)
            past, coming = past + (one.start < now), coming + (one.start >= now)
    return sorted(booked, key=lambda one: (one.start, one.resource))


def _pick(rng: random.Random, org: Org, day: date) -> _Booked | None:
    service = rng.choices(org.services, _WEIGHTS)[0]
    resource = rng.choice(org.resources)
    times = list(starts(org, day, service.duration_minutes))
    if not times:
        return None
    start = rng.choice(times)
    end = start + timedelta(minutes=service.duration_minutes)
    return _Booked(start, end, resource, service)


def _confirmation(now: datetime) -> dict[str, str]:
    return {"confirmed_at": iso(now - timedelta(days=1)), "confirmed_by": "system"}

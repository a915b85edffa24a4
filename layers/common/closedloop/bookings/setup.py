"""What a business has decided about its appointments, read from its settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from closedloop.bookings.hours import WEEKDAYS, Minutes, minutes
from closedloop.business.defaults import setting
from closedloop.core.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.core.rows import Row

QUARTER = timedelta(minutes=15)
"""The length of a cell: the finest that a calendar tells apart."""


@dataclass(frozen=True, slots=True)
class Service:
    """What is sold by appointment. Lengths in minutes; `resources` empty means any."""

    id: str
    name: str
    length: int
    before: int
    after: int
    resources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Setup:
    """The calendar's rules of one business. `lanes` are the places where one visit is at a time.

    A resource of capacity three has three lanes: its own id and `<id>.2`, `<id>.3`, so that more
    capacity leaves every booking where it is.
    """

    zone: ZoneInfo
    hours: Mapping[str, tuple[Minutes, ...]]
    breaks: Mapping[str, tuple[Minutes, ...]]
    days_off: frozenset[date]
    services: Mapping[str, Service]
    lanes: Mapping[str, str]
    """Resource by lane, in the order in which they are filled."""
    step: timedelta
    lead: timedelta
    horizon: timedelta
    holds_per_phone: int
    holds_per_hour: int

    @classmethod
    def of(cls, settings: Row) -> Setup:
        """The rules that the settings row of an org holds."""
        limits = setting(settings, "limits")
        return cls(
            zone=ZoneInfo(settings.get("time_zone") or "UTC"),
            hours=_weekly(settings.get("opening_hours")),
            breaks=_weekly(setting(settings, "breaks")),
            days_off=frozenset(map(date.fromisoformat, setting(settings, "days_off"))),
            services={each["id"]: _service(each) for each in settings.get("services") or ()},
            lanes=_lanes(settings.get("resources") or ()),
            step=timedelta(minutes=setting(settings, "slot_minutes")),
            lead=timedelta(minutes=setting(settings, "lead_minutes")),
            horizon=timedelta(days=setting(settings, "horizon_days")),
            holds_per_phone=limits["holds_per_phone"],
            holds_per_hour=limits["holds_per_hour"],
        )

    def service(self, service_id: str | None) -> Service:
        """The service asked for; without an id the only one or the first.

        Raises:
            NotFoundError: the business does not offer it.
        """
        found = next(iter(self.services.values()), None)
        if service_id is not None:
            found = self.services.get(service_id)
        if found is None:
            raise NotFoundError("There is no such service.")
        return found

    def lanes_of(self, service: Service, resource: str | None = None) -> tuple[str, ...]:
        """The lanes that can take a service, or those of one resource.

        Raises:
            NotFoundError: the business has no such resource, or not for this service.
        """
        lanes = tuple(
            lane
            for lane, own in self.lanes.items()
            if resource in {None, own} and (not service.resources or own in service.resources)
        )
        if not lanes:
            raise NotFoundError("There is no such resource for this service.")
        return lanes


def _weekly(hours: Mapping[str, Any] | None) -> dict[str, tuple[Minutes, ...]]:
    found = hours or {}
    return {day: tuple(minutes(*each) for each in found.get(day) or ()) for day in WEEKDAYS}


def _service(stored: Row) -> Service:
    return Service(
        id=stored["id"],
        name=stored["name"],
        length=stored["duration_minutes"],
        before=stored.get("buffer_before_minutes", 0),
        after=stored.get("buffer_after_minutes", 0),
        resources=frozenset(stored.get("resources") or ()),
    )


def _lanes(resources: Any) -> dict[str, str]:
    """Each lane and its resource (`cells.resource_of`)."""
    return {
        each["id"] if number == 1 else f"{each['id']}.{number}": each["id"]
        for each in resources
        for number in range(1, each.get("capacity", 1) + 1)
    }

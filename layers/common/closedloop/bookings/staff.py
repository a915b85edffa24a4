"""What staff do with the calendar: book, move. They take the same cells as callers do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, NotRequired, Self

from pydantic import Field, StringConstraints, model_validator
from typing_extensions import TypedDict

from closedloop.bookings import appointments, cells, reading
from closedloop.bookings.cells import Stretch
from closedloop.bookings.errors import (
    AppointmentChangedError,
    SlotNotOfferedError,
    SlotTakenError,
)
from closedloop.bookings.setup import Service
from closedloop.bookings.slots import Offer
from closedloop.bookings.states import TABLE
from closedloop.core.command import Command, Moment, Notes, RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.errors import NotFoundError
from closedloop.core.rows import gone, public
from closedloop.core.times import parse, to_second
from closedloop.core.words import PersonName
from closedloop.core.writes import Change, Check, Create
from closedloop.people.contacts import Phone
from closedloop.people.create import as_made
from closedloop.people.matching import Known, booked, booked_contact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from closedloop.bookings.rows import Appointment
    from closedloop.bookings.setup import Setup
    from closedloop.core.rows import Row
    from closedloop.core.values import Time, Version

_A_DAY = timedelta(days=1)

Resource = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$")]


class CreateBooking(Command):
    """Book a visit for a contact (`contactId`), or for `name` and `phone`."""

    contactId: RowId | None = None  # noqa: N815 - the wire's own spelling
    name: PersonName | None = None
    phone: Phone | None = None
    serviceId: RowId  # noqa: N815
    start: Moment
    resource: Resource | None = None
    notes: Notes | None = None

    @model_validator(mode="after")
    def _one_person(self) -> Self:
        named = self.name is not None and self.phone is not None
        some = self.name is not None or self.phone is not None
        if named == (self.contactId is not None) or some != named:
            raise ValueError("give contactId, or name and phone")
        return self


class Reschedule(Command):
    """Move a visit to another time, and to another resource if one is named.

    `expectedVersion` is that of the visit on the screen.
    """

    appointmentId: RowId  # noqa: N815
    start: Moment
    resource: Annotated[Resource | None, Field()] = None
    expectedVersion: Annotated[int, Field(ge=0, lt=10**17)] | None = None  # noqa: N815


class BookingCreated(TypedDict):
    """The visit is agreed and its time taken."""

    appointment: Appointment


class MovedAppointment(TypedDict):
    """When and where the visit is now. Lay it over the row."""

    id: str
    start: Time
    end: Time
    time_zone: str
    resource: str
    rescheduled_at: NotRequired[Time]
    """Absent where it has never moved."""
    version: Version


class BookingMoved(TypedDict):
    """The visit has its new time, and the old one is free."""

    appointment: MovedAppointment


def create(command: CreateBooking, context: Context) -> Decision[BookingCreated]:
    """Make a confirmed appointment and take its cells, once; its person becomes a contact.

    Staff keep to hours, breaks and days off, not to notice, horizon and grid: a visit may begin at
    any quarter of an hour.

    Raises:
        SlotTakenError, SlotNotOfferedError: carry the next three free `slots`.
        NotFoundError: no such contact, service or resource in the org.
    """
    new = context.new_id("appointment")
    if made := context.seen.get((TABLE, new)):
        return Decision((Check(TABLE, new),), Reply(BookingCreated(appointment=public(made))))
    setup = reading.setup(context)
    service = setup.service(command.serviceId)
    person = _person(command, context)
    offer = Offer(setup, service, context.now, staff=True)
    lane = _lane(offer, command.start, setup.lanes_of(service, command.resource), new, context)
    fields = {
        **person.fields,
        **_when(setup, offer, lane, command.start),
        "service_id": service.id,
        "service_name": service.name,
        "status": "confirmed",
        "confirmed_at": context.timestamp,
        "confirmed_by": context.actor.id,
        "source": "staff",
        "notes": command.notes,
    }
    takes = cells.taken(Stretch.of(lane, service, command.start), new, context)
    rows = (Create(TABLE, new, fields), *person.writes)
    appointment: Any = public(as_made(context, new, fields))
    reply = Reply(BookingCreated(appointment=appointment))
    return Decision((*rows, *takes, *person.checks), reply)


def reschedule(command: Reschedule, context: Context) -> Decision[BookingMoved]:
    """Move an appointment: takes the new cells and frees the old ones at once, or does nothing.

    Its length and buffers stay as they were agreed, and it may overlap its own old time. In another
    resource only where one is named, or where its own is taken.

    Raises:
        AppointmentCancelledError, AppointmentOverError: carry the current row.
        AppointmentChangedError: `expectedVersion` is no longer true; carries the current row.
        SlotTakenError, SlotNotOfferedError: carry the next three free `slots`.
        NotFoundError: no such appointment or resource in the org.
    """
    row = context.need(TABLE, command.appointmentId)
    appointments.refuse_unless_live(row, "moved")
    if command.expectedVersion not in {None, row["version"]}:
        raise AppointmentChangedError(appointment=public(row))
    setup = reading.setup(context)
    service, old = _as_agreed(row, setup), Stretch.stored(row)
    own = command.resource or row.get("resource")
    if old and command.start == parse(row["start"]) and row.get("resource") == own:
        names = ("id", "start", "end", "time_zone", "resource", "rescheduled_at", "version")
        shown: Any = {name: row[name] for name in names if name in row}
        reply = Reply(BookingMoved(appointment=shown))
        return Decision((Check(TABLE, row["id"], {"version": row["version"]}),), reply)
    lanes = setup.lanes_of(service, command.resource)
    offer = Offer(setup, service, context.now, staff=True)
    lane = _lane(offer, command.start, _own_first(lanes, row), row["id"], context)
    moved = {**_when(setup, offer, lane, command.start), "rescheduled_at": context.timestamp}
    before = (old, str(row["id"])) if old else None
    stretch = Stretch.of(lane, service, command.start)
    takes = cells.taken(stretch, row["id"], context, old=before)
    change = Change(TABLE, row["id"], moved, {"version": row["version"]})
    appointment: Any = public({"id": row["id"], **moved, "version": context.version})
    return Decision((change, *takes), Reply(BookingMoved(appointment=appointment)))


def _person(command: CreateBooking, context: Context) -> Known:
    if command.contactId is None:
        return booked_contact(context, command.phone, command.name, source="staff")
    row = reading.look(context, "contacts", command.contactId)
    if row is None or gone(row):
        raise NotFoundError
    return booked(context, row)


def _lane(offer: Offer, start: datetime, lanes: Sequence[str], owner: str, context: Context) -> str:
    """The lane to take: the first that is free as far as cells were seen and the index knows.

    The index may lag: before anybody is refused, one lane is tried. An only lane is just tried.
    """
    if reason := offer.reason(start):
        soon = _soon(start, offer)
        free = offer.alternatives(soon, reading.taken(context, soon))
        raise SlotNotOfferedError(reason=reason, slots=free)
    stretches = {lane: Stretch.of(lane, offer.service, start) for lane in lanes}
    left = [
        lane for lane, each in stretches.items() if not cells.in_the_way(each, {owner}, context)
    ]
    found = left[0] if left and len(lanes) == 1 else None
    if left and len(lanes) > 1:
        around = reading.taken(context, start, {owner}, ahead=_A_DAY)
        found = offer.free_lane(start, around, left)
        if found is None and len(left) == len(lanes) and not _tried(stretches, context):
            found = left[0]
    if found is None:
        raise SlotTakenError(slots=offer.alternatives(start, reading.taken(context, start)))
    return found


def _tried(stretches: Mapping[str, Stretch], context: Context) -> bool:
    """Whether some cell was seen: then a lane was tried."""
    cells_ = (cell for each in stretches.values() for cell in each.uses())
    return any((cells.TABLE, cell) in context.seen for cell in cells_)


def _soon(start: datetime, offer: Offer) -> datetime:
    """From where other times are looked for: not in the past, not in the year 2150."""
    horizon = offer.now + offer.setup.horizon
    return min(max(start, offer.now), horizon)


def _when(setup: Setup, offer: Offer, lane: str, start: datetime) -> Row:
    return {
        "start": to_second(start),
        "end": to_second(start + timedelta(minutes=offer.service.length)),
        "time_zone": setup.zone.key,
        "resource": setup.lanes[lane],
        **Stretch.of(lane, offer.service, start).fields,
    }


def _as_agreed(row: Row, setup: Setup) -> Service:
    """The service as it was booked, whatever the settings say by now."""
    known = setup.services.get(str(row.get("service_id")))
    length = (parse(row["end"]) - parse(row["start"])) // timedelta(minutes=1)
    before, _, after = row.get("shape") or (0, 0, 0)
    resources = known.resources if known else frozenset()
    return Service(
        str(row.get("service_id")), str(row.get("service_name")), length, before * 15, after * 15,
        resources,
    )  # fmt: skip


def _own_first(lanes: Sequence[str], row: Row) -> tuple[str, ...]:
    """Its own lane, then those of its own resource, then the others."""
    own = (row.get("lane"), row.get("resource"))
    return tuple(sorted(lanes, key=lambda lane: (lane != own[0], lane.partition(".")[0] != own[1])))

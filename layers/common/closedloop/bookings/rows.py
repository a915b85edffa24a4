"""Appointments as answers and events carry them: what is stored, less what only we use.

For annotations: no function loads this module. Which fields are always there is what the rules
rely on; every other one is absent where there is nothing to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired

from typing_extensions import TypeAliasType, TypedDict

from closedloop.core.values import PhoneNumber, StoredRow, Time

if TYPE_CHECKING:
    from closedloop.bookings.views import AppointmentStatus


class Appointment(StoredRow):
    """An agreed time."""

    status: AppointmentStatus
    start: Time
    end: Time
    time_zone: str
    """IANA name: the clock by which people read `start` and `end`."""
    contact_id: NotRequired[str]
    contact_name: NotRequired[str]
    contact_phone: NotRequired[PhoneNumber]
    service_id: NotRequired[str]
    service_name: NotRequired[str]
    resource: NotRequired[str]
    """The bay, room or chair that it takes."""
    notes: NotRequired[str]
    confirmed_at: NotRequired[Time]
    confirmed_by: NotRequired[str]
    """Who agreed to it: the id of who pressed, or the name that was given as `confirmedBy`."""
    confirmation_notes: NotRequired[str]
    cancelled_at: NotRequired[Time]
    cancelled_by: NotRequired[str]
    """The id of who called it off; `sms:` and the person's id where a text did."""
    cancellation_reason: NotRequired[str]
    completed_at: NotRequired[Time]
    completed_by: NotRequired[str]
    no_show_at: NotRequired[Time]
    no_show_by: NotRequired[str]
    rescheduled_at: NotRequired[Time]
    """When it was moved last."""
    hold_id: NotRequired[str]
    """The hold that it was made from; its own id."""
    source: NotRequired[str]
    """Who made it: `staff` or `voice`."""


Reason = TypeAliasType(
    "Reason",
    Literal["past", "too_soon", "too_far", "day_off", "closed", "off_grid", "unknown"],
)

HoldStatus = TypeAliasType("HoldStatus", Literal["held", "converted", "released", "expired"])


class FreeSlot(TypedDict):
    """A time that can be taken."""

    slotId: str
    """Names one resource at this time."""
    start: Time
    end: Time


class Hold(TypedDict):
    """A slot kept for a caller, as its answers show it."""

    id: str
    slotId: str
    hold_status: HoldStatus
    expiresAt: Time
    start: Time
    end: Time
    serviceId: str
    resource: str


class HoldRow(StoredRow):
    """A hold as the calendar and events show it; its id is `hold#` and the hold's."""

    hold_status: HoldStatus
    slot_id: str
    service_id: str
    service_name: str
    resource: str
    start: Time
    end: Time
    time_zone: str
    held_until: Time
    name: NotRequired[str]
    phone: NotRequired[PhoneNumber]
    call_id: NotRequired[str]
    appointment_id: NotRequired[str]
    """Once it has become one."""
    released_at: NotRequired[Time]
    released_for: NotRequired[str]

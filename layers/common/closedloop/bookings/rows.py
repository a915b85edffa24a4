"""Appointments as answers and events carry them: what is stored, less what only we use.

For annotations: no function loads this module. Which fields are always there is what the rules
rely on; every other one is absent where there is nothing to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired

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

"""Refusals of bookings."""

from __future__ import annotations

from closedloop.core.errors import ClosedLoopError


class AlreadyConfirmedError(ClosedLoopError):
    """Somebody confirmed the appointment before."""

    code = "ALREADY_CONFIRMED"
    status = 409
    sentence = "Appointment is already confirmed"


class AppointmentCancelledError(ClosedLoopError):
    """A cancelled appointment cannot be confirmed."""

    code = "APPOINTMENT_CANCELLED"
    status = 409
    sentence = "Appointment is cancelled"


class SlotTakenError(ClosedLoopError):
    """Somebody was faster; `slots` are the next three that are free."""

    code = "SLOT_TAKEN"
    status = 409
    sentence = "This time was just taken."


class SlotNotOfferedError(ClosedLoopError):
    """The business offers nothing then: `reason` says why, `slots` are the next three free ones.

    `past`, `too_soon`, `too_far`, `day_off`, `closed` (outside the hours, in a break, or longer
    than what is left of them) or `off_grid` (no time at which a visit may begin).
    """

    code = "SLOT_NOT_OFFERED"
    status = 409
    sentence = "The business offers no visit at this time."


class HoldExpiredError(ClosedLoopError):
    """The hold has lapsed, or was released: it books nothing any more."""

    code = "HOLD_EXPIRED"
    status = 410
    sentence = "This hold is over. Choose a time again."

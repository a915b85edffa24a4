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

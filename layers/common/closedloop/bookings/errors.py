"""Refusals of bookings. A conflict carries the appointment as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop.core.errors import ClosedLoopError, InvalidTransitionError

if TYPE_CHECKING:
    from closedloop.bookings.rows import Appointment


class AppointmentConflictError(ClosedLoopError):
    """The appointment is no longer as the screen showed it."""

    status = 409

    def __init__(self, sentence: str | None = None, *, appointment: Appointment) -> None:
        super().__init__(sentence, appointment=appointment)


class AlreadyConfirmedError(AppointmentConflictError):
    """Somebody confirmed the appointment before."""

    code = "ALREADY_CONFIRMED"
    sentence = "Appointment is already confirmed"


class AppointmentCancelledError(AppointmentConflictError):
    """A cancelled appointment cannot be confirmed."""

    code = "APPOINTMENT_CANCELLED"
    sentence = "Appointment is cancelled"


class AppointmentOverError(AppointmentConflictError, InvalidTransitionError):
    """An appointment that has taken place, or that nobody came to, stays as it is."""

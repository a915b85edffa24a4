"""Refusals of bookings. A conflict carries the appointment as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop.core.errors import (
    ClosedLoopError,
    InvalidTransitionError,
    VersionConflictError,
)

if TYPE_CHECKING:
    from closedloop.bookings.rows import Appointment, FreeSlot, Hold, Reason


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


class AppointmentChangedError(AppointmentConflictError, VersionConflictError):
    """Somebody else changed the appointment in the meantime."""


class AlreadyBookedError(ClosedLoopError):
    """The hold has become an appointment already, whose id is the hold's."""

    code = "ALREADY_CONFIRMED"
    status = 409
    sentence = "This hold is booked already."

    def __init__(self, sentence: str | None = None, *, hold: Hold) -> None:
        super().__init__(sentence, hold=hold)


class SlotTakenError(ClosedLoopError):
    """Somebody was faster; `slots` are the next three that are free."""

    code = "SLOT_TAKEN"
    status = 409
    sentence = "This time was just taken."

    def __init__(self, sentence: str | None = None, *, slots: list[FreeSlot]) -> None:
        super().__init__(sentence, slots=slots)


class SlotNotOfferedError(ClosedLoopError):
    """The business offers nothing then: `reason` says why, `slots` are the next three free ones.

    `past`, `too_soon`, `too_far`, `day_off`, `closed` (outside the hours, in a break, or longer
    than what is left of them) or `off_grid` (no time at which a visit may begin).
    """

    code = "SLOT_NOT_OFFERED"
    status = 409
    sentence = "The business offers no visit at this time."

    def __init__(
        self, sentence: str | None = None, *, reason: Reason, slots: list[FreeSlot]
    ) -> None:
        super().__init__(sentence, reason=reason, slots=slots)


class HoldExpiredError(ClosedLoopError):
    """The hold has lapsed, or was released: it books nothing any more."""

    code = "HOLD_EXPIRED"
    status = 410
    sentence = "This hold is over. Choose a time again."

    def __init__(self, sentence: str | None = None, *, hold: Hold) -> None:
        super().__init__(sentence, hold=hold)

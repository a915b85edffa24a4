"""Appointments: the rules of confirming one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from closedloop.bookings.errors import (
    AlreadyConfirmedError,
    AppointmentCancelledError,
    AppointmentOverError,
)
from closedloop.core.command import Command, Notes, RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.rows import Row, public
from closedloop.core.writes import Change, OneOf

if TYPE_CHECKING:
    from closedloop.core.values import Time, Version

TABLE = "appointments"


class ConfirmBooking(Command):
    """Confirm one pending appointment."""

    appointmentId: RowId  # noqa: N815 - the wire's own spelling
    confirmedBy: Annotated[str, Field(min_length=1, max_length=128)] | None = None  # noqa: N815
    notes: Notes | None = None


class Confirmation(TypedDict):
    """What makes an appointment a confirmed one."""

    status: Literal["confirmed"]
    confirmed_at: Time
    confirmed_by: str


class ConfirmedAppointment(Confirmation):
    """What the button has set of the appointment. Lay it over the row."""

    id: str
    version: Version


class Confirmed(TypedDict):
    """The appointment is confirmed."""

    appointment: ConfirmedAppointment


class Cancellation(TypedDict):
    """What makes an appointment a cancelled one."""

    status: Literal["cancelled"]
    cancelled_at: Time
    cancelled_by: str


class CancelledAppointment(Cancellation):
    """What was set of the appointment. Lay it over the row."""

    id: str
    version: Version


class Cancelled(TypedDict):
    """The appointment is cancelled."""

    appointment: CancelledAppointment


def confirm(command: ConfirmBooking, context: Context) -> Decision[Confirmed]:
    """Turn a pending appointment into a confirmed one, once.

    `confirmedBy` names who agreed to it when that is not the one who pressed the button; the
    audit entry always names the one who pressed.

    Raises:
        AlreadyConfirmedError: it is confirmed; carries the current row.
        AppointmentCancelledError: it is cancelled; carries the current row.
        AppointmentOverError: it is over (completed, no_show); carries the current row.
        NotFoundError: there is no such appointment in the org.
    """
    if row := context.row(TABLE, command.appointmentId):
        _refuse_unless_pending(row)
    confirmed: Confirmation = {
        "status": "confirmed",
        "confirmed_at": context.timestamp,
        "confirmed_by": command.confirmedBy or context.actor.id,
    }
    notes = {} if command.notes is None else {"confirmation_notes": command.notes}
    change = Change(
        TABLE, command.appointmentId, set={**confirmed, **notes}, assume={"status": "pending"}
    )
    shown: ConfirmedAppointment = {
        "id": command.appointmentId, **confirmed, "version": context.version,
    }  # fmt: skip
    return Decision(writes=(change,), reply=Reply(Confirmed(appointment=shown)))


def cancel(appointment_id: str, context: Context) -> Decision[Cancelled]:
    """Call off an appointment that is agreed or asked for.

    Raises:
        AppointmentCancelledError: it is cancelled already; carries the current row.
        AppointmentOverError: it is over (completed, no_show); carries the current row.
        NotFoundError: there is no such appointment in the org.
    """
    if row := context.row(TABLE, appointment_id):
        if row["status"] == "cancelled":
            raise AppointmentCancelledError(appointment=public(row))
        if row["status"] not in _LIVE:
            raise AppointmentOverError(
                f"Appointment is {row['status']} and cannot be cancelled", appointment=public(row)
            )
    cancelled: Cancellation = {
        "status": "cancelled",
        "cancelled_at": context.timestamp,
        "cancelled_by": context.actor.id,
    }
    change = Change(TABLE, appointment_id, set=cancelled, assume={"status": OneOf(_LIVE)})
    shown: CancelledAppointment = {
        "id": appointment_id, **cancelled, "version": context.version,
    }  # fmt: skip
    return Decision(writes=(change,), reply=Reply(Cancelled(appointment=shown)))


_LIVE = ("pending", "confirmed")


def _refuse_unless_pending(row: Row) -> None:
    match row["status"]:
        case "pending":
            return
        case "confirmed":
            raise AlreadyConfirmedError(appointment=public(row))
        case "cancelled":
            raise AppointmentCancelledError(appointment=public(row))
        case status:
            raise AppointmentOverError(
                f"Appointment is {status} and cannot be confirmed", appointment=public(row)
            )

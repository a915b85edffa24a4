"""Appointments: confirmed, called off, completed or missed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from closedloop.bookings import cells
from closedloop.bookings.cells import Stretch
from closedloop.bookings.errors import (
    AlreadyConfirmedError,
    AppointmentCancelledError,
    AppointmentOverError,
)
from closedloop.bookings.states import LIVE, TABLE
from closedloop.core.command import Command, Notes, RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.rows import Row, public
from closedloop.core.times import parse
from closedloop.core.writes import Change

if TYPE_CHECKING:
    from closedloop.core.values import Time, Version


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
    cancellation_reason: NotRequired[str]


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


def cancel(appointment_id: str, context: Context, reason: str | None = None) -> Decision[Cancelled]:
    """Call off an appointment that is agreed or asked for, and free its cells.

    Raises:
        AppointmentCancelledError: it is cancelled already; carries the current row.
        AppointmentOverError: it is over (completed, no_show); carries the current row.
        NotFoundError: there is no such appointment in the org.
    """
    row = context.need(TABLE, appointment_id)
    refuse_unless_live(row, "cancelled")
    cancelled: Cancellation = {
        "status": "cancelled",
        "cancelled_at": context.timestamp,
        "cancelled_by": context.actor.id,
    }
    if reason is not None:
        cancelled["cancellation_reason"] = reason
    change = Change(TABLE, appointment_id, set=cancelled, assume={"version": row["version"]})
    frees = cells.freed(Stretch.stored(row), appointment_id, context)
    shown: CancelledAppointment = {
        "id": appointment_id, **cancelled, "version": context.version,
    }  # fmt: skip
    return Decision((change, *frees), Reply(Cancelled(appointment=shown)))


class Cancel(Command):
    """Call off one appointment."""

    appointmentId: RowId  # noqa: N815 - the wire's own spelling
    reason: Notes | None = None


class Close(Command):
    """Say how one appointment ended."""

    appointmentId: RowId  # noqa: N815


class ClosedAppointment(TypedDict):
    """How the appointment ended. Lay it over the row."""

    id: str
    status: Literal["completed", "no_show"]
    completed_at: NotRequired[Time]
    completed_by: NotRequired[str]
    no_show_at: NotRequired[Time]
    no_show_by: NotRequired[str]
    version: Version


class Closed(TypedDict):
    """The appointment is over."""

    appointment: ClosedAppointment


def cancel_booking(command: Cancel, context: Context) -> Decision[Cancelled]:
    """Call off an appointment that is agreed or asked for, and free its time, once.

    Raises:
        AppointmentCancelledError: it is cancelled already; carries the current row.
        AppointmentOverError: it is over (completed, no_show); carries the current row.
        NotFoundError: there is no such appointment in the org.
    """
    return cancel(command.appointmentId, context, command.reason)


def complete(command: Close, context: Context) -> Decision[Closed]:
    """The visit took place. A no-show that turns out to have been one may be put right so.

    Raises:
        AppointmentCancelledError: it is cancelled; carries the current row.
        AppointmentOverError: it is completed already, or begins in more than an hour.
        NotFoundError: there is no such appointment in the org.
    """
    ended: ClosedAppointment = {
        "id": command.appointmentId,
        "status": "completed",
        "completed_at": context.timestamp,
        "completed_by": context.actor.id,
        "version": context.version,
    }
    return _closed(command, context, ended, timedelta(hours=1))


def no_show(command: Close, context: Context) -> Decision[Closed]:
    """Nobody came, which is known once the visit should have begun. `complete` puts it right.

    Raises:
        AppointmentCancelledError: it is cancelled; carries the current row.
        AppointmentOverError: it is a no-show already, or has not begun.
        NotFoundError: there is no such appointment in the org.
    """
    ended: ClosedAppointment = {
        "id": command.appointmentId,
        "status": "no_show",
        "no_show_at": context.timestamp,
        "no_show_by": context.actor.id,
        "version": context.version,
    }
    return _closed(command, context, ended, timedelta())


def _closed(
    command: Close, context: Context, ended: ClosedAppointment, early: timedelta
) -> Decision[Closed]:
    row = context.need(TABLE, command.appointmentId)
    if row["status"] == "cancelled":
        raise AppointmentCancelledError(appointment=public(row))
    words = ended["status"].replace("_", "-")
    if row["status"] == ended["status"]:
        raise AppointmentOverError(f"Appointment is {words} already", appointment=public(row))
    if parse(row["start"]) > context.now + early:
        sentence = f"Appointment has not begun and cannot be {words}"
        raise AppointmentOverError(sentence, appointment=public(row))
    fields = {name: value for name, value in ended.items() if name not in {"id", "version"}}
    change = Change(TABLE, command.appointmentId, fields, {"version": row["version"]})
    return Decision((change,), Reply(Closed(appointment=ended)))


def refuse_unless_live(row: Row, become: str) -> None:
    """Let an appointment that is still to come be changed, and no other.

    Raises:
        AppointmentCancelledError, AppointmentOverError: carry the current row.
    """
    if row["status"] == "cancelled":
        raise AppointmentCancelledError(appointment=public(row))
    if row["status"] not in LIVE:
        sentence = f"Appointment is {row['status']} and cannot be {become}"
        raise AppointmentOverError(sentence, appointment=public(row))


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

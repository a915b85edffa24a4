"""Appointments: confirmed, called off, completed or missed."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from closedloop.bookings import cells
from closedloop.bookings.cells import Stretch
from closedloop.bookings.errors import AlreadyConfirmedError, AppointmentCancelledError
from closedloop.core.command import Command, Notes, RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.errors import InvalidTransitionError
from closedloop.core.rows import Row, public
from closedloop.core.times import parse
from closedloop.core.writes import Change

TABLE = "appointments"


class ConfirmBooking(Command):
    """Confirm one pending appointment."""

    appointmentId: RowId  # noqa: N815 - the wire's own spelling
    confirmedBy: Annotated[str, Field(min_length=1, max_length=128)] | None = None  # noqa: N815
    notes: Notes | None = None


def confirm(command: ConfirmBooking, context: Context) -> Decision:
    """Turn a pending appointment into a confirmed one, once.

    `confirmedBy` names who agreed to it when that is not the one who pressed the button; the
    audit entry always names the one who pressed.

    Raises:
        AlreadyConfirmedError: it is confirmed; carries the current row.
        AppointmentCancelledError: it is cancelled; carries the current row.
        InvalidTransitionError: it is over (completed, no_show); carries the current row.
        NotFoundError: there is no such appointment in the org.
    """
    if row := context.row(TABLE, command.appointmentId):
        _refuse_unless_pending(row)
    confirmed = {
        "status": "confirmed",
        "confirmed_at": context.timestamp,
        "confirmed_by": command.confirmedBy or context.actor.id,
    }
    notes = {} if command.notes is None else {"confirmation_notes": command.notes}
    change = Change(
        TABLE, command.appointmentId, set=confirmed | notes, assume={"status": "pending"}
    )
    appointment = {"id": command.appointmentId, **confirmed, "version": context.version}
    return Decision(writes=(change,), reply=Reply({"appointment": appointment}))


def cancel(appointment_id: str, context: Context, reason: str | None = None) -> Decision:
    """Call off an appointment that is agreed or asked for, and free its cells.

    Raises:
        AppointmentCancelledError: it is cancelled already; carries the current row.
        InvalidTransitionError: it is over (completed, no_show); carries the current row.
        NotFoundError: there is no such appointment in the org.
    """
    row = context.need(TABLE, appointment_id)
    refuse_unless_live(row, "cancelled")
    cancelled = {
        "status": "cancelled",
        "cancelled_at": context.timestamp,
        "cancelled_by": context.actor.id,
        "cancellation_reason": reason,
    }
    change = Change(TABLE, appointment_id, set=cancelled, assume={"version": row["version"]})
    frees = cells.freed(Stretch.stored(row), appointment_id, context)
    return Decision((change, *frees), _shown(appointment_id, cancelled, context))


class Cancel(Command):
    """Call off one appointment."""

    appointmentId: RowId  # noqa: N815 - the wire's own spelling
    reason: Notes | None = None


class Close(Command):
    """Say how one appointment ended."""

    appointmentId: RowId  # noqa: N815


def cancel_booking(command: Cancel, context: Context) -> Decision:
    """Call off an appointment, as `cancel`."""
    return cancel(command.appointmentId, context, command.reason)


def complete(command: Close, context: Context) -> Decision:
    """The visit took place. A no-show that turns out to have been one may be put right so.

    Raises:
        AppointmentCancelledError: it is cancelled; carries the current row.
        InvalidTransitionError: it is completed already, or begins in more than an hour.
        NotFoundError: there is no such appointment in the org.
    """
    early = timedelta(hours=1)
    return _closed(command, context, "completed", early)


def no_show(command: Close, context: Context) -> Decision:
    """Nobody came, which is known once the visit should have begun. `complete` puts it right.

    Raises:
        AppointmentCancelledError: it is cancelled; carries the current row.
        InvalidTransitionError: it is a no-show already, or has not begun.
        NotFoundError: there is no such appointment in the org.
    """
    return _closed(command, context, "no_show", timedelta())


def _closed(command: Close, context: Context, status: str, early: timedelta) -> Decision:
    row = context.need(TABLE, command.appointmentId)
    if row["status"] == "cancelled":
        raise AppointmentCancelledError(appointment=public(row))
    words = status.replace("_", "-")
    if row["status"] == status:
        raise InvalidTransitionError(f"Appointment is {words} already", appointment=public(row))
    if parse(row["start"]) > context.now + early:
        raise InvalidTransitionError(
            f"Appointment has not begun and cannot be {words}", appointment=public(row)
        )
    closed = {"status": status, f"{status}_at": context.timestamp, f"{status}_by": context.actor.id}
    change = Change(TABLE, command.appointmentId, closed, {"version": row["version"]})
    return Decision((change,), _shown(command.appointmentId, closed, context))


def refuse_unless_live(row: Row, become: str) -> None:
    """Let an appointment that is still to come be changed, and no other.

    Raises:
        AppointmentCancelledError, InvalidTransitionError: carry the current row.
    """
    if row["status"] == "cancelled":
        raise AppointmentCancelledError(appointment=public(row))
    if row["status"] not in _LIVE:
        sentence = f"Appointment is {row['status']} and cannot be {become}"
        raise InvalidTransitionError(sentence, appointment=public(row))


def _shown(appointment_id: str, fields: Row, context: Context) -> Reply:
    known = {name: value for name, value in fields.items() if value is not None}
    return Reply({"appointment": {"id": appointment_id, **known, "version": context.version}})


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
            raise InvalidTransitionError(
                f"Appointment is {status} and cannot be confirmed", appointment=public(row)
            )

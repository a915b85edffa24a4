"""Calls: somebody asked to be called back."""

from __future__ import annotations

from closedloop.core.command import Command, Moment, Notes, RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.errors import ValidationFailedError
from closedloop.core.rows import Row, public
from closedloop.core.times import iso
from closedloop.core.writes import Check, Create

TABLE = "calls"


class CallBack(Command):
    """Ask for a call to a contact, named in the path; `scheduledFor` is ISO 8601 with zone."""

    id: RowId
    notes: Notes | None = None
    scheduledFor: Moment | None = None  # noqa: N815


def call_back(command: CallBack, context: Context) -> Decision:
    """Make one call row for one press, also if the press is repeated after its key has expired.

    Raises:
        NotFoundError: there is no such contact in the org.
        ValidationFailedError: `scheduledFor` is over.
    """
    call_id = context.new_id("call")
    contact = Check("contacts", command.id)
    context.row("contacts", command.id)
    made = context.seen.get((TABLE, call_id))
    if made:
        return Decision((Check(TABLE, call_id), contact), _reply(public(made)))
    requested = _requested(command, context)
    stamp = {"created_at": context.timestamp, "updated_at": context.timestamp}
    call = {"id": call_id, **requested, **stamp, "version": context.version}
    return Decision((Create(TABLE, call_id, requested), contact), _reply(call))


def _requested(command: CallBack, context: Context) -> Row:
    if command.scheduledFor and command.scheduledFor <= context.now:
        raise ValidationFailedError.at("scheduledFor", "The time must be in the future.")
    asked = {
        "contact_id": command.id,
        "status": "requested",
        "requested_by": context.actor.id,
        "notes": command.notes,
        "scheduled_for": iso(command.scheduledFor) if command.scheduledFor else None,
    }
    return {name: value for name, value in asked.items() if value is not None}


def _reply(call: Row) -> Reply:
    return Reply({"call_created": True, "call": call})

"""Calls: a contact is to be called back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired

from typing_extensions import TypedDict

from closedloop.core.command import Command, Moment, Notes, RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.errors import ValidationFailedError
from closedloop.core.rows import public
from closedloop.core.times import iso
from closedloop.core.writes import Check, Create

if TYPE_CHECKING:
    from closedloop.core.values import Time, Version
    from closedloop.people.rows import Call

TABLE = "calls"


class CallBack(Command):
    """Ask for a call to a contact, named in the path; `scheduledFor` is ISO 8601 with zone."""

    id: RowId
    notes: Notes | None = None
    scheduledFor: Moment | None = None  # noqa: N815


class Asked(TypedDict):
    """What the button says of the call."""

    contact_id: str
    status: Literal["requested"]
    requested_by: str
    notes: NotRequired[str]
    scheduled_for: NotRequired[Time]


class RequestedCall(Asked):
    """The call as the button has made it. Lay it over the row."""

    id: str
    created_at: Time
    updated_at: Time
    version: Version


class CallRequested(TypedDict):
    """There is a call to be made: the whole row where an earlier press has made it."""

    call_created: Literal[True]
    call: RequestedCall | Call


def call_back(command: CallBack, context: Context) -> Decision[CallRequested]:
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
    call: RequestedCall = {
        "id": call_id,
        **requested,
        "created_at": context.timestamp,
        "updated_at": context.timestamp,
        "version": context.version,
    }
    return Decision((Create(TABLE, call_id, requested), contact), _reply(call))


def _requested(command: CallBack, context: Context) -> Asked:
    if command.scheduledFor and command.scheduledFor <= context.now:
        raise ValidationFailedError.at("scheduledFor", "The time must be in the future.")
    asked: Asked = {
        "contact_id": command.id,
        "status": "requested",
        "requested_by": context.actor.id,
    }
    if command.notes is not None:
        asked["notes"] = command.notes
    if command.scheduledFor:
        asked["scheduled_for"] = iso(command.scheduledFor)
    return asked


def _reply(call: RequestedCall | Call) -> Reply[CallRequested]:
    return Reply(CallRequested(call_created=True, call=call))

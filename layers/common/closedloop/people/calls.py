"""Calls that somebody asked for: the list to work through, and how each one ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NotRequired

from typing_extensions import TypedDict

from closedloop.core.command import Command, Notes, RowId
from closedloop.core.cursors import ChangeCursor
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.query import Paged, listed
from closedloop.core.rows import public
from closedloop.core.writes import Change, OneOf
from closedloop.people.call_back import TABLE
from closedloop.people.errors import CallHasStatusError, CallOverError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads
    from closedloop.core.rows import Row
    from closedloop.core.values import PageCursor, SyncCursor, Time, Version
    from closedloop.people.rows import Call

CallStatus = Literal["requested", "in_progress", "completed", "no_answer", "cancelled"]

MOVES: Mapping[str, frozenset[str]] = {
    "requested": frozenset({"in_progress", "completed", "no_answer", "cancelled"}),
    "in_progress": frozenset({"completed", "no_answer", "cancelled"}),
    "no_answer": frozenset({"requested", "in_progress", "completed", "cancelled"}),
    "completed": frozenset(),
    "cancelled": frozenset(),
}
"""From each status, those that it may move to: who did not answer may be called once more."""


class UpdateCall(Command):
    """Say how a call goes, named in the path."""

    id: RowId
    status: CallStatus
    notes: Notes | None = None


class Calls(Paged):
    """The calls of the org, newest first, or those of one status."""

    status: CallStatus | None = None


class MovedCall(TypedDict):
    """What was set of the call. Lay it over the row."""

    id: str
    status: CallStatus
    status_changed_at: Time
    handled_by: str
    result_notes: NotRequired[str]
    version: Version


class CallMoved(TypedDict):
    """The call has moved on."""

    call: MovedCall


class CallList(TypedDict):
    """A page of calls."""

    calls: list[Call]
    cursor: PageCursor | None
    """Null at the end."""
    as_of: SyncCursor
    """Every change up to here is in the rows."""


def update(command: UpdateCall, context: Context) -> Decision[CallMoved]:
    """Move a call on, once.

    Raises:
        CallHasStatusError: it has this status; carries the current row.
        CallOverError: it has ended; carries the current row.
        NotFoundError: there is no such call in the org.
    """
    if row := context.row(TABLE, command.id):
        _refuse_unless_allowed(row, command.status)
    moved: dict[str, Any] = {
        "status": command.status,
        "status_changed_at": context.timestamp,
        "handled_by": context.actor.id,
    }
    if command.notes is not None:
        moved["result_notes"] = command.notes
    sources = tuple(each for each, targets in MOVES.items() if command.status in targets)
    change = Change(TABLE, command.id, moved, {"status": OneOf(sources)})
    call: Any = {"id": command.id, **moved, "version": context.version}
    return Decision((change,), Reply(CallMoved(call=call)))


def calls(question: Calls, actor: Actor, reads: Reads, now: datetime) -> CallList:
    """The calls of the org, each as it is now."""

    def load(keys: list[Row]) -> list[Row]:
        rows = reads.rows(TABLE, actor.org_id, [key["id"] for key in keys])
        return [row for row in rows if question.status in {None, row["status"]}]

    found, cursor = listed(
        question,
        "created_at",
        actor.org_id,
        lambda limit, after: reads.page(
            TABLE, "by_created", actor.org_id, limit=limit, after=after, newest_first=True
        ),
        load,
    )
    rows: Any = [public(row) for row in found]
    return {"calls": rows, "cursor": cursor, "as_of": str(ChangeCursor.at(now))}


def _refuse_unless_allowed(row: Row, status: str) -> None:
    words = row["status"].replace("_", " ")
    if row["status"] == status:
        raise CallHasStatusError(f"Call is already {words}", call=public(row))
    if status not in MOVES[row["status"]]:
        raise CallOverError(f"A call that is {words} stays so", call=public(row))

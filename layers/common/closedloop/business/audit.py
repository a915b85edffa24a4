"""The audit log, as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired

from typing_extensions import TypedDict

from closedloop.core.command import RowId
from closedloop.core.errors import ValidationFailedError
from closedloop.core.query import Paged, listed
from closedloop.core.rows import public
from closedloop.core.tables import Table

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads
    from closedloop.core.rows import Row
    from closedloop.core.values import Author, Fields, PageCursor, TableName, Time

_SUPERVISORS = frozenset({"owner", "manager"})


class Audit(Paged):
    """The audit log: of the whole org, or of one row by `table` and `id`."""

    table: Table | None = None
    id: RowId | None = None


class AlsoWritten(TypedDict):
    """One more row of the same press."""

    table: TableName
    row_id: str
    after: Fields


class AuditEntry(TypedDict):
    """Who did what to which row, when, with which key and what came of it."""

    id: str
    at: Time
    actor: Author
    action: str
    """The button's name: `confirm_booking`."""
    table: NotRequired[TableName]
    """Absent, as `row_id`, where the press was refused before its row was known."""
    row_id: NotRequired[str]
    idempotency_key: str
    result: str
    """`ok`, or the error's code."""
    before: NotRequired[Fields]
    """Fields of the row as the write proved them. Open: whatever rows of that time had."""
    after: NotRequired[Fields]
    """Fields as they were set, null where one was removed."""
    also: NotRequired[list[AlsoWritten]]
    """The fiftieth row of an atomic bulk, which has no entry of its own."""


class AuditLog(TypedDict):
    """A page of the audit log."""

    audit: list[AuditEntry]
    cursor: PageCursor | None
    """Null at the end."""


def audit(question: Audit, actor: Actor, reads: Reads, _: datetime) -> AuditLog:
    """Who did what to which row, newest first; staff see what they did themselves.

    Raises:
        ValidationFailedError: one of `table` and `id` without the other.
    """
    if (question.table is None) != (question.id is None):
        raise ValidationFailedError.at("table", "Give table and id together.")
    index, range_key, about = _audit_index(question, actor)
    between = (range_key, f"{about}#", f"{about}#\uffff") if about else None

    def load(keys: list[Row]) -> list[Row]:
        entries = reads.rows("audit_logs", actor.org_id, [key["id"] for key in keys])
        return [each for each in entries if _may_see(actor, each)]

    found, cursor = listed(
        question,
        range_key,
        actor.org_id,
        lambda limit, after: reads.page(
            "audit_logs",
            index,
            actor.org_id,
            between,
            limit=limit,
            after=after,
            newest_first=True,
        ),
        load,
    )
    return {"audit": [_entry(each) for each in found], "cursor": cursor}


def _audit_index(question: Audit, actor: Actor) -> tuple[str | None, str, str | None]:
    if question.table:
        return "by_row", "row_key", f"{question.table}#{question.id}"
    if actor.roles & _SUPERVISORS:
        return None, "id", None
    return "by_actor", "actor_key", actor.id


def _may_see(actor: Actor, entry: Row) -> bool:
    return bool(actor.roles & _SUPERVISORS) or entry["actor"]["id"] == actor.id


def _entry(stored: Row) -> Any:
    ours = ("org_id", "actor_key", "row_key")
    states = {name: public(stored[name]) for name in ("before", "after") if name in stored}
    return {name: value for name, value in stored.items() if name not in ours} | states

"""The audit log, as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NotRequired

from typing_extensions import TypedDict

from closedloop.core import journal
from closedloop.core.command import RowId
from closedloop.core.errors import ValidationFailedError
from closedloop.core.query import Paged, listed
from closedloop.core.rows import public
from closedloop.core.tables import Table
from closedloop.core.times import from_microseconds, iso

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


class AuditEntry(TypedDict):
    """Who did what to which row, when, with which key and what came of it."""

    id: str
    at: Time
    actor: Author
    action: str
    """The button's name: `confirm_booking`."""
    table: NotRequired[TableName | Literal["orgs", "reconcile"]]
    """Absent, as `row_id`, where the press was refused before its row was known."""
    row_id: NotRequired[str]
    idempotency_key: NotRequired[str]
    """Absent when no button was pressed: a webhook, a worker."""
    result: str
    """`ok`, or the error's code."""
    before: NotRequired[Fields]
    """Fields of the row as the write proved them. Open: whatever rows of that time had."""
    after: NotRequired[Fields]
    """Fields as they were set, null where one was removed."""


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
    index, range_key, between = _index(question)

    def load(keys: list[Row]) -> list[Row]:
        entries = reads.rows(journal.TABLE, actor.org_id, [key["id"] for key in keys])
        return [each for each in entries if _may_see(actor, each)]

    found, cursor = listed(
        question,
        range_key,
        actor.org_id,
        lambda limit, after: reads.page(
            journal.TABLE,
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


def _index(question: Audit) -> tuple[str, str, tuple[str, str, str] | None]:
    if question.table is None:
        return "by_time", "version", None
    about = f"{question.table}#{question.id}#"
    return "by_row", "row_key", ("row_key", about, f"{about}\uffff")


def _may_see(actor: Actor, entry: Row) -> bool:
    return bool(actor.roles & _SUPERVISORS) or entry["actor"]["id"] == actor.id


def _entry(stored: Row) -> Any:
    """What people may see of an entry: by name, so that the kept reply is never among it."""
    shown = ("id", "actor", "action", "idempotency_key", "result")
    row = journal.row_of(stored)
    return {
        **{name: stored[name] for name in shown if name in stored},
        "at": iso(from_microseconds(stored["version"])),
        **({"table": row[0], "row_id": row[1]} if row else {}),
        **{name: public(stored[name]) for name in ("before", "after") if name in stored},
    }

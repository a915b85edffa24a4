"""The audit log, as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

_SUPERVISORS = frozenset({"owner", "manager"})


class Audit(Paged):
    """The audit log: of the whole org, or of one row by `table` and `id`."""

    table: Table | None = None
    id: RowId | None = None


def audit(question: Audit, actor: Actor, reads: Reads, _: datetime) -> dict[str, Any]:
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


def _entry(stored: Row) -> Row:
    """What people may see of an entry: by name, so that the kept reply is never among it."""
    shown = ("id", "actor", "action", "idempotency_key", "result")
    row = journal.row_of(stored)
    return {
        **{name: stored[name] for name in shown if name in stored},
        "at": iso(from_microseconds(stored["version"])),
        **({"table": row[0], "row_id": row[1]} if row else {}),
        **{name: public(stored[name]) for name in ("before", "after") if name in stored},
    }

"""Audit entries: who did what to which row, when, with which key and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from closedloop.core.writes import ABSENT, PRESENT, Change, Check, Create, OneOf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from closedloop.core.decision import Context
    from closedloop.core.rows import Row
    from closedloop.core.writes import Write

_RESULT_OK = "ok"
_ENTRIES = 49


def done(context: Context, write: Write) -> Row:
    """The entry of a write that is about to be committed together with it.

    `before` is what the write assumes, which its condition proves, as far as that is one value;
    `after` is what it sets.
    """
    after = dict(write.set) if isinstance(write, Change | Create) else {}
    assumed = write.assume if isinstance(write, Change | Check) else {}
    before = {
        name: value
        for name, value in assumed.items()
        if not isinstance(value, OneOf) and value not in (ABSENT, PRESENT)
    }
    return _entry(context, write, _RESULT_OK, {"before": before, "after": after})


def done_all(context: Context, subjects: Sequence[Write]) -> list[Row]:
    """The entries of writes that are committed together, one each.

    Fifty rows and their entries and the key's record would be one item more than a transaction
    takes: the last entry then names the row before it too, under `also`.
    """
    entries = [done(context, write) for write in subjects]
    if len(entries) > _ENTRIES:
        spare = entries.pop()
        entries[-1]["also"] = [{name: spare[name] for name in ("table", "row_id", "after")}]
    return entries


def refused(context: Context, code: str, write: Write | None) -> Row:
    """The entry of a request that was refused with `code`; nothing else was written."""
    return _entry(context, write, code, {})


def refused_row(context: Context, code: str, table: str, row_id: str) -> Row:
    """The entry of one row of many for which the request was refused."""
    return refused(context, code, Check(table, row_id))


def _entry(context: Context, write: Write | None, result: str, states: Mapping[str, Any]) -> Row:
    entry_id = f"{context.timestamp}#{uuid4()}"
    subject = (
        {
            "table": write.table,
            "row_id": write.id,
            "row_key": f"{write.table}#{write.id}#{entry_id}",
        }
        if write
        else {}
    )
    return {
        "org_id": context.actor.org_id,
        "id": entry_id,
        "at": context.timestamp,
        "actor": {"id": context.actor.id, "email": context.actor.email},
        "actor_key": f"{context.actor.id}#{entry_id}",
        "action": context.action,
        "idempotency_key": context.key,
        "result": result,
        **subject,
        **states,
    }

"""Journal entries: who did what to which row, when, with which key and what came of it.

One entry is three things: the record of the press's key, the audit entry, and the entry of the
change feed (docs/decisions/0009).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from closedloop.core.tables import TABLES
from closedloop.core.writes import ABSENT, PRESENT, Change, Check, Create, OneOf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from closedloop.core.decision import Context, RowKey
    from closedloop.core.rows import Row
    from closedloop.core.writes import Write

TABLE = "journal"

RESULT_OK = "ok"


def entries(context: Context, writes: Sequence[Write], result: str = RESULT_OK) -> list[Row]:
    """The entries of writes that are about to be committed together with them.

    Each changed row that other screens follow has one. Where there is none, the first write has
    one: somebody pressed a button, and it was so already. What writes nothing has one about no row.
    `result` is that of the first.
    """
    changed = [each for each in writes if isinstance(each, Change | Create)]
    followed = [each for each in changed if each.table in TABLES]
    found = [done(context, each) for each in followed or writes[:1]]
    first, *others = found or [_entry(context, None, RESULT_OK, {})]
    return [first | {"result": result}, *others]


def done(context: Context, write: Write) -> Row:
    """The entry of one write.

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
    states = {name: state for name, state in (("before", before), ("after", after)) if state}
    return _entry(context, (write.table, write.id), RESULT_OK, states)


def refused(context: Context, code: str, row: RowKey | None) -> Row:
    """The entry of a request that was refused with `code`; nothing else was written."""
    return _entry(context, row, code, {})


def row_of(entry: Row) -> RowKey | None:
    """The row that an entry is about."""
    table, _, rest = entry.get("row_key", "").partition("#")
    return (table, rest.rpartition("#")[0]) if table else None


def _entry(context: Context, row: RowKey | None, result: str, states: Mapping[str, Any]) -> Row:
    version = context.version
    about = {"row_key": f"{row[0]}#{row[1]}#{version}"} if row else {}
    key = {"idempotency_key": context.key} if context.key else {}
    return {
        "org_id": context.actor.org_id,
        "id": f"{version}#{uuid4().hex[:12]}",
        "version": version,
        "actor": context.actor.author,
        "action": context.action,
        "result": result,
        **key,
        **about,
        **states,
    }

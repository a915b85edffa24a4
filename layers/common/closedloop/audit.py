"""Audit entries: who did what to which row, when, with which key and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from closedloop.decision import ABSENT, Change, Check, Create

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.decision import Context, Write
    from closedloop.errors import Row

_RESULT_OK = "ok"


def done(context: Context, write: Write) -> Row:
    """The entry of a write that is about to be committed together with it.

    `before` is what the write assumes, which its condition proves; `after` is what it sets.
    """
    after = dict(write.set) if isinstance(write, Change | Create) else {}
    assumed = write.assume if isinstance(write, Change | Check) else {}
    before = {name: value for name, value in assumed.items() if value is not ABSENT}
    return _entry(context, write, _RESULT_OK, {"before": before, "after": after})


def refused(context: Context, code: str, write: Write | None) -> Row:
    """The entry of a request that was refused with `code`; nothing else was written."""
    return _entry(context, write, code, {})


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

"""Examples of answers: a button's own rule answers its scenarios, on the rows they start from.

A rule is a pure function, so nothing needs to run. What only the database would find out, an id
that is not there, is no example here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from closedloop.core.decision import (
    Actor,
    Bulk,
    Changed,
    Context,
    Decision,
    Find,
    NeedsError,
    Reply,
    Unchanged,
)
from closedloop.core.errors import ClosedLoopError
from closedloop.edge import request as incoming
from closedloop.texts import codes
from docs.api.examples import scenarios
from tests.support.actions import CODE_KEY, given
from tests.support.database import as_stored

if TYPE_CHECKING:
    from collections.abc import Iterable

    from closedloop.core.command import Command
    from closedloop.core.decision import RowKey
    from closedloop.core.rows import Row
    from closedloop.edge.http import Action
    from closedloop.edge.tool import Tool
    from docs.api.examples import Scenario

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
ALICE = Actor("9c1f6a52", "sam.rivera@example.com", "demo", frozenset({"manager", "staff"}))
REQUEST_ID = "JKJaXmPLvHcESHA="

Examples = dict[int, dict[str, Any]]
"""By status, then by the scenario's name or the refusal's code."""

SIGNED = frozenset({"add_photo"})
"""What is signed anew each time, with keys that are not here: no example would stay the same."""


def examples(folder: str, route: str, action: Action[Any] | Tool[Any]) -> Examples:
    """What the button answers in its scenarios, as far as its rule decides that."""
    found: Examples = defaultdict(dict)
    for scenario in scenarios(folder, route):
        if folder in SIGNED and scenario.status == 200:  # noqa: PLR2004 - HTTP's own
            continue
        try:
            context, command = _asked(folder, scenario, action)
            name, status, body = _answered(scenario.name, action, command, context)
        except ClosedLoopError:
            continue  # the edge's word, not the rule's
        if status == scenario.status:
            found[status].setdefault(name, {"value": body})
    return dict(found)


def _asked(
    folder: str, scenario: Scenario, action: Action[Any] | Tool[Any]
) -> tuple[Context, Command]:
    key = incoming.key_if_any(scenario.request) or ""
    command = incoming.command(scenario.request, action.command)
    return Context(ALICE, action.name, key, NOW, _rows(folder), REQUEST_ID), command


def _rows(folder: str) -> dict[RowKey, Row | None]:
    tables: dict[str, list[Row]] = given(folder)["rows"]
    rows = ((table, row) for table, many in tables.items() for row in many)
    stored = {(table, row["id"]): as_stored(ALICE.org_id, row) for table, row in rows}
    return {**stored, codes.KEY: {"key": CODE_KEY}}


def _answered(
    name: str, action: Action[Any] | Tool[Any], command: Command, context: Context
) -> tuple[str, int, dict[str, Any]]:
    try:
        reply = _reply(action, command, context)
    except ClosedLoopError as refusal:
        words = {"error": str(refusal), "code": refusal.code, "request_id": REQUEST_ID}
        return refusal.code, refusal.status, {"success": False, **words, **refusal.body}
    return name, reply.status, {"success": reply.success, **reply.body}


def _reply(action: Action[Any] | Tool[Any], command: Command, context: Context) -> Reply:
    try:
        decided = action.use_case(command, context)
    except NeedsError as needs:
        return _reply(action, command, _knowing(context, needs.wants))
    return decided.reply if isinstance(decided, Decision) else _of_many(decided, context)


def _of_many(bulk: Bulk, context: Context) -> Reply:
    asked = _knowing(context, [(bulk.table, row_id) for row_id in bulk.ids])
    changed, unchanged = [], []
    for row_id in bulk.ids:
        try:
            change = bulk.change(row_id, asked)
        except ClosedLoopError as refusal:
            unchanged.append(Unchanged(row_id, refusal.code, str(refusal)))
        else:
            changed.append(Changed(row_id, dict(change.set), asked.version))
    return bulk.reply(changed, unchanged)


def _knowing(context: Context, wants: Iterable[Any]) -> Context:
    """The context once these rows were looked for: whatever is not given is not there."""
    found = {each: _entries(each, context) for each in wants if isinstance(each, Find)}
    return replace(context, seen=dict.fromkeys(wants) | found | dict(context.seen))


def _entries(question: Find, context: Context) -> list[Row]:
    """What an index would answer: the given rows within the bounds."""
    name, low, high = question.between or ("id", "", "\uffff")
    rows = [
        row
        for key, row in context.seen.items()
        if isinstance(key, tuple) and key[0] == question.table and row is not None
    ]
    return [row for row in rows if name in row and low <= row[name] <= high]

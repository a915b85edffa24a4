"""Decide and commit without a key: for steps whose own rows say what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop import wiring
from closedloop.core import journal
from closedloop.core.decision import Actor, Context, Plan
from closedloop.edge.rounds import rounds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from closedloop.core.decision import Decision, Reply, RowKey
    from closedloop.core.rows import Row


def apply(context: Context, rule: Callable[[Context], Decision]) -> Reply:
    """Do what the rule decides, again with the rows as they are wherever an assumption fails.

    Raises:
        RateLimitedError, ServiceUnavailableError: nothing was written, or nobody can tell; asked
            again, the rule finds out.
    """

    def attempt(asked: Context) -> Reply:
        decision = rule(asked)
        if decision.writes:
            entries = journal.entries(asked, decision.writes)
            wiring.store().commit(Plan(asked, decision.writes, entries))
        return decision.reply

    return rounds(context, attempt)


def by_itself(
    action: str,
    org_id: str,
    key: str = "",
    seen: Mapping[RowKey, Row | None] | None = None,
    *,
    who: str,
) -> Context:
    """The context of a step that nobody pressed a button for; `who` is its actor in the journal.

    `key` is that of the press that it goes back to: the correlation id from click to callback.
    """
    actor = Actor(who, "", org_id, frozenset())
    return Context(actor, action, key, wiring.now(), seen or {})

"""Decide and commit without a key: for steps whose own rows say what is done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from closedloop import wiring
from closedloop.core import audit
from closedloop.core.deadline import ROUNDS
from closedloop.core.decision import Actor, Context, NeedsRowError, Planned, StaleError
from closedloop.core.errors import RateLimitedError

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
    seen: dict[RowKey, Row | None] = dict(context.seen)
    for _ in range(ROUNDS):
        asked = replace(context, seen=dict(seen), now=wiring.now())
        try:
            decision = rule(asked)
            if decision.writes:
                _commit(asked, decision)
        except StaleError as stale:
            seen |= {
                (decision.writes[i].table, decision.writes[i].id): row
                for i, row in stale.rows.items()
            }
        except NeedsRowError as needs:
            seen[needs.key] = wiring.row(needs.key, context.actor.org_id)
        else:
            return decision.reply
    raise RateLimitedError


def by_itself(
    action: str, org_id: str, key: str = "", seen: Mapping[RowKey, Row | None] | None = None
) -> Context:
    """The context of a step that nobody pressed a button for.

    `key` is that of the press that it goes back to, so that its row keeps saying which one it was.
    """
    actor = Actor("system", "", org_id, frozenset())
    return Context(actor, action, key, wiring.now(), seen or {})


def _commit(context: Context, decision: Decision) -> None:
    subjects = decision.writes[: decision.subjects]
    entries = audit.done_all(context, subjects)
    wiring.store().commit(Planned(context, decision.writes, entries))

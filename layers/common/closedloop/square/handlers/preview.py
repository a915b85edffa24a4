"""What a rule would decide, without a write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from closedloop import wiring
from closedloop.core.deadline import ROUNDS
from closedloop.core.decision import NeedsError
from closedloop.core.errors import RateLimitedError
from closedloop.core.writes import Take

if TYPE_CHECKING:
    from collections.abc import Callable

    from closedloop.core.decision import Context, Decision, Reply


def preview(context: Context, rule: Callable[[Context], Decision]) -> Reply:
    """The reply of a rule that has seen all that it asks for, and every place that it would take.

    A commit finds out by its conditions who has a place; a preview reads the places and asks the
    rule again.

    Raises:
        RateLimitedError: it kept asking for more.
    """
    for _ in range(ROUNDS):
        try:
            decision = rule(context)
        except NeedsError as needs:
            found = wiring.read(context.actor.org_id, needs.wants)
        else:
            places = [(Take.table, each.id) for each in decision.writes if isinstance(each, Take)]
            unseen = [each for each in places if each not in context.seen]
            if not unseen:
                return decision.reply
            found = wiring.reads().several(context.actor.org_id, unseen)
        context = replace(context, seen={**context.seen, **found}, now=wiring.now())
    raise RateLimitedError

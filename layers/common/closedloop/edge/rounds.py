"""The one loop that decides again: with the rows as they are, or with what the rule asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from closedloop import wiring
from closedloop.core.deadline import ROUNDS
from closedloop.core.decision import NeedsError, StaleError
from closedloop.core.errors import RateLimitedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from closedloop.core.decision import Context, RowKey

T = TypeVar("T")


def rounds(context: Context, attempt: Callable[[Context], T], also: RowKey | None = None) -> T:
    """Attempt with what is known, and again whenever an assumption fails or something is missing.

    `also` is read along with whatever the rule asks for, while it is not known.

    Raises:
        RateLimitedError: others kept changing the rows; nothing was written.
    """
    for _ in range(ROUNDS):
        try:
            return attempt(context)
        except StaleError as stale:
            found: Mapping[Any, Any] = stale.rows
        except NeedsError as needs:
            unknown = () if also is None or also in context.seen else (also,)
            found = wiring.read(context.actor.org_id, needs.wants, along=unknown)
        context = replace(context, seen={**context.seen, **found}, now=wiring.now())
    raise RateLimitedError

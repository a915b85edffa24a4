"""What the rules of bookings ask for: the business's setup, and what is taken of its calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from closedloop.bookings.setup import Setup
from closedloop.bookings.slots import AHEAD, REACH, Taken
from closedloop.core.decision import NeedsRowError
from closedloop.core.times import to_second

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from closedloop.core.decision import Context
    from closedloop.core.rows import Row

_A_DAY = timedelta(days=1)


def settings(context: Context) -> Row:
    """The org's settings.

    Raises:
        NotFoundError: there is no such org.
    """
    return context.need("orgs", "settings")


def setup(context: Context) -> Setup:
    """The calendar's rules of the org."""
    return Setup.of(settings(context))


def look(context: Context, table: str, row_id: str) -> Row | None:
    """A row as it is, None if there is none; read if it was not seen yet.

    Raises:
        NeedsRowError: the rule is asked again with it.
    """
    if (table, row_id) not in context.seen:
        raise NeedsRowError(table, row_id)
    return context.seen[table, row_id]


def taken(
    context: Context, start: datetime, mine: Collection[str] = (), ahead: timedelta = AHEAD
) -> Taken:
    """What is taken from a time on, for so long, as far as the index knows it already.

    What the owners `mine` have is left out.
    """
    day = start.replace(hour=0, minute=0, second=0, microsecond=0)
    since, until = day - REACH, day + ahead + _A_DAY + REACH
    found = look(context, "taken", f"{to_second(since)}/{to_second(until)}") or {"entries": []}
    return Taken.of(found["entries"], since, context.now, mine)

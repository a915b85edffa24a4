"""What the rules of bookings ask for: the business's setup, and what is taken of its calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from closedloop.bookings.setup import Setup
from closedloop.bookings.slots import AHEAD, REACH, Taken
from closedloop.core.decision import Find
from closedloop.core.times import to_second

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from closedloop.core.decision import Context
    from closedloop.core.rows import Row

_A_DAY = timedelta(days=1)
_ENTRIES = 4000
"""More than a page of an index holds (1 MB). What lies behind it seems free, and is refused when
somebody takes it."""


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
    """A row as it is, None if there is none; read if it was not seen yet."""
    return context.read((table, row_id))[0]


def taken(
    context: Context, start: datetime, mine: Collection[str] = (), ahead: timedelta = AHEAD
) -> Taken:
    """What is taken from a time on, for so long, as far as the index knows it already.

    What the owners `mine` have is left out.
    """
    day = start.replace(hour=0, minute=0, second=0, microsecond=0)
    since, until = day - REACH, day + ahead + _A_DAY + REACH
    between = ("start", to_second(since), to_second(until))
    found = context.find(Find("appointment_holds", "by_start", between, limit=_ENTRIES))
    return Taken.of(found, since, context.now, mine)

"""How many codes may be sent: to a number, to its neighbours, and by an org in a day.

Whoever makes others' systems text numbers of their own asks for many numbers in a row: they share
all but the last four digits.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from closedloop.business.defaults import setting
from closedloop.core.errors import RateLimitedError
from closedloop.core.writes import Spend, Tally

if TYPE_CHECKING:
    from closedloop.core.decision import Context
    from closedloop.core.rows import Row
    from closedloop.core.writes import Write

PER_NUMBER = (3, 600)
PER_NUMBER_AND_DAY = (10, 86_400)
PER_RANGE = (10, 3_600)
"""How many, within how many seconds."""


def of(phone: str, settings: Row, context: Context) -> list[Write]:
    """What counts one more code, within all limits.

    Raises:
        RateLimitedError: one of them is used up; says when there is room again.
    """
    number = phone.removeprefix("+")
    return [
        _tally(f"code#{number}", PER_NUMBER, context),
        _tally(f"code#{number}#day", PER_NUMBER_AND_DAY, context),
        _tally(f"code#{number[:-4]}#range", PER_RANGE, context),
        _day(settings, context),
    ]


def _tally(name: str, most: tuple[int, int], context: Context) -> Tally:
    limit, seconds = most
    tally = Tally(name, limit, seconds)
    if full := context.seen.get((tally.table, tally.id)):
        free_at = full[f"t{limit - 1}"] / 1000 + seconds
        wait = int(free_at - context.now.timestamp()) + 1
        if wait > 0:
            raise RateLimitedError.until(wait, "Enough codes were sent to this number for now.")
    return tally


def _day(settings: Row, context: Context) -> Spend:
    most = int(setting(settings, "limits")["codes_per_day"])
    day = context.now.date()
    over = context.now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    forget_at = int((over + timedelta(days=1)).timestamp())
    spend = Spend(f"codes#{day.isoformat()}", most, until=forget_at)
    if (spend.table, spend.id) in context.seen:
        wait = int((over - context.now).total_seconds())
        raise RateLimitedError.until(wait, "Enough codes were sent for today.")
    return spend

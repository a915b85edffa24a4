"""How many texts an org sends in a day: spent by the claim, given back by what was never sent.

The count is divided into parts, for one item takes about sixty transactions a second, and workers
that claim for one org at once would be in each other's way. A text tries its own part first and
then the others: the budget is used up only when all of its parts are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop.business.defaults import setting
from closedloop.core.writes import Refund, Spend
from closedloop.texts.quiet_hours import zone

if TYPE_CHECKING:
    from closedloop.core.decision import Context
    from closedloop.core.rows import Row

_PARTS = 4
_DIVIDED_FROM = 200
"""A smaller budget is spent before its one item is busy."""

_FORGET_SECONDS = 3 * 86_400


def room(context: Context, settings: Row, sms_id: str) -> Spend | None:
    """One text of the org's day, by the clock of the org; None when the day's budget is used up."""
    day = context.now.astimezone(zone(settings.get("time_zone"))).date()
    limit = int(setting(settings, "sms_budget_per_day"))
    parts = _PARTS if limit >= _DIVIDED_FROM else 1
    first = sum(sms_id.encode())
    for part in ((first + turn) % parts for turn in range(parts)):
        share = limit // parts + (part < limit % parts)
        spend = Spend(f"sms#{day}#{part}", share, _until(context))
        known = context.seen.get((spend.table, spend.id))
        if share > 0 and (known is None or known["used"] < share):
            return spend
    return None


def spent_on(spend: Spend) -> str:
    """What a claim notes, so that it can be given back."""
    return spend.name.removeprefix("sms#")


def refund(spent_on: str, context: Context) -> Refund:
    """The budget gets back what a text spent that Twilio never took."""
    return Refund(f"sms#{spent_on}", _until(context))


def _until(context: Context) -> int:
    return int(context.now.timestamp()) + _FORGET_SECONDS

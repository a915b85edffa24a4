"""The token of an org's seller: when it is renewed, by whom, and what is written of it.

Square's tokens live for 30 days, and can be renewed for 15 more. One that is six days old is
renewed, several times a day until that succeeds; one that is eight days old is told of.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from closedloop.core.decision import Decision, Reply
from closedloop.core.times import iso, parse
from closedloop.core.writes import Change
from closedloop.square.events import CONNECTION

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.core.decision import Context
    from closedloop.core.rows import Row

DUE = timedelta(days=6)
LATE = timedelta(days=8)
LEASE = timedelta(seconds=45)
"""Longer than a renewal takes; whoever dies in one is followed within a minute."""


def age(connection: Row, now: datetime) -> timedelta:
    """How old the token is; one of which nothing is known is older than any."""
    renewed = connection.get("token_renewed_at")
    return now - parse(renewed) if renewed else timedelta.max


def claim(context: Context) -> Decision:
    """Take the renewal, if it is due and nobody has it; `lease` of the reply is what shows it."""
    (row,) = context.read(CONNECTION)
    due = row and row.get("state") == "connected" and age(row, context.now) >= DUE
    if not row or not due or row.get("renewing_until", "") > context.timestamp:
        return Decision((), Reply({"lease": None}))
    lease = iso(context.now + LEASE)
    change = Change(*CONNECTION, {"renewing_until": lease}, {"version": row["version"]})
    return Decision((change,), Reply({"lease": lease}))


def renewed(lease: str, expires_at: datetime, context: Context) -> Decision:
    """The token is new; written by whoever holds the lease still."""
    return _ended(
        lease,
        {"token_renewed_at": context.timestamp, "token_expires_at": iso(expires_at)},
        context,
    )


def given_up(lease: str, context: Context) -> Decision:
    """It was not renewed this time: the next one need not wait for the lease to lapse."""
    return _ended(lease, {}, context)


def _ended(lease: str, fields: Row, context: Context) -> Decision:
    (row,) = context.read(CONNECTION)
    if row is None or row.get("renewing_until") != lease:
        return Decision((), Reply({}))
    change = Change(*CONNECTION, {**fields, "renewing_until": None}, {"version": row["version"]})
    return Decision((change,), Reply({}))

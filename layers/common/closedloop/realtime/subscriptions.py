"""Sockets: who may connect, what a connection may subscribe to, and what it receives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from closedloop.core.command import Command, RowId
from closedloop.core.cursors import CHANGES_PATTERN, ChangeCursor
from closedloop.core.errors import RateLimitedError, UnauthorizedError
from closedloop.core.tables import TABLES, Table
from closedloop.core.times import iso
from closedloop.realtime.errors import LimitExceededError
from closedloop.realtime.mail import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from closedloop.core.rows import Row

MESSAGE_BYTES = 32 * 1024
MESSAGES_A_MINUTE = 60
SOCKETS_OF_A_PERSON = 30
SUBSCRIPTIONS = 20
"""The most tables, or single rows of tables, that one connection may subscribe to."""

PACKED = "packed"
"""Kept among a connection's subscriptions: its client reads tables of events."""

# The gateway ends a connection after two hours; the rest is for its `$disconnect`, if it comes.
_CONNECTION_LIFE = timedelta(hours=2, minutes=10)


Tables = Annotated[list[Table], Field(min_length=1, max_length=len(TABLES))]


class Subscribe(Command):
    """Tell me the changes of these tables, or of these rows of them."""

    action: Literal["subscribe"]
    tables: Tables
    ids: Annotated[list[RowId], Field(min_length=1, max_length=SUBSCRIPTIONS)] | None = None
    since: Annotated[str, Field(pattern=CHANGES_PATTERN)] | None = None
    packed: bool = False


class Unsubscribe(Command):
    """Tell me no more of these tables, nor of any row of them."""

    action: Literal["unsubscribe"]
    tables: Tables


class Ping(Command):
    """Are you there? The gateway ends a connection that is silent for ten minutes."""

    action: Literal["ping"]


MESSAGES: dict[str, type[Subscribe | Unsubscribe | Ping]] = {
    "subscribe": Subscribe,
    "unsubscribe": Unsubscribe,
    "ping": Ping,
}
"""What a client may send, by action."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One open socket of an org: what it subscribed to, as `table` or `table#id`."""

    id: str
    subscriptions: frozenset[str]

    def wants(self, table: str, row_id: str) -> bool:
        """Whether this connection receives a change of this row."""
        return table in self.subscriptions or f"{table}#{row_id}" in self.subscriptions

    @property
    def reader(self) -> Reader:
        """The connection as the posting code identifies it."""
        return Reader(self.id, PACKED in self.subscriptions)


def connection_row(connection_id: str, ticket: Row, now: datetime) -> Row:
    """What is kept of a connection. Its org and person are those of the ticket, for good."""
    return {
        "connection_id": connection_id,
        "org_id": ticket["org_id"],
        "actor": ticket["actor"],
        "connected_at": iso(now),
        "expires_at": int((now + _CONNECTION_LIFE).timestamp()),
        "messages": {},
        "subscriptions": {},
    }


def may_connect(origin: str | None, allowed: Iterable[str]) -> bool:
    """Whether a page of this origin may open a socket.

    A browser always names the page's origin, so a strange page is refused even when it got hold
    of a ticket. Without an origin it is no browser, which could name any it likes: for such a
    client the ticket alone decides.
    """
    if origin is None:
        return True
    known = {each.strip().lower() for each in allowed}
    return "*" in known or origin.lower() in known


def subscribed(message: Subscribe, held: frozenset[str]) -> frozenset[str]:
    """What a connection that holds `held` holds afterwards: all that, and what it asks for.

    That its client reads tables is said once and stays.

    Raises:
        LimitExceededError: these are more than a connection may hold.
    """
    if message.ids is None:
        asked = frozenset[str](message.tables)
    else:
        asked = frozenset(f"{table}#{i}" for table, i in product(message.tables, message.ids))
    if len((held | asked) - {PACKED}) > SUBSCRIPTIONS:
        raise LimitExceededError(f"A connection may have {SUBSCRIPTIONS} subscriptions.")
    return held | asked | ({PACKED} if message.packed else set())


def unsubscribed(message: Unsubscribe, held: frozenset[str]) -> frozenset[str]:
    """What a connection holds afterwards: nothing of these tables, neither whole nor by row."""
    return frozenset(each for each in held if each.partition("#")[0] not in message.tables)


def still_open(row: Row | None, now: datetime) -> Row:
    """The connection's row, unless the connection has ended for us.

    Raises:
        UnauthorizedError: there is no row, or its time is over.
    """
    if row is None or row["expires_at"] <= now.timestamp():
        raise UnauthorizedError("This connection has ended. Connect again with a new ticket.")
    return row


def within_rate(row: Row, now: datetime) -> Row:
    """The connection's row, unless it sent all that it may in this minute.

    Raises:
        RateLimitedError: it did.
    """
    allowed = rate(now)
    if row["messages"].get(str(allowed["minute"]), 0) >= allowed["limit"]:
        raise too_many_messages()
    return row


def rate(now: datetime) -> dict[str, int]:
    """The minute that a message counts in, and how many it may have."""
    return {"minute": int(now.timestamp()) // 60, "limit": MESSAGES_A_MINUTE}


def too_many_messages() -> RateLimitedError:
    """The refusal of a message too many."""
    return RateLimitedError(f"At most {MESSAGES_A_MINUTE} messages a minute. Send it again later.")


def subscribed_reply(message: Subscribe, now: datetime) -> Row:
    """The answer to a subscription that is committed: from which cursor to catch up.

    What was missed is read from `GET /api/changes`, never pushed: one way to catch up, with its
    pages, for sockets and for pages that poll, and no backlog that could overrun a frame. Whether
    there is anything is known only there, so `more` is true whenever the client named a cursor.
    `resync` says that the cursor is too old: read the lists anew and go on from this one.

    Raises:
        ValidationFailedError: `since` is no cursor of changes.
    """
    cursor = ChangeCursor.parse(message.since) if message.since else None
    resync = cursor is not None and cursor.is_too_old(now)
    known = None if resync else cursor
    return {
        "type": "SUBSCRIBED",
        "tables": message.tables,
        "cursor": str(known or ChangeCursor.at(now)),
        "resync": resync,
        "more": known is not None,
    }


def addressed(
    connections: Iterable[Connection], rows: Sequence[tuple[str, str]]
) -> Mapping[Reader, tuple[int, ...]]:
    """Which connections of an org receive which of these changes, each a (table, id).

    The positions of the changes by reader, in their order; who wants none is left out.
    """
    made: dict[frozenset[str], tuple[int, ...]] = {}  # most clients of an org ask for the same
    wanted: dict[Reader, tuple[int, ...]] = {}
    for each in connections:
        if each.subscriptions not in made:
            made[each.subscriptions] = tuple(
                i for i, (table, row_id) in enumerate(rows) if each.wants(table, row_id)
            )
        if made[each.subscriptions]:
            wanted[each.reader] = made[each.subscriptions]
    return wanted


def connection(row: Row) -> Connection:
    """An open connection as its row tells."""
    return Connection(row["connection_id"], frozenset(row["subscriptions"]))


def message_of(action: Any) -> type[Subscribe | Unsubscribe | Ping] | None:
    """The model of a message by its action, None for an action that there is not."""
    return MESSAGES.get(action) if isinstance(action, str) else None

"""Tickets: each opens one socket, within half a minute."""

from __future__ import annotations

import hashlib
import math
import re
from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from closedloop.core.command import Command
from closedloop.core.errors import UnauthorizedError

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.core.decision import Actor
    from closedloop.core.rows import Row

TICKET_SECONDS = 30
TICKETS_AT_ONCE = 30
"""How many tickets a person gets in half a minute."""
_TICKET = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes


class NewTicket(Command):
    """What may be sent for a ticket: nothing. All that matters is who asks."""


class SocketTicket(TypedDict):
    """A ticket for one socket."""

    ticket: str
    """Opens one socket."""
    expires_in: int
    """Seconds."""
    url: str
    """Where to connect, with `?ticket=`."""


def ticket_id(ticket: str) -> str:
    """What a ticket is kept under: only its hash, so that who reads the table cannot connect.

    Raises:
        UnauthorizedError: it cannot be one of ours.
    """
    if not _TICKET.fullmatch(ticket):
        raise UnauthorizedError("Open the socket with a new ticket.")
    return "ticket#" + hashlib.sha256(ticket.encode()).hexdigest()


def ticket_row(ticket: str, actor: Actor, now: datetime) -> Row:
    """What is kept of a ticket: whom it lets in, and until when."""
    return {
        "id": ticket_id(ticket),
        "org_id": actor.org_id,
        "actor": actor.author,
        "roles": sorted(actor.roles),
        "expiration": math.ceil(now.timestamp()) + TICKET_SECONDS,
    }


def person_of(ticket: Row) -> str:
    """Under what a person's tickets and sockets are counted."""
    return f"{ticket['org_id']}#{ticket['actor']['id']}"

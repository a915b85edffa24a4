"""Tickets, connections, the gateway's sockets and the queue of the fan-out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop import wiring

if TYPE_CHECKING:
    from closedloop.realtime.clients.connections import Connections
    from closedloop.realtime.clients.gateway import Sockets
    from closedloop.realtime.clients.queue import Queue
    from closedloop.realtime.clients.tickets import Tickets

SOCKET_THREADS = 64
"""How many posts to sockets are under way at once: a post is mostly waiting."""


@wiring.built
def tickets() -> Tickets:
    """Tickets for sockets."""
    from closedloop.realtime.clients.tickets import Tickets

    return Tickets(wiring.dynamodb(), wiring.setting("TABLE_PREFIX"))


@wiring.built
def connections() -> Connections:
    """The open sockets as the database knows them."""
    from closedloop.realtime.clients.connections import (
        Connections,
    )

    return Connections(wiring.dynamodb(), wiring.setting("TABLE_PREFIX"))


@wiring.built
def sockets() -> Sockets:
    """The open sockets as the gateway knows them."""
    from closedloop.realtime.clients.gateway import sockets

    return sockets(wiring.setting("SOCKETS_ENDPOINT"), SOCKET_THREADS)


@wiring.built
def fanout() -> Queue:
    """The queue of messages for the connections of large orgs."""
    from closedloop.realtime.clients.queue import queue

    return queue(wiring.setting("FANOUT_QUEUE_URL"))


def allowed_origins() -> list[str]:
    """The origins of the pages that may open a socket."""
    return wiring.setting("ALLOWED_ORIGINS").split(",")

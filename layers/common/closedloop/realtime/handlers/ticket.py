"""The edge of tickets for sockets: verify, parse, authorise, issue, reply.

A ticket is no business action: it makes no row, changes nothing that others see and is gone in
half a minute. So it takes no idempotency key and leaves no audit entry; asked for twice, two are
issued, each good for one socket.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core.errors import ForbiddenError
from closedloop.edge import request as incoming
from closedloop.edge.respond import Outcome, Response, dump, respond
from closedloop.realtime import wiring as realtime
from closedloop.realtime.tickets import TICKET_SECONDS, TICKETS_AT_ONCE, NewTicket, ticket_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.core.decision import Actor
    from closedloop.edge.request import Request
    from closedloop.realtime.tickets import SocketTicket


@dataclass(frozen=True)
class Issuer:
    """The function that issues tickets to everybody who is signed in and has a role."""

    name: str

    def __call__(self, event: Mapping[str, Any], _: object = None) -> Response:
        """Answer one request."""
        return respond(self.name, event, self._answer)

    @staticmethod
    def _answer(request: Request) -> Outcome:
        actor = incoming.actor(request)
        if request.body:  # nothing needs to be sent
            incoming.command(request, NewTicket)
        if not actor.roles:
            raise ForbiddenError
        return Outcome(200, dump({"success": True, **issue(actor)}))


def issue(actor: Actor) -> SocketTicket:
    """A ticket that opens one socket, within half a minute.

    Connect to `url` with `?ticket=` and the ticket. It is good once, `expires_in` seconds long, and
    for the caller's org alone; it stands in an address because a browser's socket has no headers.
    No key is needed: asked for twice, two tickets are issued. A body may be left out.

    Raises:
        PayloadTooLargeError, UnsupportedMediaTypeError: a body was sent that is no empty object.
        RateLimitedError: the caller has asked for thirty within half a minute.
    """
    ticket = secrets.token_urlsafe(32)
    realtime.tickets().keep(ticket_row(ticket, actor, wiring.now()), limit=TICKETS_AT_ONCE)
    return {"ticket": ticket, "expires_in": TICKET_SECONDS, "url": wiring.setting("SOCKET_URL")}


def issuer(name: str) -> Issuer:
    """Make the function."""
    if wiring.in_lambda():
        realtime.tickets()
    return Issuer(name)

"""The edge of the socket API: its routes are events of a connection, its answers are messages.

The gateway passes on the body of what a message's function returns: no post is needed to answer.
Identity comes with `$connect` alone and is kept; messages carry none.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core import deadline
from closedloop.core.decision import StaleError
from closedloop.core.errors import (
    ClosedLoopError,
    ForbiddenError,
    InternalError,
    UnauthorizedError,
    ValidationFailedError,
)
from closedloop.edge import headers, log
from closedloop.edge import request as incoming
from closedloop.edge.respond import dump
from closedloop.realtime import subscriptions, tickets
from closedloop.realtime import wiring as realtime
from closedloop.realtime.errors import LimitExceededError, UnknownActionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from closedloop.core.rows import Row

_ROUNDS = 4
"""How often a change of subscriptions is decided anew while other messages get in between."""

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event of a connection. Header names are lower case; only `$connect` has any."""

    route: str
    kind: str
    connection_id: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: str

    @classmethod
    def read(cls, event: Mapping[str, Any]) -> Incoming:
        """The gateway's event; nothing is checked yet."""
        about = event["requestContext"]
        return cls(
            route=about["routeKey"],
            kind=about["eventType"],
            connection_id=about["connectionId"],
            headers=headers.lower(event),
            query=event.get("queryStringParameters") or {},
            body=event.get("body") or "",
        )


def route(name: str, answer: Callable[[Incoming], Row]) -> Callable[..., Answer]:
    """A function of the socket API; a refusal is its status at `$connect`, else a message."""
    if wiring.in_lambda():
        realtime.connections()

    def handler(event: Mapping[str, Any], _: object = None) -> Answer:
        about = event["requestContext"]
        facts = {"route": about["routeKey"], "connection_id": about["connectionId"]}
        with log.line(name, about["requestId"], **facts) as line, deadline.shared():
            response = _mapped(line, answer, event)
        return _accepted(response) if facts["route"] != "$connect" else response

    return handler


def _mapped(line: log.Line, answer: Callable[[Incoming], Row], event: Mapping[str, Any]) -> Answer:
    try:
        return {"statusCode": 200, "body": dump(answer(Incoming.read(event)))}
    except ClosedLoopError as refusal:
        line.outcome = "Refused" if refusal.status < InternalError.status else "Failed"
        line.facts["code"] = refusal.code
        return _refused(refusal)
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the client gets an answer
        line.outcome = "Failed"
        line.fault(error)
        return _refused(InternalError("Something went wrong on our side. Send it again."))


def connect(socket: Incoming) -> Row:
    """Let in who brings a ticket: it is taken away first, so that no crash leaves it usable.

    A person has so many sockets at most: one more ends the oldest.

    Raises:
        ForbiddenError: the page's origin is none of ours; the ticket stays good.
        UnauthorizedError: the ticket is missing, unknown, used or expired.
    """
    _must_be(socket, "CONNECT")
    if not subscriptions.may_connect(socket.headers.get("origin"), realtime.allowed_origins()):
        raise ForbiddenError("This page may not connect.")
    now = wiring.now()
    ticket = realtime.tickets().redeem(tickets.ticket_id(socket.query.get("ticket", "")), now)
    if ticket is None:
        raise UnauthorizedError("Open the socket with a new ticket.")
    row = subscriptions.connection_row(socket.connection_id, ticket, now)
    over = realtime.connections().newest(
        tickets.person_of(ticket),
        socket.connection_id,
        limit=subscriptions.SOCKETS_OF_A_PERSON,
        until=row["expires_at"],
    )
    realtime.connections().open(row)
    for each in over:
        _end(each)
    return {}


def disconnect(socket: Incoming) -> Row:
    """Forget a connection that has ended. The gateway may never say so: see `expires_at`."""
    _must_be(socket, "DISCONNECT")
    realtime.connections().close(socket.connection_id)
    return {}


def message(socket: Incoming) -> Row:
    """Do what a message asks for and answer with a message; the change is made before the answer.

    Raises:
        ValidationFailedError, UnknownActionError: the message does not fit; nothing was counted.
        LimitExceededError: it is too large, or would be one subscription too many.
        RateLimitedError: the connection sent too many in this minute.
        UnauthorizedError: the connection is over for us.
    """
    asked, now = _read(socket.body), wiring.now()
    match asked:
        case subscriptions.Subscribe():
            reply = subscriptions.subscribed_reply(asked, now)
            _change(socket, now, lambda held: subscriptions.subscribed(asked, held))
            return reply
        case subscriptions.Unsubscribe():
            _change(socket, now, lambda held: subscriptions.unsubscribed(asked, held))
            return {"type": "UNSUBSCRIBED", "tables": asked.tables}
        case subscriptions.Ping():
            _count(socket, now)
            return {"type": "PONG"}


def _must_be(socket: Incoming, kind: str) -> None:
    """A message that names `$connect` or `$disconnect` as its action is still a message."""
    if socket.kind != kind:
        raise UnknownActionError


def _end(connection_id: str) -> None:
    """As well as it goes: most have ended by themselves, and every one ends in two hours."""
    with suppress(ClosedLoopError):
        realtime.sockets().end(connection_id)
        realtime.connections().close(connection_id)


def _read(body: str) -> subscriptions.Subscribe | subscriptions.Unsubscribe | subscriptions.Ping:
    try:
        content = body.encode()
    except UnicodeEncodeError:
        raise ValidationFailedError.at("", "The message is not valid JSON.") from None
    if len(content) > subscriptions.MESSAGE_BYTES:
        raise LimitExceededError("A message may have 32 KB.")
    fields = incoming.json_object(content)
    model = subscriptions.message_of(fields.get("action"))
    if model is None:
        raise UnknownActionError
    return incoming.validated(model, fields)


def _count(socket: Incoming, now: datetime) -> None:
    try:
        realtime.connections().count(socket.connection_id, **subscriptions.rate(now), now=now)
    except StaleError as stale:
        subscriptions.still_open(_shown(stale), now)
        raise subscriptions.too_many_messages() from stale


def _change(
    socket: Incoming, now: datetime, decide: Callable[[frozenset[str]], frozenset[str]]
) -> None:
    """Change subscriptions on the assumption that there are none, else on what there is.

    A client subscribes once, when it connects: one request. Later messages take two.
    """
    held: frozenset[str] = frozenset()
    for _ in range(_ROUNDS):
        try:
            realtime.connections().replace(
                socket.connection_id, held, decide(held), **subscriptions.rate(now), now=now
            )
        except StaleError as stale:
            row = subscriptions.within_rate(subscriptions.still_open(_shown(stale), now), now)
            held = frozenset(row["subscriptions"])
        else:
            return
    raise subscriptions.too_many_messages()


def _shown(stale: StaleError) -> Row | None:
    (row,) = stale.rows.values()
    return row


def _refused(refusal: ClosedLoopError) -> Answer:
    fields = {"fields": refusal.body["fields"]} if "fields" in refusal.body else {}
    body = {"type": "ERROR", "code": refusal.code, "error": str(refusal), **fields}
    return {"statusCode": refusal.status, "body": dump(body)}


def _accepted(response: Answer) -> Answer:
    """An answer that is passed on: a refused message is a message too, and no fault."""
    return response | {"statusCode": 200}

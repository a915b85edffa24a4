"""What keeps the tokens of sellers alive: some times a day, each org for itself."""

from __future__ import annotations

import time
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core.errors import ClosedLoopError
from closedloop.core.times import iso
from closedloop.edge import log
from closedloop.edge.apply import apply, by_itself
from closedloop.square import events, tokens
from closedloop.square import wiring as square
from closedloop.square.errors import (
    SquareError,
    SquareRateLimitedError,
    SquareUnavailableError,
)
from closedloop.square.handlers import subscription

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from closedloop.aws.secrets import Secrets
    from closedloop.core.rows import Row
    from closedloop.square.clients.oauth import Renewed

WORK = "square"
_PAGE = 100
_LAST_SECONDS = 25
"""What is left of the function's time when no further token is begun."""


def keeper(name: str) -> Callable[..., dict[str, Any]]:
    """The function that renews what is due. One seller in trouble keeps no other waiting."""

    def handler(_: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
        left = context.get_remaining_time_in_millis() / 1000 if context else 60
        until = time.monotonic() + left - _LAST_SECONDS
        with log.line(name, getattr(context, "aws_request_id", "")) as line:
            for connection in _due():
                if time.monotonic() > until:
                    line.counts["Left"] += 1
                    continue
                _keep(line, connection)
            subscription.look()
            line.outcome = "Failed" if line.counts["Faults"] else "Done"
        return {"renewed": line.counts["Renewed"]}

    return handler


def _due() -> Iterator[Row]:
    now = wiring.now()
    pages = wiring.lookups().due(WORK, iso(now), _PAGE, "orgs")
    # All pages first: what is disconnected on the way leaves the list.
    for connection in wiring.lookups().rows("orgs", list(chain.from_iterable(pages))):
        if tokens.age(connection, now) >= tokens.DUE:
            yield connection


def _keep(line: log.Line, connection: Row) -> None:
    org_id = connection["org_id"]
    try:
        came = renew(line.action, org_id)
        line.counts[came] += 1
    except ClosedLoopError:
        came = "Busy"
        line.counts[came] += 1
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one seller, the others go on
        came = "Faults"
        line.fault(error)
        line.counts[came] += 1
    late = tokens.age(connection, wiring.now()) >= tokens.LATE
    line.counts["OldTokens"] += late and came not in {"Renewed", "Known", "Disconnected"}


def renew(name: str, org_id: str) -> str:
    """Renew the token of an org's seller, alone; what came of it, as it is counted.

    Renewed; Taken (somebody else is at it, or it is not due); Known (somebody else has done it);
    Later (Square has trouble); Refused (Square does not renew it, and the token still works: look
    at our application's secret); Disconnected (the token is dead).
    """
    lease = apply(by_itself(name, org_id, who="square"), tokens.claim).body["lease"]
    if lease is None:
        return "Taken"
    context = by_itself(name, org_id, who="square")
    came = _asked(square.credentials(org_id))
    if not isinstance(came, str):
        apply(context, partial(tokens.renewed, lease, came.expires_at))
        return "Renewed"
    if came == "Disconnected":
        apply(context, partial(events.disconnected, why="refused"))
    apply(context, partial(tokens.given_up, lease))
    return came


def _asked(secret: Secrets) -> Renewed | str:
    known = secret.read(fresh=True)
    try:
        found = square.oauth().renew(str(known["refresh_token"]))
        if found.merchant_id != known["merchant_id"]:
            return "Refused"  # another seller's token never takes the place of this one's
        secret.write({**known, **found.model_dump(mode="json")})
    except (SquareRateLimitedError, SquareUnavailableError):
        return "Later"
    except SquareError:
        return _refused(known, secret.read(fresh=True))
    return found


def _refused(known: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Whether it is the token that is dead: it is read anew, and asked for itself."""
    if known != now:
        return "Known"
    try:
        alive = square.oauth().alive(str(now["access_token"]))
    except SquareError:
        return "Later"
    return "Refused" if alive else "Disconnected"

"""Square's webhook: what a seller, or a customer, has done at Square.

Square repeats what is not answered with 2xx for a day, and in the end switches the subscription
off: so only what is not Square's own is refused, and whatever else comes is answered 200 once it is
written down.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.edge import log, webhook
from closedloop.edge.apply import apply, by_itself
from closedloop.square import events
from closedloop.square import wiring as square
from closedloop.square.events import NO_ORG, Event, Heard
from closedloop.square.model import UnreadableRecordError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from closedloop.core.decision import Reply
    from closedloop.edge.webhook import Response, Webhook

UNAUTHORIZED = 401

_TYPE = re.compile(r"[a-z][a-z0-9_.]{0,63}")
"""What Square's types of events look like."""

_COUNTED = {
    Heard.IGNORED: "UnknownTypes",
    Heard.QUARANTINED: "Quarantined",
    Heard.DISCONNECTED: "Disconnected",
    Heard.OLDER: "Late",
}
"""Under which name an outcome is watched."""


@dataclass(frozen=True, slots=True)
class Nonsense:
    """What Square has signed and nobody can read; `reason` names fields, not what they hold."""

    content: str
    reason: str


def handler(name: str) -> Callable[..., Response]:
    """The function that Square calls."""
    made = webhook.webhook(name, verify=_signed, parse=_read, act=_take, not_its_own=UNAUTHORIZED)
    if wiring.in_lambda():
        square.queue()  # after the database's client, whose session it shares
    return made


def _signed(request: Webhook) -> bool:
    """By the one address that is configured, whatever the request says of where it came in."""
    key = square.signed_with(request.body, request.headers)
    if key is None:
        log.count("Forged", expected_url=square.notification_url())
        return False
    log.count("Signed", signed_with=key)
    return True


def _read(request: Webhook) -> Event | Nonsense:
    try:
        return Event.of(json.loads(request.body))
    except UnreadableRecordError as wrong:
        return Nonsense(request.body.decode(errors="backslashreplace"), str(wrong))
    except (ValueError, RecursionError):
        return Nonsense(request.body.decode(errors="backslashreplace"), "body: no JSON")


def _take(name: str, came: Event | Nonsense) -> Response:
    if isinstance(came, Nonsense):
        context = by_itself(name, NO_ORG, who="square")
        apply(context, partial(events.quarantine, came.content, came.reason))
        log.count("Quarantined")
        return webhook.said(200)
    org_id = wiring.lookups().org_of_merchant(came.merchant_id)
    if org_id is None:
        # A refusal would count against the subscription, which all businesses share.
        log.count("UnknownMerchants")
        return webhook.said(200)
    context = by_itself(name, org_id, came.id, who="square")
    reply = apply(context, partial(events.arrived, came))
    _after(org_id, reply, _unknown(came.type) if reply.body["outcome"] == Heard.IGNORED else {})
    return webhook.said(200)


def _unknown(event_type: str) -> dict[str, Any]:
    """A type for the line of the log; a metric for each would have no bound."""
    return {"event_type": event_type if _TYPE.fullmatch(event_type) else "other"}


def _after(org_id: str, reply: Reply, facts: Mapping[str, Any]) -> None:
    """What follows a commit; the reconciliation makes good what of it fails."""
    body: Mapping[str, Any] = reply.body
    outcome = body["outcome"]
    log.count(_COUNTED.get(outcome, "Taken"), outcome=str(outcome), org_id=org_id, **facts)
    if body.get("strange"):
        log.count("UnknownStatuses")
    if body.get("conflicts"):
        log.count("Conflicts", body["conflicts"])
    if body.get("read"):
        message = {"kind": "booking", "org_id": org_id, "id": body["job"]}
        log.count("NotAsked", len(square.queue().put([message])))

"""The look at our subscription of webhooks, which Square may disable with an e-mail alone."""

from __future__ import annotations

from closedloop.edge import log
from closedloop.square import wiring as square
from closedloop.square.errors import SquareError, SquareRateLimitedError, SquareUnavailableError
from closedloop.square.subscription import wrongs


def look() -> None:
    """Count what is wrong with the subscription as `SubscriptionFaults`.

    Without the application's own token nothing is asked. Trouble at Square says nothing of the
    subscription: the next look is in six hours. A token that Square does not take is a fault.
    """
    calls = square.subscriptions()
    if calls is None:
        return
    try:
        listed = calls.get("/v2/webhooks/subscriptions").get("subscriptions", [])
        found = wrongs(listed, square.notification_url())
    except (SquareRateLimitedError, SquareUnavailableError):
        return
    except SquareError:
        found = ["the application's token is not accepted."]
    if found:
        log.count("SubscriptionFaults", len(found), subscription=found)

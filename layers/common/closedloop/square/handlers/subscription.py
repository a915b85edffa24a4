"""The look at our subscription of webhooks, which Square may disable with an e-mail alone."""

from __future__ import annotations

from closedloop.core import deadline
from closedloop.edge import log
from closedloop.square import wiring as square
from closedloop.square.errors import (
    SquareBadCursorError,
    SquareError,
    SquareForbiddenError,
    SquareRateLimitedError,
    SquareUnauthorizedError,
    SquareUnavailableError,
)
from closedloop.square.subscription import wrongs

_PASSES = (SquareBadCursorError, SquareRateLimitedError, SquareUnavailableError)
_REFUSED = (SquareForbiddenError, SquareUnauthorizedError)


def look() -> None:
    """Count what is wrong with the subscription as `SubscriptionFaults`, which somebody is told of.

    Without the application's own token nothing is asked. Trouble that passes says nothing of the
    subscription: it is counted as `SubscriptionUnseen`, and the next look is in six hours. A token
    that Square refuses is a fault, and so is an answer that nobody expects: by its own name.
    """
    ours = square.subscriptions()
    if ours is None:
        return
    try:
        with deadline.shared():  # one for all pages: the function has its end
            found = wrongs(ours.listed(), square.notification_url())
    except _PASSES as trouble:
        log.count("SubscriptionUnseen", unseen=str(trouble))
        return
    except _REFUSED as no:
        found = [f"the application's token is not accepted: {no}."]
    except SquareError as strange:
        found = [f"the subscriptions cannot be read: {strange}."]
    if found:
        log.count("SubscriptionFaults", len(found), subscription=found)

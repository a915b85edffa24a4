"""The sellers at Square whom orgs are connected to, and what is shared with Square."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from closedloop import wiring

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from closedloop.aws.secrets import Secrets
    from closedloop.square.clients.oauth import OAuth
    from closedloop.square.clients.queue import ReconcileQueue
    from closedloop.square.clients.runs import Runs
    from closedloop.square.clients.square import Square
    from closedloop.square.clients.subscriptions import Subscriptions


@wiring.built
def square(org_id: str) -> Square:
    """The records of the seller that this org is connected to."""
    from closedloop.square.clients.calls import CALLS_A_SECOND, Calls
    from closedloop.square.clients.square import Square

    def token(*, fresh: bool) -> str:
        return str(credentials(org_id).read(fresh=fresh)["access_token"])

    pace = float(os.environ.get("SQUARE_CALLS_A_SECOND", CALLS_A_SECOND))
    return Square(Calls(wiring.setting("SQUARE_BASE_URL"), token, calls_a_second=pace))


@wiring.built
def credentials(org_id: str) -> Secrets:
    """The org's own secret: `access_token`, `refresh_token`, `expires_at`, `merchant_id`."""
    from closedloop.aws.secrets import secrets

    return secrets(f"{wiring.setting('SQUARE_SECRETS')}{org_id}")


@wiring.built
def runs() -> Runs:
    """The runs of the reconciliation and their lease."""
    from closedloop.square.clients.runs import Runs

    return Runs(wiring.dynamodb(), wiring.setting("TABLE_PREFIX") + "reconcile")


@wiring.built
def queue() -> ReconcileQueue:
    """The queue of runs, and of bookings that are to be read."""
    from closedloop.square.clients.queue import reconcile_queue

    return reconcile_queue(wiring.setting("RECONCILE_QUEUE_URL"))


def application() -> Mapping[str, Any]:
    """What our application shares with Square.

    `signature_key`, `previous_signature_key` during its rotation, `application_id`,
    `application_secret`, and `application_token` where somebody has set it.
    """
    return wiring.secret("SQUARE_SECRET_ARN").read()


def oauth() -> OAuth:
    """Our application, which renews the tokens of sellers."""
    from closedloop.square.clients.oauth import OAuth

    shared = application()
    return OAuth(
        wiring.setting("SQUARE_BASE_URL"),
        str(shared["application_id"]),
        str(shared["application_secret"]),
    )


def subscriptions() -> Subscriptions | None:
    """Our application's subscriptions of webhooks, None where its own token is not set."""
    from closedloop.square.clients.calls import Calls
    from closedloop.square.clients.subscriptions import Subscriptions

    own = str(application().get("application_token") or "")
    if not own:
        return None
    return Subscriptions(Calls(wiring.setting("SQUARE_BASE_URL"), lambda **_: own))


def notification_url() -> str:
    """The address that our subscription at Square names; empty before it is set up."""
    return os.environ.get("SQUARE_NOTIFICATION_URL", "")


def signed_with(body: bytes, headers: Mapping[str, str]) -> str | None:
    """The name of the key by which this notification is Square's own, None where it is not."""
    from closedloop.square.clients.signature import signed_with

    shared = application()
    names = {"signature_key": "current", "previous_signature_key": "previous"}
    keys = {name: str(shared.get(field) or "") for field, name in names.items()}
    return signed_with(notification_url(), body, headers, keys)

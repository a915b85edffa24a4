"""The sellers at Square whom orgs are connected to, and what is shared with Square."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from closedloop import wiring

if TYPE_CHECKING:
    from closedloop.aws.secrets import Secrets
    from closedloop.square.clients.queue import ReconcileQueue
    from closedloop.square.clients.runs import Runs
    from closedloop.square.clients.square import Square


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

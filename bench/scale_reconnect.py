"""Ten thousand clients lose their sockets in one moment, on a virtual clock.

The clients keep the rule of docs/api/asyncapi.yaml ("Come back in turn"); the buckets are those of
template.yaml and of the account. Meanwhile people press buttons, which must never be refused.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from bench import scale_quotas as aws
from bench.scale_clock import Bucket, Clock
from tests.support.template import resources

if TYPE_CHECKING:
    from collections.abc import Callable

SPREAD_SECONDS = 30
"""Over how long a client spreads its first way back."""

WAITS = (1, 2, 4, 8, 16, 30)
"""The most seconds that a client waits after so many refusals; the last one stays."""

POLL_SECONDS = 20
BUTTON, TICKET, CHANGES, CONNECT = (
    "button",
    "POST /api/realtime/ticket",
    "GET /api/changes",
    "$connect",
)


@dataclass
class Back:
    """What came of it."""

    asked: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    live: int = 0
    seconds: float = 0.0
    """Until the last client is subscribed and has caught up."""


@dataclass
class Storm:
    """So many clients come back, and so many presses a second are made meanwhile."""

    clients: int = 10_000
    presses: int = 300
    spread: float = SPREAD_SECONDS
    own_buckets: bool = True
    """Whether tickets and pages of changes have buckets of their own; else 200 a second for all."""

    clock: Clock = field(default_factory=Clock)
    back: Back = field(default_factory=Back)

    def __post_init__(self) -> None:
        """Full buckets and everybody away."""
        self.chance = random.Random(20261121)
        (api,) = resources("AWS::Serverless::HttpApi").values()
        (sockets,) = resources("AWS::Serverless::WebSocketApi").values()
        common = self._bucket(200, 400) if not self.own_buckets else None
        each = {BUTTON: api["DefaultRouteSettings"], **api["RouteSettings"]}
        self.buckets = {
            name: common or self._bucket(one["ThrottlingRateLimit"], one["ThrottlingBurstLimit"])
            for name, one in each.items()
        }
        one = sockets["DefaultRouteSettings"]
        self.upgrades = self._bucket(aws.SOCKETS_OPENED, aws.SOCKETS_OPENED)
        self.buckets[CONNECT] = self._bucket(
            one["ThrottlingRateLimit"], one["ThrottlingBurstLimit"]
        )
        self.account = self._bucket(aws.ACCOUNT_REQUESTS, aws.ACCOUNT_BURST)

    def happen(self) -> Back:
        """All of it, until everybody is live."""
        for client in range(self.clients):
            away = self.chance.uniform(0, self.spread)
            self.clock.after(away, partial(self._ticket, client, 0))
            self.clock.after(self.chance.uniform(0, POLL_SECONDS), partial(self._poll, client))
        self.connected: set[int] = set()
        self.clock.after(0, self._press)
        self.clock.run()
        return self.back

    def _bucket(self, rate: float, burst: float) -> Bucket:
        return Bucket(self.clock, rate, burst)

    def _asks(self, what: str) -> bool:
        self.back.asked[what] += 1
        room = self.buckets[what].takes() and self.account.takes()
        if what == CONNECT:
            room = room and self.upgrades.takes()
        self.back.refused[what] += not room
        return room

    def _press(self) -> None:
        self._asks(BUTTON)
        if self.back.live < self.clients:
            self.clock.after(1 / self.presses, self._press)

    def _poll(self, client: int) -> None:
        """What a client does while it has no socket."""
        if client not in self.connected:
            self._asks(CHANGES)
            self.clock.after(POLL_SECONDS, partial(self._poll, client))

    def _ticket(self, client: int, refusals: int) -> None:
        if self._asks(TICKET):
            self.clock.after(aws.PRESS_MS / 1000, partial(self._connect, client, refusals))
        else:
            self._again(refusals, partial(self._ticket, client))

    def _connect(self, client: int, refusals: int) -> None:
        if self._asks(CONNECT):
            self.connected.add(client)
            self.clock.after(2 * aws.PRESS_MS / 1000, partial(self._catch_up, client, 0))
        else:  # the ticket is only good for 30 seconds
            self._again(refusals, partial(self._ticket, client))

    def _catch_up(self, client: int, refusals: int) -> None:
        if self._asks(CHANGES):
            self.back.live += 1
            self.back.seconds = self.clock.now
        else:
            self._again(refusals, partial(self._catch_up, client))

    def _again(self, refusals: int, ask: Callable[[int], None]) -> None:
        most = WAITS[min(refusals, len(WAITS) - 1)]
        self.clock.after(self.chance.uniform(0, most), partial(ask, refusals + 1))


def renewals(clients: int) -> float:
    """The most clients of a crowd that came in one moment that renew in one second.

    A life is a random time from 100 to 118 minutes.
    """
    return clients / (18 * 60)

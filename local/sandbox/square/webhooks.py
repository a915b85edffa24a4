"""Webhooks as Square posts them: signed, repeated until a 2xx, without a promise of any order."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args
from uuid import uuid4

from aiohttp import ClientError, ClientSession, ClientTimeout

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, Sequence

    from local.sandbox.square.clock import Clock
    from local.sandbox.square.events import Event

Way = Literal["deliver", "lose", "double", "twin", "delay", "reorder"]
"""How an event goes. `twin`: told twice, each time under an id of its own, as Square may do."""

WAYS: tuple[Way, ...] = get_args(Way)

_TIMEOUT = ClientTimeout(total=10)  # Square's own
_AT_ONCE = 8
_RETRIES = 11
# Square's are minutes and hours apart.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 3.0
_DELAY_SECONDS = 2.0
_HELD_SECONDS = 3.0
"""How long an event waits for a later one that is to overtake it."""


def signature(key: str, url: str, body: bytes) -> str:
    """What Square puts into `x-square-hmacsha256-signature`."""
    digest = hmac.new(key.encode(), url.encode() + body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


@dataclass(slots=True)
class Subscription:
    """Where events go, and what signs them."""

    notification_url: str
    signature_key: str
    id: str = field(default_factory=lambda: f"wbhk_{uuid4().hex}")
    enabled: bool = True
    event_types: tuple[str, ...] = (
        "booking.created", "booking.updated", "customer.created", "customer.deleted",
        "customer.updated", "oauth.authorization.revoked",
    )  # fmt: skip
    api_version: str = "2026-09-16"

    def shown(self) -> dict[str, Any]:
        """As the Webhook Subscriptions API has it."""
        return {
            "id": self.id,
            "name": "Closed Loop",
            "enabled": self.enabled,
            "event_types": list(self.event_types),
            "notification_url": self.notification_url,
            "api_version": self.api_version,
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """One try: the event's id and what the address answered, 0 for nothing."""

    event_id: str
    status: int


class Webhooks:
    """Posts events to a subscription. `open` before, `close` after use."""

    def __init__(self, subscription: Subscription, clock: Clock) -> None:
        self.subscription = subscription
        self.deliveries: list[Delivery] = []
        self._clock = clock
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._held: list[Event] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Within a running loop."""
        self._session = ClientSession(timeout=_TIMEOUT)

    async def close(self) -> None:
        """Whatever is still under way is lost."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    async def tell(self, events: Sequence[Event], way: Way) -> list[int]:
        """Send events this way; the answers of the first tries, as far as they were made at once.

        What is not answered with 2xx is sent again until it is, eleven times at most.
        """
        wanted = [each for each in events if each["type"] in self.subscription.event_types]
        if way == "lose" or not self.subscription.enabled:
            return []
        if way == "delay":
            self._later(self._after(_DELAY_SECONDS, wanted))
            return []
        if way == "reorder":
            self._held.extend(wanted)
            self._later(self._let_go(wanted))
            return []
        if way in {"double", "twin"}:
            wanted = [one for each in wanted for one in (each, _again(each, way))]
        statuses = [await self._first(each) for each in wanted]
        overtaken, self._held = self._held, []
        return statuses + [await self._first(each) for each in overtaken]

    async def _first(self, event: Event) -> int:
        status = await self._post(event, {})
        if not _well(status):
            self._later(self._repeat(event, status))
        return status

    async def _repeat(self, event: Event, status: int) -> None:
        pause = _FIRST_PAUSE
        for number in range(1, _RETRIES + 1):
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 2)
            reason = "http_error" if status else "http_timeout"
            told = {"square-retry-number": str(number), "square-retry-reason": reason}
            status = await self._post(event, told)
            if _well(status):
                return

    async def _after(self, seconds: float, events: Sequence[Event]) -> None:
        await asyncio.sleep(seconds)
        for each in events:
            await self._first(each)

    async def _let_go(self, events: Sequence[Event]) -> None:
        """Nobody has overtaken them: then they go by themselves."""
        await asyncio.sleep(_HELD_SECONDS)
        for each in events:
            if each in self._held:
                self._held.remove(each)
                await self._first(each)

    async def _post(self, event: Event, told: Mapping[str, str]) -> int:
        url = self.subscription.notification_url
        body = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Square Connect v2",
            "square-environment": "Sandbox",
            "square-initial-delivery-timestamp": self._clock.stamp(),
            "x-square-hmacsha256-signature": signature(self.subscription.signature_key, url, body),
            **told,
        }
        status = 0
        with suppress(TimeoutError, ClientError):
            async with self._turn, self._session.post(url, data=body, headers=headers) as answer:
                status = answer.status
        self.deliveries.append(Delivery(event["event_id"], status))
        return status

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _again(event: Event, way: Way) -> Event:
    return event if way == "double" else event | {"event_id": str(uuid4())}


def _well(status: int) -> bool:
    return 200 <= status < 300  # noqa: PLR2004 - HTTP's own; a redirect counts as a failure

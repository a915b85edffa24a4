"""One change told to a small and a large org, and a bulk, with AWS's side of it made up.

The connections are rows of a real database, and every call to a socket is a request of botocore's
that is answered at once. A large org goes by the queue: its messages are handed to the function
behind it in batches, as Lambda would.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from uuid import uuid4

from bench.wire import UnexpectedAnswerError
from closedloop.realtime import wiring as realtime
from closedloop.realtime.clients.queue import Queue
from closedloop.realtime.handlers.post import Pace
from closedloop.realtime.subscriptions import PACKED
from tests.realtime.gateway import Gateway
from tests.realtime.support import broadcast, changes, many, moved, queued, record
from tests.support.template import functions
from tests.support.wire import wire

if TYPE_CHECKING:
    from tests.support.database import Database

SIZES = (100, 10_000)
LEADS = 500
LISTENERS = 100
"""Of the bulk: frames are the same for any number (bench/scale_burst.py has ten thousand)."""


@dataclass(frozen=True)
class Broadcast:
    """What it took to tell so many connections of one change."""

    connections: int
    queries: int
    sends: int
    invocations: int
    posts: int
    frames: int
    """The most that one connection was sent."""

    milliseconds: float
    """CPU, of all invocations together."""


def measure(db: Database) -> list[Broadcast]:
    """An org of each size."""
    with patch.dict("os.environ", SOCKETS_ENDPOINT="https://sockets.invalid/live"):
        gateway = Gateway()
        events = realtime.sockets()._client.meta.events  # noqa: SLF001 - the one client there is
        events.register("before-send.apigatewaymanagementapi", gateway.on_send)
        _one(db, gateway, SIZES[0])  # what the first broadcast builds is not the org's
        return [_one(db, gateway, size) for size in SIZES]


def bulk(db: Database) -> Broadcast:
    """500 leads at once to clients that read tables."""
    with patch.dict("os.environ", SOCKETS_ENDPOINT="https://sockets.invalid/live"):
        gateway = Gateway()
        events = realtime.sockets()._client.meta.events  # noqa: SLF001 - the one client there is
        events.register("before-send.apigatewaymanagementapi", gateway.on_send)
        org_id = f"org-{uuid4().hex[:8]}"
        records = [record(org_id, "leads", old, new) for old, new in moved(LEADS)]
        return _told(db, gateway, org_id, LISTENERS, records)


def _one(db: Database, gateway: Gateway, size: int) -> Broadcast:
    org_id = f"org-{uuid4().hex[:8]}"
    return _told(db, gateway, org_id, size, changes(org_id, 2))


def _told(db: Database, gateway: Gateway, org_id: str, size: int, records: list[Any]) -> Broadcast:
    names = [f"{org_id}-{number}" for number in range(size)]
    many(db, org_id, {each: ["leads", PACKED] for each in names})
    queue, posts = _Sqs(), gateway.posts
    with (
        patch.object(realtime, "fanout", lambda: Queue(queue, "url")),
        patch.object(Pace, "wait", lambda _: None),
        wire() as asked,
    ):
        started = time.process_time()
        failed = broadcast(*records)
        batches = queue.batches()
        # As at a second receive, so that a burst does not go back to gather.
        answers = [queued(batch, receives=2) for batch in batches]
        failed += [each for answer in answers for each in answer["batchItemFailures"]]
        spent = (time.process_time() - started) * 1000
    told = sum(len(gateway.told[each]) == len(records) for each in names)
    if failed or told != size:
        raise UnexpectedAnswerError(f"{told} of {size} connections were told; failed: {failed}")
    return Broadcast(
        connections=size,
        queries=asked.requests.count("Query"),
        sends=queue.sends,
        invocations=1 + len(batches),
        posts=gateway.posts - posts,
        frames=max(len(gateway.frames[each]) for each in names),
        milliseconds=spent,
    )


class _Sqs:
    """Takes messages."""

    def __init__(self) -> None:
        self.sends = 0
        self._messages: list[tuple[str, str]] = []

    def send_message_batch(self, **request: Any) -> dict[str, Any]:
        """As the client's."""
        self.sends += 1
        self._messages += [
            (each["MessageGroupId"], each["MessageBody"]) for each in request["Entries"]
        ]
        return {"Successful": request["Entries"]}

    def batches(self) -> list[list[tuple[str, str]]]:
        """What was taken, as the function behind the queue gets it."""
        (mapping,) = functions()["fanout"]["Events"].values()
        size = mapping["Properties"]["BatchSize"]
        return [self._messages[i : i + size] for i in range(0, len(self._messages), size)]

"""One change told to a small and to a large org, with AWS's side of sockets and queue made up.

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
from closedloop import wiring
from closedloop.realtime import wiring as realtime
from closedloop.realtime.clients.queue import Queue
from tests.realtime.gateway import Gateway
from tests.realtime.support import broadcast, changes, many, queued
from tests.support.template import functions
from tests.support.wire import wire

if TYPE_CHECKING:
    from tests.support.database import Database

SIZES = (100, 10_000)


@dataclass(frozen=True)
class Broadcast:
    """What it took to tell so many connections of one change."""

    connections: int
    queries: int
    sends: int
    invocations: int
    posts: int
    milliseconds: float
    """CPU, of all invocations together."""


def measure(db: Database) -> list[Broadcast]:
    """An org of each size."""
    with patch.dict("os.environ", SOCKETS_ENDPOINT="https://sockets.invalid/live"):
        gateway = Gateway()
        events = realtime.sockets()._client.meta.events  # noqa: SLF001 - the one client there is
        events.register("before-send.apigatewaymanagementapi", gateway.on_send)
        _told(db, gateway, SIZES[0])  # what the first broadcast builds is not the org's
        return [_told(db, gateway, size) for size in SIZES]


def _told(db: Database, gateway: Gateway, size: int) -> Broadcast:
    org_id = f"org-{uuid4().hex[:8]}"
    many(db, org_id, {f"{org_id}-{number}": ["leads"] for number in range(size)})
    queue, posts = _Sqs(), gateway.posts
    with patch.object(wiring, "fanout", lambda: Queue(queue, "url")), wire() as asked:
        started = time.process_time()
        failed = broadcast(*changes(org_id, 2))
        batches = queue.batches()
        failed += [each for batch in batches for each in queued(batch)["batchItemFailures"]]
        spent = (time.process_time() - started) * 1000
    told = sum(len(gateway.told[f"{org_id}-{number}"]) == 1 for number in range(size))
    if failed or told != size:
        raise UnexpectedAnswerError(f"{told} of {size} connections were told; failed: {failed}")
    queries = asked.requests.count("Query")
    return Broadcast(size, queries, queue.sends, 1 + len(batches), gateway.posts - posts, spent)


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

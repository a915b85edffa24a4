"""The edge of queues: each message is done, or comes back alone, or ends in the dead letters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core.errors import ServiceUnavailableError
from closedloop.edge.queue import consumer, in_order
from closedloop.realtime import wiring as realtime
from closedloop.realtime.fanout import deliveries
from closedloop.realtime.handlers.post import deadline, deliver

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping

    from closedloop.edge.queue import Answer


def fanout(name: str) -> Callable[..., Answer]:
    """The function that posts what a large org's connections are told, a message for many."""
    if wiring.in_lambda():
        realtime.connections()
        realtime.sockets()
    return consumer(name, _post, in_order)


def discarded(name: str) -> Callable[..., Answer]:
    """The function that notes which stream records were given up, for somebody to look at."""
    return consumer(name, _note)


def _post(record: Mapping[str, Any], counts: Counter[str], context: Any) -> None:
    delivered = deliver(deliveries(record["body"]), deadline(context))
    counts.update(delivered.counts)
    if delivered.missing:
        raise ServiceUnavailableError  # told again as a whole: clients drop what they have


def _note(record: Mapping[str, Any], counts: Counter[str], _: object) -> dict[str, Any]:
    """Where in which stream, and why; the records themselves are never in the message."""
    message = json.loads(record["body"])
    info = message["DDBStreamBatchInfo"]
    counts["Discarded"] += info["batchSize"]
    return {
        "stream": info["streamArn"],
        "shard": info["shardId"],
        "first": info["startSequenceNumber"],
        "last": info["endSequenceNumber"],
        "records": info["batchSize"],
        "condition": message["requestContext"]["condition"],
    }

"""The edge of queues: each message is done, or comes back alone, or ends in the dead letters."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    SqsFifoPartialProcessor,
    process_partial_response,
)

from closedloop import wiring
from closedloop.edge import log
from closedloop.edge.delivery import deadline, deliver
from closedloop.errors import ServiceUnavailableError
from closedloop.fanout import deliveries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Answer = dict[str, Any]
if TYPE_CHECKING:
    Work = Callable[[str, Counter[str], float], dict[str, Any]]


def fanout(name: str) -> Callable[..., Answer]:
    """The function that posts what a large org's connections are told, a message for many."""
    if wiring.in_lambda():
        wiring.connections()
        wiring.sockets()
    return consumer(name, _post, ordered=True)


def discarded(name: str) -> Callable[..., Answer]:
    """The function that notes which stream records were given up, for somebody to look at."""
    return consumer(name, _note, ordered=False)


def _post(body: str, counts: Counter[str], until: float) -> dict[str, Any]:
    delivered = deliver(deliveries(body), until)
    counts.update(delivered.counts)
    if delivered.missing:
        raise ServiceUnavailableError  # told again as a whole: clients drop what they have
    return {}


def _note(body: str, counts: Counter[str], _: float) -> dict[str, Any]:
    """Where in which stream, and why; the records themselves are never in the message."""
    message = json.loads(body)
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


def consumer(name: str, work: Work, *, ordered: bool) -> Callable[..., Answer]:
    """A function of a queue: `work` takes a body, counts what it did and returns what to log."""

    def handler(event: dict[str, Any], context: Any = None) -> Answer:
        started = time.perf_counter()
        request_id = getattr(context, "aws_request_id", "")
        counts: Counter[str] = Counter(Messages=len(event["Records"]))
        until = deadline(context)
        notes = []

        def one(record: Mapping[str, Any]) -> None:
            try:
                notes.append(work(record["body"], counts, until))
            except Exception as error:
                log.fault(name, error, request_id=request_id)
                raise

        answer = process_partial_response(event, one, _processor(ordered=ordered), context)
        failed = len(answer["batchItemFailures"])
        log.batch(
            name,
            failed=failed > 0,
            request_id=request_id,
            milliseconds=round((time.perf_counter() - started) * 1000, 3),
            counts={**counts, "FailedMessages": failed},
            notes=[each for each in notes if each],
        )
        return dict(answer)

    return handler


def _processor(*, ordered: bool) -> BatchProcessor:
    """A failed message holds back those of its own group, where order counts, and no others."""
    processor = (
        SqsFifoPartialProcessor(skip_group_on_error=True)
        if ordered
        else BatchProcessor(EventType.SQS)
    )
    # That all failed is said by naming all: an exception would only hide which.
    processor.raise_on_entire_batch_failure = False
    return processor

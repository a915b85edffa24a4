"""The loop of a queue's function: each message is done or comes back alone; one line says so."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    SqsFifoPartialProcessor,
    process_partial_response,
)

from closedloop.edge import log

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Answer = dict[str, Any]
if TYPE_CHECKING:
    Work = Callable[[Mapping[str, Any], Counter[str], Any], dict[str, Any] | None]


class ComesBackError(Exception):
    """The message is to be received once more, and that is no fault."""


def one_by_one() -> BatchProcessor:
    """A message that comes back keeps no other waiting."""
    return BatchProcessor(EventType.SQS)


def in_order() -> BatchProcessor:
    """A message that comes back holds back those of its own group and no others."""
    return SqsFifoPartialProcessor(skip_group_on_error=True)


def consumer(
    name: str, work: Work, processor: Callable[[], BatchProcessor] = one_by_one
) -> Callable[..., Answer]:
    """A function of a queue.

    `work` takes a record, counts what it did, may look at Lambda's context for the time that is
    left, and returns what the log is to note of the message. Whatever it raises, the message
    comes back.
    """

    def handler(event: dict[str, Any], context: Any = None) -> Answer:
        started = time.perf_counter()
        request_id = getattr(context, "aws_request_id", "")
        counts: Counter[str] = Counter(Messages=len(event["Records"]))
        notes = []

        def one(record: Mapping[str, Any]) -> None:
            try:
                notes.append(work(record, counts, context))
            except ComesBackError:
                raise
            except Exception as error:
                log.fault(name, error, request_id=request_id)
                raise

        batch = processor()
        # That all failed is said by naming all: an exception would only hide which.
        batch.raise_on_entire_batch_failure = False
        answer = process_partial_response(event, one, batch, context)
        failed = len(answer["batchItemFailures"])
        noted = [each for each in notes if each]
        log.batch(
            name,
            failed=failed > 0,
            request_id=request_id,
            milliseconds=round((time.perf_counter() - started) * 1000, 3),
            counts={**counts, "FailedMessages": failed},
            **({"notes": noted} if noted else {}),
        )
        return dict(answer)

    return handler

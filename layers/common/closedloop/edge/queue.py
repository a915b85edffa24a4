"""The loop of a queue's function: each message is done or comes back alone; one line says so."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)

from closedloop.edge import log

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping

Answer = dict[str, Any]
if TYPE_CHECKING:
    Work = Callable[[Mapping[str, Any], Counter[str], Any], dict[str, Any] | None]


class ComesBackError(Exception):
    """The message is to be received once more, and that is no fault."""


def consumer(name: str, work: Work) -> Callable[..., Answer]:
    """A function of a queue.

    `work` takes a record, counts what it did, may look at Lambda's context for the time that is
    left, and returns what the log is to note of the message. Whatever it raises, the message
    comes back.
    """

    def handler(event: dict[str, Any], context: Any = None) -> Answer:
        with log.line(name, getattr(context, "aws_request_id", "")) as line:
            line.counts["Messages"] = len(event["Records"])
            notes: list[dict[str, Any]] = []
            batch = BatchProcessor(EventType.SQS)
            # Each failed item is reported even if all failed; raising would hide which.
            batch.raise_on_entire_batch_failure = False
            one = partial(_one, work, line, notes, context)
            answer = process_partial_response(event, one, batch, context)
            line.counts["FailedMessages"] = len(answer["batchItemFailures"])
            line.outcome = "Failed" if line.counts["FailedMessages"] else "Done"
            line.facts |= {"notes": notes} if notes else {}
            return dict(answer)

    return handler


def _one(
    work: Work,
    line: log.Line,
    notes: list[dict[str, Any]],
    context: Any,
    record: Mapping[str, Any],
) -> None:
    try:
        note = work(record, line.counts, context)
    except ComesBackError:
        raise
    except Exception as error:
        line.fault(error)
        raise
    if note:
        notes.append(note)

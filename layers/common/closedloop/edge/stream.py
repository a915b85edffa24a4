"""The frame of a stream's function: records that failed come again; one line says how many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop.edge import log

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    Record = Mapping[str, Any]
    Work = Callable[[Sequence[Record], log.Line], Collection[int]]

Answer = dict[str, list[dict[str, str]]]


def reader(name: str, work: Work) -> Callable[..., Answer]:
    """A function of a table's stream.

    `work` takes the records and the line of the log, on which it counts what it did, and answers
    the positions of those that are to come again. What it raises fails the whole batch.
    """

    def handler(event: Mapping[str, Any], context: Any = None) -> Answer:
        records = event["Records"]
        with log.line(name, getattr(context, "aws_request_id", "")) as line:
            failed = sorted(work(records, line))
            line.counts["FailedRecords"] = len(failed)
            line.outcome = "Failed" if failed else "Done"
        numbers = (records[each]["dynamodb"]["SequenceNumber"] for each in failed)
        return {"batchItemFailures": [{"itemIdentifier": each} for each in numbers]}

    return handler

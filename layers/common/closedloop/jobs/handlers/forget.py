"""The edge of the jobs' stream: the file of each photo that was removed leaves the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.edge import log
from closedloop.jobs import removal
from closedloop.jobs import wiring as jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Answer = dict[str, list[dict[str, str]]]


def forgetter(name: str) -> Callable[..., Answer]:
    """The function that removes files once their photos are off their jobs.

    To remove a file twice is as good as once: each later change of the job asks again for the
    photo that was removed last.
    """
    if wiring.in_lambda():
        jobs.photos()

    def handler(event: Mapping[str, Any], context: Any = None) -> Answer:
        records = event["Records"]
        with log.line(name, getattr(context, "aws_request_id", "")) as line:
            failed = _forget(records, line)
            line.counts["FailedRecords"] = len(failed)
            line.outcome = "Failed" if failed else "Done"
        return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}

    return handler


def _forget(records: Sequence[Mapping[str, Any]], line: log.Line) -> list[str]:
    """The sequence numbers of the records that are to come again."""
    failed: list[str] = []
    for record in records:
        try:
            line.counts["Removed"] += _remove(record)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one record, the others are done
            line.fault(error)
            failed.append(str(record["dynamodb"]["SequenceNumber"]))
    return failed


def _remove(record: Mapping[str, Any]) -> bool:
    new = wiring.committed(record).new
    place = removal.forgotten(new) if new else None
    if place is None:
        return False
    for key in (place.shown, place.pending):
        jobs.photos().remove(key)
    return True

"""The edge of the jobs' stream: the file of each photo that was removed leaves the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.edge import stream
from closedloop.jobs import removal
from closedloop.jobs import wiring as jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from closedloop.edge import log


def forgetter(name: str) -> Callable[..., stream.Answer]:
    """The function that removes files once their photos are off their jobs.

    To remove a file twice is as good as once: each later change of the job asks again for the
    photo that was removed last.
    """
    if wiring.in_lambda():
        jobs.photos()
    return stream.reader(name, _forget)


def _forget(records: Sequence[Mapping[str, Any]], line: log.Line) -> set[int]:
    """The positions of the records that are to come again."""
    failed: set[int] = set()
    for position, record in enumerate(records):
        try:
            line.counts["Removed"] += _remove(record)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one record, the others are done
            line.fault(error)
            failed.add(position)
    return failed


def _remove(record: Mapping[str, Any]) -> bool:
    new = wiring.committed(record).new
    place = removal.forgotten(new) if new else None
    if place is None:
        return False
    for key in (place.shown, place.pending):
        jobs.photos().remove(key)
    return True

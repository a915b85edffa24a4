"""The edge of the texts' stream: each text that became ready is put into the queue.

The queue may get a message twice; the worker's claim keeps the text single. A record that cannot
be put in is repeated by Lambda, and if it is given up, the work list brings the row back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.edge import stream
from closedloop.texts import wiring as texts
from closedloop.texts.model import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from closedloop.edge import log


def dispatcher(name: str) -> Callable[..., stream.Answer]:
    """The function that turns ready texts into messages."""
    if wiring.in_lambda():
        texts.outbox()
    return stream.reader(name, _dispatch)


def _dispatch(records: Sequence[Mapping[str, Any]], line: log.Line) -> set[int]:
    """Put what is ready into the queue; the positions of the records for which that failed."""
    failed: set[int] = set()
    jobs: dict[int, Job] = {}
    for position, record in enumerate(records):
        try:
            job = _job(record)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one record, the others go out
            line.fault(error)
            failed.add(position)
        else:
            if job:
                jobs[position] = job
    positions = list(jobs)
    unsent = texts.outbox().put([each.message for each in jobs.values()])
    line.counts["Dispatched"] = len(jobs) - len(unsent)
    return failed | {positions[each] for each in unsent}


def _job(record: Mapping[str, Any]) -> Job | None:
    new = wiring.committed(record).new
    return Job.of(new) if new and new.get("outbox") == "ready" else None

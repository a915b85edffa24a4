"""The queue of the reconciliation: a run of an org, or one booking that is to be read."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core.times import parse
from closedloop.edge.queue import ComesBackError, consumer
from closedloop.square import wiring as square
from closedloop.square.errors import (
    SquareError,
    SquareRateLimitedError,
    SquareUnavailableError,
)
from closedloop.square.events import CONNECTION
from closedloop.square.handlers.leading import lease_and_go
from closedloop.square.handlers.listing import Notes
from closedloop.square.handlers.run import Conductor
from closedloop.square.handlers.window import Window
from closedloop.square.runs import Run
from closedloop.square.windows import Span

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping

    from closedloop.edge.queue import Answer

LAST_SECONDS = 20
"""What is left of the function's time when nothing further is begun."""

_WAIT_SECONDS = 30
_MOST_WAITS = 60
"""How often a run that somebody asked for waits for another run of its org."""


def worker(name: str) -> Callable[..., Answer]:
    """The function of the queue.

    A run that is cut off keeps its place and sends itself on; one that dies comes back by the
    queue, and what it had done is found done.
    """
    if wiring.in_lambda():
        wiring.store()
        square.runs()
    return consumer(name, _receive)


def _receive(record: Mapping[str, Any], counts: Counter[str], context: Any) -> None:
    message = json.loads(record["body"])
    left = context.get_remaining_time_in_millis() / 1000 if context else 60
    notes = Notes(counts, getattr(context, "aws_request_id", ""))
    until = time.monotonic() + left - LAST_SECONDS
    connection = wiring.reads().get(*CONNECTION[:1], message["org_id"], CONNECTION[1])
    if (connection or {}).get("state") != "connected":
        counts["NotConnected"] += 1  # taken back since the message was sent
        return
    if message["kind"] == "booking":
        _read_again(message, notes, until)
        return
    run = asked_for(message)
    if run is None:
        return
    conductor = Conductor(run, notes, until)
    if not lease_and_go(conductor, connection, left):
        _wait(message, counts)
    elif conductor.left_behind:
        raise ComesBackError  # the row has its place: this very message goes on there


def asked_for(message: Mapping[str, Any]) -> Run | None:
    """The run that a message is for, as far as it has come; None where it is over."""
    row = square.runs().get(message["org_id"], message["run"])
    if row is not None:
        return Run.stored(row) if row["status"] in {"queued", "running"} else None
    if "at" not in message:
        return None
    return Run.scheduled(message["org_id"], parse(message["at"]))


def _wait(message: Mapping[str, Any], counts: Counter[str]) -> None:
    """Another run of the org is going on. One of the schedule has nothing to add to it."""
    if "at" in message:
        counts["Skipped"] += 1
        return
    waits = int(message.get("waits", 0)) + 1
    if waits > _MOST_WAITS:
        raise TimeoutError
    counts["Waiting"] += 1
    if square.queue().put([{**message, "waits": waits}], [_WAIT_SECONDS]):
        raise ComesBackError


def _read_again(message: Mapping[str, Any], notes: Notes, until: float) -> None:
    """One booking as it is, with its names and customer. The reconciliation does it otherwise."""
    org_id = message["org_id"]
    window = Window(org_id, square.square(org_id), Span.around(wiring.now()), notes, until)
    try:
        report = window.read_ids([message["id"]]).do()
    except (SquareRateLimitedError, SquareUnavailableError) as busy:
        raise ComesBackError from busy
    except SquareError:
        notes.counts["Unreachable"] += 1
        return
    notes.counts.update(Created=report.created, Updated=report.updated, Conflicts=report.conflicts)
    if report.errors:
        raise ComesBackError

"""The queue of the reconciliation: a run of an org, or one booking that is to be read."""

from __future__ import annotations

import json
import time
from datetime import timedelta
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
from closedloop.square.handlers.listing import Notes
from closedloop.square.handlers.run import Conductor, Ended
from closedloop.square.handlers.window import Window
from closedloop.square.runs import Run
from closedloop.square.windows import Span

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping

    from closedloop.core.rows import Row
    from closedloop.edge.queue import Answer

LAST_SECONDS = 20
"""What is left of the function's time when nothing further is begun."""

_WAIT_SECONDS = 30
_MOST_WAITS = 60
"""How often a run that somebody asked for waits for another run of its org."""

_JUST_CONNECTED = timedelta(hours=1)
_COUNTED = {
    Ended.OK: "RunsWell",
    Ended.PARTIAL: "RunsPartial",
    Ended.FAILED: "RunsFailed",
    Ended.HELD: "RunsHeld",
    Ended.RUNNING: "RunsGoOn",
}
"""The metrics of how runs end; the template's alarms know them by these names."""


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
    if run and not lease_and_go(Conductor(run, notes, until), connection, left):
        _wait(message, counts)


def asked_for(message: Mapping[str, Any]) -> Run | None:
    """The run that a message is for, as far as it has come; None where it is over."""
    row = square.runs().get(message["org_id"], message["run"])
    if row is not None:
        return Run.stored(row) if row["status"] in {"queued", "running"} else None
    if "at" not in message:
        return None
    return Run.scheduled(message["org_id"], parse(message["at"]))


def lease_and_go(conductor: Conductor, connection: Row | None, seconds: float) -> bool:
    """Take a run as far as the time reaches, alone in its org; False where another is going on.

    The lease lapses after these `seconds`, which are those that the function has left.
    """
    run, runs = conductor.run, square.runs()
    now = int(wiring.now().timestamp() * 1000)
    fresh = run.trigger == "schedule" and run.version == 0
    since = int(run.asked_at.timestamp() * 1000) if fresh else None
    until = now + round(seconds * 1000)
    if not runs.begin(run.org_id, run.id, now=now, until=until, not_since=since):
        return False
    ended = conductor.go()
    conductor.save(ended)
    _count(conductor.run, ended, connection, conductor.notes.counts)
    if ended is Ended.RUNNING:
        _send_on(conductor)
    well = now if ended in {Ended.OK, Ended.PARTIAL} and run.trigger == "schedule" else None
    runs.end(run.org_id, run.id, well_at=well)
    return True


def _count(run: Run, ended: Ended, connection: Row | None, counts: Counter[str]) -> None:
    counts[_COUNTED[ended]] += 1
    report = run.report
    counts.update(Created=report.created, Updated=report.updated, Conflicts=report.conflicts)
    counts["StrangeStatuses"] += report.strange
    # A first reading finds all that was there before us: no webhook of it was missed.
    connected_at = parse((connection or {}).get("connected_at") or "2000-01-01T00:00:00Z")
    if run.trigger == "schedule" and wiring.now() - connected_at > _JUST_CONNECTED:
        counts["MissedWebhooks"] = max(counts["MissedWebhooks"], report.missed)


def _send_on(conductor: Conductor) -> None:
    run = conductor.run
    message = {"kind": "run", "org_id": run.org_id, "run": run.id}
    if square.queue().put([message], [conductor.pause]):
        raise ComesBackError  # the row has its place: this very message goes on there


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

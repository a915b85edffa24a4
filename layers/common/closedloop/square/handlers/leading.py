"""One part of a run, alone in its org: the lease, the run, what is kept and counted of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from closedloop import wiring
from closedloop.core.times import parse
from closedloop.square import wiring as square
from closedloop.square.handlers.run import Ended

if TYPE_CHECKING:
    from collections import Counter

    from closedloop.core.rows import Row
    from closedloop.square.handlers.run import Conductor
    from closedloop.square.runs import Run

_JUST_CONNECTED = timedelta(hours=1)
_COUNTED = {
    Ended.OK: "RunsWell",
    Ended.PARTIAL: "RunsPartial",
    Ended.FAILED: "RunsFailed",
    Ended.HELD: "RunsHeld",
    Ended.RUNNING: "RunsGoOn",
}
"""The metrics of how runs end; the template's alarms know them by these names."""


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
        message = {"kind": "run", "org_id": run.org_id, "run": run.id}
        conductor.left_behind = bool(square.queue().put([message], [conductor.pause]))
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

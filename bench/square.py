"""What a reconciliation costs. The seller answers at once; the database is the emulator."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from closedloop.dynamo.codec import item
from closedloop.jobs import model as jobs
from closedloop.square import model
from closedloop.square.booking import Catalog, told
from tests.square.world import NOW, World
from tests.support.database import PREFIX, as_stored
from tests.support.wire import wire

if TYPE_CHECKING:
    from tests.support.database import Database

_CATALOG = Catalog({}, frozenset({"var-1"}))


@dataclass(frozen=True)
class Reconciled:
    """One run: how long it took, what it asked of the database, and how many of that wrote."""

    bookings: int
    changed: int
    seconds: float
    requests: int
    writes: int
    """Those of jobs."""


def measure(db: Database) -> list[Reconciled]:
    """A thousand that have not changed, and ten thousand of which a thousand have."""
    with pytest.MonkeyPatch.context() as patch:
        return [_run(db, patch, 1_000, 0), _run(db, patch, 10_000, 1_000)]


def _run(db: Database, patch: pytest.MonkeyPatch, number: int, changed: int) -> Reconciled:
    world = World(db, f"bench-{number}-{changed}").by_its_clock(patch).open(resources=[])
    for each in range(number):
        world.seller.book(f"b{each:05}", NOW + each * timedelta(days=30) / number)
    _store(db, world)
    for each in range(changed):
        world.seller.edit(f"b{each * number // changed:05}", customer_note="new")
    world.schedule()
    with wire() as watched:
        began = time.perf_counter()
        world.work()
        seconds = time.perf_counter() - began
    run = world.runs()[0]
    if (run["status"], run["scanned"], run["updated"]) != ("ok", number, changed):
        raise RuntimeError(f"the run has not gone well: {run}")
    # A run's own rows are no transactions: the lease is taken, the run kept, the lease given back.
    writes = watched.requests.count("TransactWriteItems")
    return Reconciled(number, changed, seconds, len(watched.requests), writes)


def _store(db: Database, world: World) -> None:
    """The jobs as a reconciliation has left them."""
    rows = []
    for each in world.seller.records.values():
        said = told(model.booking(each), "America/New_York", _CATALOG)
        made = jobs.new(
            said.id, said.fields, created_by="reconciliation", square_version=said.version,
            square_hash=said.hash, square_updated_at=said.updated_at,
        )  # fmt: skip
        kept = {name: value for name, value in made.set.items() if value is not None}
        rows.append(as_stored(world.org, {**kept, "id": said.id}))
    for start in range(0, len(rows), 25):
        puts = [{"PutRequest": {"Item": item(row)}} for row in rows[start : start + 25]]
        db.client.batch_write_item(RequestItems={PREFIX + "jobs": puts})

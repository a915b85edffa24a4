"""A thousand callers and staff at once on one slot and on slots that overlap: one winner each."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from closedloop.bookings.errors import SlotTakenError
from closedloop.core.errors import RateLimitedError
from tests.bookings.support import service
from tests.bookings.world import TEN, World

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from closedloop.core.rows import Row
    from tests.support.database import Database

CALLERS = 1000
AT_ONCE = 16
"""Threads: as many as the client has connections. The rest follow on their heels."""

QUARTER = timedelta(minutes=15)


@pytest.fixture
def world(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """A busy garage that lets everybody try."""
    world = World(db, org).by_its_clock(monkeypatch)
    return world.open(limits={"holds_per_hour": 1000}, slot_minutes=15)


def outcome(attempt: Callable[[], Row]) -> str:
    """The id of what was won, or how it was refused; whoever met another's write comes back."""
    while True:
        try:
            return str(attempt()["id"])
        except SlotTakenError:
            return "taken"
        except RateLimitedError:
            continue


def rush(attempts: Sequence[Callable[[], Row]]) -> list[str]:
    """All at once, as far as there are threads."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(outcome, attempts))


def test_a_thousand_callers_on_one_slot(world: World) -> None:
    """Exactly one wins, every other one is told so, and nothing of theirs is left behind."""
    attempts = [
        lambda number=number: world.hold(phone=f"+1212555{number:04}") for number in range(CALLERS)
    ]
    found = Counter(rush(attempts))
    assert found.pop("taken") == CALLERS - 1
    (winner,) = found
    assert set().union(*world.owners().values()) == {winner}
    assert len(world.holds()) == 1
    assert len(world.db.rows("appointment_holds", world.org)) == 1 + 4 + 1


def test_callers_and_staff_on_slots_that_overlap(world: World) -> None:
    """Two bays, visits with buffers, any quarter of a morning: what was won overlaps nowhere."""
    both = [service("wash", 60, 15, 30), service("wax", 90, 30, 15)]
    world.open(services=both, resources=[{"id": "bay", "name": "Bay", "capacity": 2}])
    rng = random.Random(7)

    def attempt(number: int) -> Callable[[], Row]:
        start: datetime = TEN + rng.randrange(8) * QUARTER
        what, lane = rng.choice(["wash", "wax"]), rng.choice(["bay", "bay.2"])
        phone = f"+1212555{number:04}"
        if number % 3:
            return lambda: world.hold(start, lane, phone=phone, service_id=what)
        return lambda: world.create(start, phone=phone, serviceId=what)

    found = Counter(rush([attempt(number) for number in range(200)]))
    winners = {each for each in found if each != "taken"}
    assert found.total() == 200
    assert len(winners) >= 2
    assert_nobody_overlaps(world, winners)


def assert_nobody_overlaps(world: World, winners: set[str]) -> None:
    """Each winner has every cell of its own; a visit shares none, a buffer only with a buffer."""
    rows = [*world.holds(), *world.db.rows("appointments", world.org)]
    lived = {str(row["id"]).removeprefix("hold#"): row for row in rows}
    assert lived.keys() == winners
    owners = world.owners()
    assert set().union(*owners.values()) == winners
    for place in world.db.rows("appointment_holds", world.org):
        if place["id"].startswith("cell#") and "visit" in place:
            assert {"before", "after"} & place.keys() == set()
    counted = Counter(owner for each in owners.values() for owner in each)
    assert counted == {each: sum(row["shape"]) for each, row in lived.items()}

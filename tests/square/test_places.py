"""The places that bookings of Square take in the calendar, as events tell of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.square.world import TEN, World

if TYPE_CHECKING:
    from tests.support.database import Database


@pytest.fixture
def world(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """A garage with one bay, connected."""
    monkeypatch.setattr("closedloop.dynamo.transaction.time.sleep", lambda _: None)
    return World(db, org).by_its_clock(monkeypatch).open()


def test_a_visit_that_moves_takes_its_cells_along(world: World) -> None:
    """The old ones are free in the same transaction; a time off the grid takes whole quarters."""
    world.hear(world.seller.book("b1", TEN, transition_time_minutes=10))
    assert len(world.cells("b1")) == 5
    world.hear(world.seller.edit("b1", start_at="2026-06-02T14:20:00Z"))
    quarters = ("14:15", "14:30", "14:45", "15:00", "15:15", "15:30")
    assert world.cells("b1") == [f"bay#2026-06-02T{at}:00Z" for at in quarters]


def test_the_other_bay_is_taken_where_one_is_full(world: World) -> None:
    """Two bays: both bookings have a place; the third has none."""
    world.open(resources=[{"id": "bay", "name": "Bay", "capacity": 2}])
    for booking_id in ("b1", "b2", "b3"):
        world.hear(world.seller.book(booking_id, TEN))
    lanes = [world.job(each).get("lane") for each in ("b1", "b2", "b3")]
    assert lanes == ["bay", "bay.2", None]
    assert world.conflicts().keys() == {"b3:place"}


def test_a_place_that_is_taken_loses_no_booking(world: World) -> None:
    """The job is there without cells, and a conflict says who is in the way."""
    world.hear(world.seller.book("b1", TEN))
    world.hear(world.seller.book("b2", TEN + timedelta(minutes=30)))
    assert world.job("b2")["start"] == "2026-06-02T14:30:00Z"
    (conflict,) = world.conflicts().values()
    assert (conflict["kind"], conflict["ours"], conflict["job_id"]) == ("place", "b1", "b2")
    assert world.cells("b2") == []
    world.hear(world.seller.edit("b2", start_at="2026-06-02T16:00:00Z"))
    assert len(world.cells("b2")) == 4
    assert world.conflicts() == {}


def test_what_is_over_or_endless_takes_no_cells(world: World) -> None:
    """A visit of last week takes nothing from anybody; one of a whole day is for a person."""
    world.hear(world.seller.book("b1", TEN - timedelta(days=7)))
    assert world.cells("b1") == []
    day = [{"duration_minutes": 1440}]
    world.hear(world.seller.book("b2", TEN, appointment_segments=day, all_day=True))
    assert world.cells("b2") == []
    assert world.conflicts().keys() == {"b2:place"}


def test_a_business_without_places(world: World) -> None:
    """Nobody keeps a calendar here: no cells, no conflict."""
    world.open(resources=[])
    world.hear(world.seller.book("b1", TEN))
    assert (world.cells("b1"), world.conflicts()) == ([], {})

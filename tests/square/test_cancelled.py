"""Events that call a visit off, and back on: what becomes of its work."""

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


@pytest.mark.parametrize("status", ["CANCELLED_BY_CUSTOMER", "CANCELLED_BY_SELLER", "DECLINED"])
def test_called_off_before_the_work_has_begun(world: World, status: str) -> None:
    """The job is off, its history says by whom, and its cells are free."""
    world.hear(world.seller.book("b1", TEN))
    world.hear(world.seller.edit("b1", status=status))
    job = world.job("b1")
    assert (job["booking_status"], job["workStatus"]) == (status, "cancelled")
    (move,) = job["statusHistory"]
    assert (move["from"], move["to"], move["by"]["id"]) == ("scheduled", "cancelled", "square")
    assert world.cells("b1") == []


@pytest.mark.parametrize("status", ["PENDING", "ACCEPTED", "NO_SHOW", "A_NEW_ONE"])
def test_other_statuses_are_kept_and_cancel_nothing(world: World, status: str) -> None:
    """NO_SHOW keeps the time; one that nobody knows is kept and counted."""
    world.hear(world.seller.book("b1", TEN))
    reply = world.hear(world.seller.edit("b1", status=status, customer_note="x"))
    job = world.job("b1")
    assert (job["booking_status"], job["workStatus"]) == (status, "scheduled")
    assert reply.body["strange"] is (status == "A_NEW_ONE")
    assert len(world.cells("b1")) == 4


def test_no_show_may_turn_out_to_have_come(world: World) -> None:
    """NO_SHOW, then ACCEPTED: as Square says."""
    world.hear(world.seller.book("b1", TEN))
    world.hear(world.seller.edit("b1", status="NO_SHOW"))
    world.hear(world.seller.edit("b1", status="ACCEPTED"))
    assert world.job("b1")["booking_status"] == "ACCEPTED"


def test_what_square_called_off_and_takes_back_is_on_again(world: World) -> None:
    """Only where Square itself had moved the work; what the staff called off stays off."""
    for booking_id in ("b1", "b2"):
        world.hear(world.seller.book(booking_id, TEN + timedelta(hours=int(booking_id[1]))))
        world.hear(world.seller.edit(booking_id, status="CANCELLED_BY_CUSTOMER"))
    by = {"id": "u1", "email": ""}
    moves = [*world.job("b2")["statusHistory"], {"from": "scheduled", "to": "cancelled", "by": by}]
    world.staff("b2", statusHistory=moves)
    for booking_id in ("b1", "b2"):
        world.hear(world.seller.edit(booking_id, status="ACCEPTED"))
    assert world.job("b1")["workStatus"] == "scheduled"
    assert len(world.cells("b1")) == 4
    assert world.job("b2")["workStatus"] == "cancelled"
    assert world.cells("b2") == []


def test_what_was_off_when_we_first_heard_of_it_may_come_on(world: World) -> None:
    """The first word was of a cancellation; the next one takes it back."""
    world.seller.book("b1", TEN)
    world.hear(world.seller.edit("b1", status="DECLINED"))
    assert world.job("b1")["workStatus"] == "cancelled"
    world.hear(world.seller.edit("b1", status="ACCEPTED"))
    assert (world.job("b1")["workStatus"], len(world.cells("b1"))) == ("scheduled", 4)


@pytest.mark.parametrize("work", ["checked_in", "in_progress", "qc", "ready", "completed"])
def test_work_that_has_begun_is_not_called_off(world: World, work: str) -> None:
    """One conflict with both words; the job is as it was, and so are its cells."""
    world.hear(world.seller.book("b1", TEN))
    before = world.staff("b1", workStatus=work, notes="bumper off")
    reply = world.hear(world.seller.edit("b1", status="CANCELLED_BY_CUSTOMER"))
    assert reply.body["conflicts"] == 1
    world.hear(world.seller.edit("b1", status="CANCELLED_BY_SELLER"))
    (conflict,) = world.conflicts().values()
    assert (conflict["kind"], conflict["field"]) == ("work_begun", "booking_status")
    assert (conflict["ours"], conflict["square"]) == ("ACCEPTED", "CANCELLED_BY_SELLER")
    job = world.job("b1")
    for name in ("workStatus", "notes", "booking_status", "statusHistory", "start", "lane"):
        assert job[name] == before[name]
    assert len(world.cells("b1")) == 4


def test_a_conflict_that_is_over_closes_itself(world: World) -> None:
    """Square takes the cancellation back: nobody has to choose any more."""
    world.hear(world.seller.book("b1", TEN))
    world.staff("b1", workStatus="in_progress")
    world.hear(world.seller.edit("b1", status="CANCELLED_BY_CUSTOMER"))
    assert world.job("b1")["conflicts"] == ["booking_status"]
    world.hear(world.seller.edit("b1", status="ACCEPTED"))
    assert world.conflicts() == {}
    assert world.conflicts("settled").keys() == {"b1:booking_status"}
    assert "conflicts" not in world.job("b1")

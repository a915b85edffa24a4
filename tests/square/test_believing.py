"""What a reconciliation does not believe: absence, an empty list, too many ends at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.square.many import many

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.square.world import World


def test_absence_is_no_cancellation(world: World) -> None:
    """Left out of the list and there by id: nothing changes, and nobody is asked."""
    ids = many(world, 12)
    before = world.jobs()
    world.seller.hidden = {ids[3]}
    run = world.reconcile()
    assert world.jobs() == before
    assert (run["status"], world.conflicts()) == ("ok", {})


def test_what_square_has_no_more_is_for_a_person(world: World) -> None:
    """One flag, however many runs; the job stays as it was; the choice is not asked for again."""
    ids = many(world, 12)
    del world.seller.records[ids[3]]
    for _ in range(4):
        world.later(minutes=10).reconcile()
    ((key, conflict),) = world.conflicts(None).items()
    assert (key, conflict["kind"]) == (f"{ids[3]}:missing", "missing")
    job = world.job(ids[3])
    assert (job["booking_status"], job["workStatus"]) == ("ACCEPTED", "scheduled")
    world.resolve(f"{ids[3]}:missing", "ours")
    world.later(minutes=10).reconcile()
    assert world.conflicts() == {}


def test_what_is_missing_and_cancelled_by_id_is_cancelled(world: World) -> None:
    """Square says so, of this very booking."""
    ids = many(world, 12)
    world.seller.edit(ids[3], status="CANCELLED_BY_SELLER")
    world.seller.hidden = {ids[3]}
    world.reconcile()
    assert world.job(ids[3])["workStatus"] == "cancelled"


def cancel(world: World, ids: list[str]) -> None:
    """Square says of all of these that they are off."""
    for each in ids:
        world.seller.edit(each, status="CANCELLED_BY_SELLER")


def hide(world: World, ids: list[str]) -> None:
    """A fault of Square's lists: these are in none, and there by id, cancelled."""
    cancel(world, ids)
    world.seller.hidden = set(ids)


@pytest.mark.parametrize("how", [cancel, hide])
@pytest.mark.parametrize(("off", "status"), [(10, "ok"), (11, "held")])
def test_the_brake(
    world: World, how: Callable[[World, list[str]], None], off: int, status: str
) -> None:
    """Ten of thirty may end in one run; eleven wait for a person, and nothing is changed."""
    ids = many(world, 30)
    before = world.jobs()
    how(world, ids[:off])
    run = world.reconcile()
    assert run["status"] == status
    assert (world.jobs() == before) is (status == "held")
    assert [each["code"] for each in run["errors"]] == ["HELD"] * (status == "held")


def test_a_fifth_of_many(world: World) -> None:
    """Of sixty, twelve may end at once, and no thirteenth."""
    ids = many(world, 60)
    cancel(world, ids[:12])
    assert world.reconcile()["status"] == "ok"
    cancel(world, ids[12:25])
    assert world.later(minutes=10).reconcile()["status"] == "held"


@pytest.mark.parametrize(("number", "status"), [(4, "ok"), (5, "held")])
def test_an_empty_list_is_not_believed(world: World, number: int, status: str) -> None:
    """Nothing where there were five: it waits. A release is good for one run."""
    ids = many(world, number)
    world.seller.hidden = set(ids)
    assert world.reconcile()["status"] == status


def test_a_release_is_good_once(world: World) -> None:
    """A person looks, and this once it is done; the next time it is held again."""
    ids = many(world, 30)
    cancel(world, ids[:15])
    held = world.reconcile()
    assert held["status"] == "held"
    world.later(minutes=1).start(releaseRunId=held["id"].removeprefix("run#"))
    assert world.work() == []
    assert {world.job(each)["workStatus"] for each in ids[:15]} == {"cancelled"}
    assert world.runs()[0]["status"] == "ok"
    with pytest.raises(Exception, match="not held back"):
        world.start(releaseRunId=held["id"].removeprefix("run#"))
    cancel(world, ids[15:])
    assert world.later(minutes=10).reconcile()["status"] == "held"

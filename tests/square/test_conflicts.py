"""Conflicts: listed, and settled by a person's choice, once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from closedloop.core.errors import NotFoundError
from closedloop.square.refusals import AlreadyResolvedError, PlaceTakenError
from tests.square.world import TEN, World
from tests.support.asking import ask

if TYPE_CHECKING:
    from tests.support.database import Database


@pytest.fixture
def world(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """A garage with one bay, connected."""
    return World(db, org).by_its_clock(monkeypatch).open()


def disputed(world: World) -> None:
    """Both sides have changed the note of one job."""
    world.hear(world.seller.book("b1", TEN, seller_note="first"))
    world.staff("b1", seller_note="ours", notes="bumper off")
    world.hear(world.seller.edit("b1", seller_note="theirs"))


def begun(world: World) -> None:
    """Square has called off what is being worked on."""
    world.hear(world.seller.book("b1", TEN))
    world.staff("b1", workStatus="in_progress")
    world.hear(world.seller.edit("b1", status="CANCELLED_BY_CUSTOMER"))


@pytest.mark.parametrize(("choice", "note"), [("ours", "ours"), ("square", "theirs")])
def test_a_field_that_both_have_changed(world: World, choice: str, note: str) -> None:
    """The job has the value that was chosen, and nothing else of it changes."""
    disputed(world)
    shown = world.resolve("b1:seller_note", choice)
    job = world.job("b1")
    assert (job["seller_note"], job["notes"]) == (note, "bumper off")
    assert "conflicts" not in job
    assert (shown["state"], shown["choice"], shown["resolved_by"]) == ("resolved", choice, "user-1")
    assert (shown["ours"], shown["square"]) == ("ours", "theirs")
    assert world.conflicts() == {}
    assert world.later(minutes=10).reconcile()["conflicts"] == 0
    assert world.job("b1")["seller_note"] == note


def test_after_a_choice_square_goes_on(world: World) -> None:
    """Square's was chosen: its next change is taken over. Ours was: it is a conflict again."""
    disputed(world)
    world.resolve("b1:seller_note", "square")
    world.hear(world.seller.edit("b1", seller_note="next"))
    assert world.job("b1")["seller_note"] == "next"
    world.staff("b1", seller_note="ours again")
    world.hear(world.seller.edit("b1", seller_note="last"))
    assert world.conflicts()["b1:seller_note"]["square"] == "last"
    assert len(world.conflicts(None)) == 1


def test_the_last_word_of_square_is_taken(world: World) -> None:
    """Not the one of when the conflict was met, if Square has said more since."""
    disputed(world)
    world.hear(world.seller.edit("b1", seller_note="newest"))
    world.resolve("b1:seller_note", "square")
    assert world.job("b1")["seller_note"] == "newest"


@pytest.mark.parametrize(
    ("choice", "work", "cells"), [("ours", "in_progress", 4), ("square", "cancelled", 0)]
)
def test_work_that_has_begun(world: World, choice: str, work: str, cells: int) -> None:
    """Going on keeps its cells; calling it off frees them, and the history says who did."""
    begun(world)
    world.resolve("b1:booking_status", choice)
    job = world.job("b1")
    assert (job["workStatus"], len(world.cells("b1"))) == (work, cells)
    assert [each["by"]["id"] for each in job["statusHistory"]] == ["user-1"] * (not cells)
    assert (world.reconcile()["status"], world.conflicts()) == ("ok", {})


def test_a_place_that_is_free_now(world: World) -> None:
    """Refused while it is taken; taken once the other has gone."""
    world.hear(world.seller.book("b1", TEN))
    world.hear(world.seller.book("b2", TEN))
    with pytest.raises(PlaceTakenError):
        world.resolve("b2:place", "square")
    world.hear(world.seller.edit("b1", status="CANCELLED_BY_SELLER"))
    world.resolve("b2:place", "square")
    assert len(world.cells("b2")) == 4
    assert world.conflicts() == {}


def test_a_place_that_is_left_as_it_is(world: World) -> None:
    """Two at once, as agreed: nobody is asked again until one of them moves."""
    world.hear(world.seller.book("b1", TEN))
    world.hear(world.seller.book("b2", TEN))
    world.resolve("b2:place", "ours")
    world.hear(world.seller.edit("b2", customer_note="bring the keys"))
    assert world.conflicts() == {}
    world.hear(world.seller.edit("b2", start_at="2026-06-02T14:30:00Z"))
    assert world.conflicts().keys() == {"b2:place"}


def test_a_visit_that_moves_by_choice_may_find_its_place_taken(world: World) -> None:
    """Then that is the next conflict; the choice stands."""
    world.hear(world.seller.book("b1", TEN))
    world.staff("b1", appointmentTime="2026-06-02T20:00:00Z", start="2026-06-02T20:00:00Z")
    world.hear(world.seller.book("b2", TEN + timedelta(hours=2)))
    world.hear(world.seller.edit("b1", start_at="2026-06-02T16:00:00Z"))
    world.resolve("b1:appointmentTime", "square")
    assert world.job("b1")["start"] == "2026-06-02T16:00:00Z"
    assert world.conflicts().keys() == {"b1:place"}


def test_a_choice_is_made_once(world: World) -> None:
    """The same again is a success that changes nothing; another one is refused with the row."""
    disputed(world)
    first = world.resolve("b1:seller_note", "ours")
    before = world.job("b1")
    assert world.resolve("b1:seller_note", "ours") == first
    with pytest.raises(AlreadyResolvedError) as refused:
        world.resolve("b1:seller_note", "square")
    assert refused.value.body["conflict"]["choice"] == "ours"
    assert world.job("b1") == before
    with pytest.raises(NotFoundError):
        world.resolve("b1:customer_note", "ours")


def test_lists_of_conflicts_and_runs(world: World) -> None:
    """Open ones first asked for, page by page, newest run first; none of another org."""
    for number in range(5):
        start = TEN + timedelta(hours=2 * number)
        world.hear(world.seller.book(f"b{number}", start, seller_note="first"))
        world.staff(f"b{number}", seller_note="ours")
        world.hear(world.seller.edit(f"b{number}", seller_note="theirs"))
    world.resolve("b0:seller_note", "ours")
    pages, cursor = [], None
    while True:
        answer = ask("conflicts", world.org, limit=2, **({"cursor": cursor} if cursor else {})).json
        pages += [each["id"] for each in answer["conflicts"]]
        cursor = answer["cursor"]
        if cursor is None:
            break
    assert pages == [f"b{number}:seller_note" for number in range(1, 5)]
    done = ask("conflicts", world.org, state="resolved").json["conflicts"]
    assert [each["id"] for each in done] == ["b0:seller_note"]
    assert ask("conflicts", f"{world.org}-other").json["conflicts"] == []
    world.reconcile()
    world.later(minutes=10).reconcile()
    runs = ask("reconcile/runs", world.org).json["runs"]
    assert [each["status"] for each in runs] == ["ok", "ok"]
    assert runs[0]["created_at"] > runs[1]["created_at"]
    assert runs[0]["window"] == {"from": "2026-05-25T00:00:00Z", "to": "2026-08-26T00:00:00Z"}


def test_a_dry_run_of_a_manager_is_kept_with_its_plan(world: World) -> None:
    """Row by row with the single run, the hash with the list; given back, it is applied."""
    world.seller.book("b1", TEN)
    run = world.start(dryRun=True)
    assert (run["status"], run["dry_run"]) == ("queued", True)
    world.work()
    assert world.jobs() == []
    one = ask("reconcile/runs/{id}", world.org, id=run["id"]).json["run"]
    assert [row["id"] for row in one["rows"]] == ["b1"]
    (listed,) = ask("reconcile/runs", world.org).json["runs"]
    assert "rows" not in listed
    world.later(minutes=1).start(plan=listed["plan_hash"])
    world.work()
    assert [each["id"] for each in world.jobs()] == ["b1"]

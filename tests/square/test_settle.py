"""Which of two words of Square's about one booking is the later one, whenever they arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from closedloop.core.decision import Actor, Context
from closedloop.core.times import iso
from closedloop.jobs import model as jobs
from closedloop.square import model
from closedloop.square.booking import told
from closedloop.square.settle import Outcome, Settled, settled
from tests.square.seller import Seller
from tests.square.world import NOW, TEN, World

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from closedloop.square.booking import Told
    from tests.support.database import Database

EARLIER, LATER = "2026-06-01T11:00:00.000Z", "2026-06-01T11:30:00.000Z"


def said(version: int, at: str | None, note: str) -> Told:
    """Square's word about one booking."""
    booking = Seller(lambda: NOW).book("b1", TEN, customer_note=note)
    read = told(model.booking({**booking, "updated_at": iso(NOW)}), "UTC")
    return replace(read, version=version, updated_at=at)


def after(first: Told, second: Told) -> Settled:
    """What becomes of the job of the first word when the second one arrives."""
    made = jobs.new(
        first.id,
        first.fields,
        created_by="webhook",
        square_version=first.version,
        square_hash="",
        square_updated_at=first.updated_at,
    )
    row: Row = {name: value for name, value in made.set.items() if value is not None}
    seen = {
        (jobs.TABLE, "b1"): {**row, "id": "b1", "version": 1},
        ("orgs", "settings"): {"id": "settings", "resources": []},
    }
    square = Actor("square", "", "org", frozenset())
    return settled(second, Context(square, "arrived", "", NOW, seen), created_by="webhook")


@pytest.mark.parametrize(
    ("known", "told_now", "older"),
    [
        ((1, EARLIER), (0, LATER), True),
        ((1, LATER), (2, EARLIER), False),
        ((1, LATER), (1, EARLIER), True),
        ((1, EARLIER), (1, LATER), False),
        ((1, EARLIER), (1, EARLIER), False),
        ((1, EARLIER), (1, None), False),
        ((1, None), (1, EARLIER), False),
        ((0, EARLIER), (1, None), False),
    ],
)
def test_the_later_word_is_kept(
    known: tuple[int, str | None], told_now: tuple[int, str | None], *, older: bool
) -> None:
    """The version decides, and Square's own time where two words have one version."""
    found = after(said(*known, "first"), said(*told_now, "second"))
    assert (found.outcome is Outcome.OLDER) is older
    assert bool(found.writes) is not older


def test_a_webhook_that_overtakes_a_run(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes after the run has read the job: the run's older word is not laid over it."""
    world = World(db, org).by_its_clock(monkeypatch).open()
    world.seller.book("b1", TEN)
    world.reconcile()
    world.seller.edit("b1", customer_note="listed", customer_id="c1")

    def overtake(asked: str) -> None:
        if asked == "customers" and world.seller.records["b1"]["version"] == 1:
            world.hear(world.seller.edit("b1", customer_note="newest"))

    world.seller.trouble = overtake
    world.later(minutes=10).reconcile()
    job = world.job("b1")
    assert (job["customer_note"], job["square_version"]) == ("newest", 2)

"""Much at once at Square's webhook: hundreds of old events, and junk beside what is genuine."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core.times import iso
from closedloop.square.clients.calls import CALLS_A_SECOND
from closedloop.square.events import Heard
from tests.square.town import HEADER
from tests.square.world import TEN, World
from tests.support.actions import event_of
from tests.support.template import functions
from tests.support.wire import wire

if TYPE_CHECKING:
    from tests.square.seller import Wire
    from tests.square.town import Town
    from tests.support.database import Database

DAY = timedelta(days=1)
BOOKINGS, VERSIONS, DOUBLED = 8, 50, 100
JUNK, GENUINE = 1000, 10


@pytest.fixture
def world(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """A garage, connected; it keeps no places, of which there would be too few."""
    return World(db, org).by_its_clock(monkeypatch).open(resources=[])


def edited(world: World) -> list[tuple[str, Wire]]:
    """Each booking and what Square has told of it, by the event's id, in the order of Square's."""
    told: list[tuple[str, Wire]] = []
    for number in range(BOOKINGS):
        booking = world.seller.book(f"b{number}", TEN + number * DAY)
        told.append((f"e{number}.0", booking))
        for version in range(1, VERSIONS):
            moment = iso(TEN + number * DAY)
            note = {"customer_note": f"note {version}", "updated_at": moment}
            told.append((f"e{number}.{version}", world.seller.edit(booking["id"], **note)))
    return told


def test_hundreds_of_events_in_any_order(world: World) -> None:
    """With some of them doubled: in the end the jobs are as Square has the bookings."""
    told = edited(world)
    rng = random.Random(1)
    sent = told + rng.sample(told, DOUBLED)
    rng.shuffle(sent)
    for event_id, booking in sent:
        world.hear(booking, event_id)
    assert len(world.jobs()) == BOOKINGS
    for booking_id, booking in world.seller.records.items():
        job = world.job(booking_id)
        assert (job["square_version"], job["customer_note"]) == (
            booking["version"],
            booking["customer_note"],
        )


def test_old_events_that_are_replayed_write_nothing(world: World) -> None:
    """Five hundred of them, after the newest of each booking is known."""
    told = edited(world)
    for number in range(BOOKINGS):
        world.hear(world.seller.records[f"b{number}"], f"newest {number}")
    before = world.db.snapshot(world.org)
    rng = random.Random(3)
    old = told + rng.sample(told, DOUBLED)
    rng.shuffle(old)
    with wire() as watched:
        heard = {world.hear(booking, event_id).body["outcome"] for event_id, booking in old}
    assert heard == {Heard.OLDER, Heard.KNOWN}
    assert {each for each in watched.requests if "Write" in each or "Update" in each} == set()
    assert world.db.snapshot(world.org) == before


def test_junk_beside_what_is_genuine(town: Town) -> None:
    """A thousand deliveries that Square has not signed ask the database nothing."""
    junk: list[dict[str, Any]] = [event_of("square_webhook", "booked") for _ in range(4)]
    junk[0]["headers"].pop(HEADER)
    junk[1]["headers"][HEADER] = "x" * 44
    junk[2]["body"] = junk[2]["body"] + " "
    junk[3]["headers"][HEADER] = "\udfff"
    with wire() as watched:
        assert {town.call(junk[number % 4]) for number in range(JUNK)} == {401}
    assert watched.requests == []
    for number in range(GENUINE):
        booking = json.loads(town.body())
        booking["event_id"] = f"event-{number}"
        booking["data"]["object"]["booking"]["id"] = f"booking-{number}"
        assert town.call(junk[number % 4]) == 401
        assert town.post(json.dumps(booking).encode()) == 200
    assert len(town.jobs()) == GENUINE


def test_all_runs_together_have_a_bound() -> None:
    """So many at once, each at its own pace: that is what our application asks of Square."""
    asked = functions()["reconcile_org"]["Events"]["Run"]["Properties"]
    assert asked["ScalingConfig"]["MaximumConcurrency"] * CALLS_A_SECOND == 100

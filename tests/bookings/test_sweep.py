"""The schedule that ends lapsed holds, and the calendar that shows what is left."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.bookings.world import TEN, World
from tests.support.actions import event_of, handlers
from tests.support.asking import ask

if TYPE_CHECKING:
    from tests.support.database import Database

HOUR = timedelta(hours=1)


@pytest.fixture
def world(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """The garage, with one bay."""
    return World(db, org).by_its_clock(monkeypatch).open()


def tick() -> None:
    """A minute has passed."""
    handlers()["expire_holds"](event_of("expire_holds", "every_minute"))


def states(world: World) -> dict[str, str]:
    """What has become of each hold."""
    return {row["id"].removeprefix("hold#"): row["hold_status"] for row in world.holds()}


def test_lapsed_holds_are_freed_and_announced(world: World) -> None:
    """Within a minute of their end, with an entry in the journal; those that live stay."""
    first = world.hold()
    second = world.later(minutes=10).hold(TEN + HOUR)
    tick()
    assert set(states(world).values()) == {"held"}
    world.later(minutes=5)
    tick()
    assert states(world) == {first["id"]: "expired", second["id"]: "held"}
    assert set().union(*world.owners().values()) == {second["id"]}
    entries = [each for each in world.db.audit(world.org) if each["action"] == "expire_holds"]
    assert [each["actor"]["id"] for each in entries] == ["sweep"]


def test_a_hold_that_has_ended_is_left_alone(world: World) -> None:
    """Converted and released ones are not on the work list any more."""
    booked, released = world.hold(), world.hold(TEN + HOUR)
    world.book(booked["id"])
    world.release(released["id"])
    world.later(hours=1)
    tick()
    assert states(world) == {booked["id"]: "converted", released["id"]: "released"}
    assert set().union(*world.owners().values()) == {booked["id"]}


def test_one_hold_in_trouble_keeps_no_other_waiting(world: World) -> None:
    """A row that cannot be read is a fault in the log; the next one ends."""
    broken = {
        "id": "hold#broken", "hold_status": "held", "held_until": "nonsense", "work": "holds",
        "work_at": "2026-01-01T00:00:00.000Z",
    }  # fmt: skip
    world.db.put(world.org, {"appointment_holds": [broken]})
    hold = world.hold()
    world.later(minutes=16)
    tick()
    assert states(world)[hold["id"]] == "expired"
    world.db.put(world.org, {"appointment_holds": [{"id": "hold#broken", "hold_status": "x"}]})


def test_the_calendar_shows_visits_and_live_holds(world: World) -> None:
    """What began before the time and still lasts is in it; what only touches it is not."""
    early = world.create(TEN - HOUR)
    inside = world.create(TEN)
    hold = world.hold(TEN + HOUR)
    query = {"from_": "2026-06-02T13:30:00Z", "to": "2026-06-02T16:00:00Z"}
    page = ask("calendar", world.org, **query).json
    assert [each["id"] for each in page["appointments"]] == [early["id"], inside["id"]]
    assert [each["id"] for each in page["holds"]] == [f"hold#{hold['id']}"]
    assert (page["jobs"], page["truncated"]) == ([], False)
    assert not {"lane", "shape", "claims", "work"} & page["holds"][0].keys()
    after = ask("calendar", world.org, **(query | {"from_": "2026-06-02T14:00:00Z"})).json
    assert [each["id"] for each in after["appointments"]] == [inside["id"]]
    world.later(minutes=15)
    assert ask("calendar", world.org, **query).json["holds"] == []


@pytest.mark.parametrize(
    ("since", "until"), [("2026-06-02", "2026-06-02"), ("2026-01-01", "2026-06-01")]
)
def test_a_calendar_has_bounds(world: World, since: str, until: str) -> None:
    """Neither nothing nor half a year."""
    assert _status(world, since, until) == 400


def test_a_calendar_is_the_orgs_own(world: World) -> None:
    """A stranger sees none of it."""
    world.create()
    query = {"from_": "2026-06-02T00:00:00Z", "to": "2026-06-03T00:00:00Z"}
    assert ask("calendar", f"{world.org}-other", **query).json["appointments"] == []


def _status(world: World, since: str, until: str) -> int:
    midnight = "T00:00:00Z"
    return ask("calendar", world.org, from_=since + midnight, to=until + midnight).status

"""Staff book, move and call off: the same cells, the same refusals."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from closedloop.bookings.appointments import complete, no_show
from closedloop.bookings.errors import (
    AppointmentCancelledError,
    AppointmentChangedError,
    SlotNotOfferedError,
    SlotTakenError,
)
from closedloop.core.errors import InvalidTransitionError, NotFoundError
from tests.bookings.support import service
from tests.bookings.world import NOW, PHONE, TEN, World

if TYPE_CHECKING:
    from tests.support.database import Database

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
ONE = [{"id": "bay", "name": "Bay"}]
TWO = [{"id": "bay", "name": "Bay", "capacity": 2}]


@pytest.fixture
def world(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """The garage, with one bay."""
    return World(db, org, users="user-1").by_its_clock(monkeypatch).open()


def test_staff_book_for_a_name_and_a_number(world: World) -> None:
    """Confirmed, with its contact, its cells and the org's zone; the reply is the row."""
    made = world.create(notes="Red car")
    (stored,) = world.db.rows("appointments", world.org)
    (contact,) = world.db.rows("contacts", world.org)
    assert {name: stored[name] for name in made} == made
    assert (made["status"], made["confirmed_by"], made["resource"]) == (
        "confirmed",
        "user-1",
        "bay",
    )
    assert (made["start"], made["end"]) == ("2026-06-02T14:00:00Z", "2026-06-02T15:00:00Z")
    assert (made["time_zone"], made["notes"]) == ("America/New_York", "Red car")
    assert (made["contact_id"], contact["phone"]) == (contact["id"], PHONE)
    assert set().union(*world.owners().values()) == {made["id"]}
    assert "visit_until" not in str(world.db.rows("appointment_holds", world.org))


def test_staff_book_for_a_contact(world: World) -> None:
    """Who is booked from then on; a contact that is gone or never was is a 404."""
    row = {"id": "con_1", "name": "Ana", "phone": PHONE, "lead_status": "new"}
    gone = {"id": "con_2", "name": "Bo", "deleted_at": "2026-01-01T00:00:00.000Z"}
    world.db.put(world.org, {"contacts": [row, gone]})
    assert world.create(contactId="con_1")["contact_name"] == "Ana"
    assert world.db.rows("contacts", world.org)[0]["lead_status"] == "booked"
    for nobody in ("con_2", "con_3"):
        with pytest.raises(NotFoundError):
            world.create(TEN + HOUR, contactId=nobody)


def test_a_press_that_is_repeated_is_one_booking(world: World) -> None:
    """The appointment's id follows from the key."""
    first = world.create(key="key-1")
    assert world.create(key="key-1")["id"] == first["id"]
    assert len(world.db.rows("appointments", world.org)) == 1


def test_staff_and_callers_take_the_same_cells(world: World) -> None:
    """Whoever comes second is refused, with what else is free."""
    world.hold()
    with pytest.raises(SlotTakenError) as taken:
        world.create(TEN - 2 * QUARTER)
    assert [each["start"][11:16] for each in taken.value.body["slots"]] == [
        "15:00",
        "15:15",
        "15:30",
    ]
    world.create(TEN + HOUR)
    with pytest.raises(SlotTakenError):
        world.hold(TEN + HOUR)


def test_without_a_resource_any_that_is_free_will_do(world: World) -> None:
    """One after the other; the third is refused."""
    world.open(resources=TWO)
    lanes = [cell.partition("#")[0] for _ in range(2) if world.create() for cell in world.owners()]
    assert set(lanes) == {"bay", "bay.2"}
    with pytest.raises(SlotTakenError):
        world.create()


def test_a_resource_may_be_named(world: World) -> None:
    """And must be one that can do the service."""
    places = [{"id": "bay", "name": "Bay"}, {"id": "lift", "name": "Lift"}]
    oil = service("oil", 30) | {"resources": ["lift"]}
    world.open(resources=places, services=[service("wash", 60), oil])
    assert world.create(resource="lift")["resource"] == "lift"
    for resource, what in (("pit", "wash"), ("bay", "oil")):
        with pytest.raises(NotFoundError):
            world.create(resource=resource, serviceId=what)


def test_staff_keep_to_the_hours(world: World) -> None:
    """Not to notice, horizon or grid."""
    world.open(lead_minutes=600, horizon_days=2)
    world.create(TEN + 400 * timedelta(days=1) + QUARTER)
    with pytest.raises(SlotNotOfferedError) as refused:
        world.create(TEN - 3 * HOUR)
    assert refused.value.body["reason"] == "closed"
    assert len(refused.value.body["slots"]) == 3


def test_a_move_takes_the_new_time_and_frees_the_old_at_once(world: World) -> None:
    """Same id, same status, one transaction."""
    made = world.create()
    moved = world.move(made["id"], TEN + 3 * HOUR)
    assert (moved["id"], moved["start"]) == (made["id"], "2026-06-02T17:00:00Z")
    assert len(world.owners()) == 4
    assert world.hold(TEN)["hold_status"] == "held"
    with pytest.raises(SlotTakenError):
        world.hold(TEN + 3 * HOUR)


def test_a_move_may_overlap_its_own_time(world: World) -> None:
    """Ten to a quarter past, with buffers that change sides, and back."""
    world.open(services=[service("wash", 60, 30, 30)])
    made = world.create()
    world.move(made["id"], TEN + QUARTER)
    world.move(made["id"], TEN + 2 * HOUR)
    world.move(made["id"], TEN)
    owners = world.owners()
    assert set().union(*owners.values()) == {made["id"]}
    assert len(owners) == 8


def test_a_move_that_fails_leaves_all_as_it_was(world: World) -> None:
    """The old time stays taken, the row untouched."""
    made = world.create()
    world.create(TEN + HOUR)
    before = world.db.snapshot(world.org)
    with pytest.raises(SlotTakenError):
        world.move(made["id"], TEN + 2 * QUARTER)
    with pytest.raises(SlotNotOfferedError):
        world.move(made["id"], NOW - HOUR)
    assert world.db.snapshot(world.org) == before


def test_a_move_of_what_somebody_else_has_moved_is_refused(world: World) -> None:
    """By the version that was on the screen, with the row as it is; nothing is moved."""
    made = world.create()
    moved = world.move(made["id"], TEN + HOUR, expectedVersion=made["version"])
    cells = world.owners()
    with pytest.raises(AppointmentChangedError) as refused:
        world.move(made["id"], TEN + 2 * HOUR, expectedVersion=made["version"])
    assert refused.value.body["appointment"]["start"] == moved["start"]
    assert world.owners() == cells


def test_a_move_to_where_it_is_changes_nothing(world: World) -> None:
    """A second press with a new key acts on the visit as it is."""
    made = world.create()
    moved = world.move(made["id"], TEN)
    assert (moved["version"], moved["start"]) == (made["version"], made["start"])


def test_a_move_goes_to_another_bay_where_its_own_is_taken(world: World) -> None:
    """Its own first; a named one only."""
    world.open(resources=[{"id": "bay", "name": "Bay"}, {"id": "lift", "name": "Lift"}])
    made = world.create(resource="lift")
    assert world.move(made["id"], TEN + HOUR)["resource"] == "lift"
    world.create(TEN + 2 * HOUR, resource="lift")
    assert world.move(made["id"], TEN + 2 * HOUR)["resource"] == "bay"
    with pytest.raises(SlotTakenError):
        world.move(made["id"], TEN + 2 * HOUR, resource="lift")


def test_a_change_of_the_settings_moves_nothing(world: World) -> None:
    """A longer service, a closed day, a bay less: what is booked keeps its length and its cells."""
    world.open(resources=TWO)
    made, other = world.create(), world.create()
    before = world.owners()
    world.open(resources=ONE, services=[service("wash", 90)])
    assert world.owners() == before
    assert world.move(made["id"], TEN + 4 * HOUR)["end"] == "2026-06-02T19:00:00Z"
    assert world.cancel(other["id"])["status"] == "cancelled"
    assert len(world.owners()) == 4


def test_a_cancelled_visit_frees_its_time(world: World) -> None:
    """At once, and once."""
    made = world.create()
    assert world.cancel(made["id"])["status"] == "cancelled"
    assert world.owners() == {}
    with pytest.raises(AppointmentCancelledError):
        world.cancel(made["id"])
    with pytest.raises(AppointmentCancelledError):
        world.move(made["id"], TEN + HOUR)
    assert world.create()["status"] == "confirmed"


def test_a_visit_that_never_took_cells_can_be_called_off_and_moved(world: World) -> None:
    """Rows of before: nothing to free; a move gives them cells."""
    old = {
        "id": "apt_1", "status": "pending", "start": "2026-06-02T14:00:00Z",
        "end": "2026-06-02T15:00:00Z", "service_id": "wash", "service_name": "Wash",
    }  # fmt: skip
    world.db.put(world.org, {"appointments": [old, old | {"id": "apt_2"}]})
    assert world.cancel("apt_2")["status"] == "cancelled"
    assert world.move("apt_1", TEN)["start"] == old["start"]
    assert len(world.owners()) == 4


def test_how_a_visit_ended(world: World) -> None:
    """Completed, or nobody came; each puts the other right, and neither comes too early."""
    made = world.create()["id"]
    for rule in (complete, no_show):
        with pytest.raises(InvalidTransitionError):
            world.close(rule, made)
    world.now = TEN
    for rule, status in ((no_show, "no_show"), (complete, "completed"), (no_show, "no_show")):
        assert world.close(rule, made)["status"] == status
    with pytest.raises(InvalidTransitionError):
        world.close(no_show, made)


def test_nobody_misses_a_cancelled_visit(world: World) -> None:
    """No no-show on what was called off."""
    made = world.create()["id"]
    world.cancel(made)
    world.now = TEN + HOUR
    with pytest.raises(AppointmentCancelledError):
        world.close(no_show, made)

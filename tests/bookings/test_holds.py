"""Holds on a real database: who gets a slot, who gets it again, and how it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.bookings import holds
from closedloop.bookings.errors import (
    AlreadyBookedError,
    HoldExpiredError,
    SlotNotOfferedError,
    SlotTakenError,
)
from closedloop.bookings.reserve import Wish, reserve
from closedloop.core.decision import Decision, Reply
from closedloop.core.errors import NotFoundError, RateLimitedError
from closedloop.core.times import iso
from tests.bookings.support import service
from tests.bookings.world import NOW, PHONE, TEN, World

if TYPE_CHECKING:
    from datetime import datetime

    from tests.support.database import Database

OTHER = "+12125550143"
HOUR = timedelta(hours=1)


@pytest.fixture
def world(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """The garage, with one bay."""
    return World(db, org).by_its_clock(monkeypatch).open()


def test_a_slot_is_held_for_a_quarter_of_an_hour(world: World) -> None:
    """All its cells, its row for other screens, and an answer that says until when."""
    hold = world.hold(name="Dana", call_id="call-1")
    assert hold == {
        "id": hold["id"],
        "slotId": hold["slotId"],
        "hold_status": "held",
        "expiresAt": "2026-06-01T12:15:00.000Z",
        "start": "2026-06-02T14:00:00Z",
        "end": "2026-06-02T15:00:00Z",
        "serviceId": "wash",
        "resource": "bay",
    }
    assert list(world.owners().values()) == [{hold["id"]}] * 4
    (row,) = world.holds()
    assert (row["phone"], row["name"], row["call_id"]) == (PHONE, "Dana", "call-1")


def test_who_comes_second_gets_three_other_times(world: World) -> None:
    """Free ones, from the wanted time on, each with its own name."""
    world.hold()
    with pytest.raises(SlotTakenError) as taken:
        world.hold(phone=OTHER)
    starts = [each["start"] for each in taken.value.body["slots"]]
    assert starts == [f"2026-06-02T{hour}:00:00Z" for hour in (15, 16, 17)]
    assert len(world.holds()) == 1


def test_a_second_bay_is_the_first_alternative(world: World) -> None:
    """The same hour, in the bay that is free."""
    world.open(resources=[{"id": "bay", "name": "Bay", "capacity": 2}])
    world.hold()
    with pytest.raises(SlotTakenError) as taken:
        world.hold(phone=OTHER)
    first = taken.value.body["slots"][0]
    assert (first["start"], first["slotId"][-6:]) == ("2026-06-02T14:00:00Z", "-bay.2")
    assert world.hold(lane="bay.2", phone=OTHER)["resource"] == "bay"


@pytest.mark.parametrize("again", [{"phone": PHONE}, {"phone": None, "call_id": "call-1"}])
def test_the_same_caller_gets_its_own_hold_back(world: World, again: dict[str, Any]) -> None:
    """Whether it repeats itself in the call or rings again: one hold, two equal answers."""
    first = world.hold(call_id="call-1")
    assert world.hold(**again) == first
    assert len(world.holds()) == 1


def test_a_caller_without_number_or_call_owns_nothing(world: World) -> None:
    """Two strangers are two people."""
    world.hold(phone=None)
    with pytest.raises(SlotTakenError):
        world.hold(phone=None)


def test_a_press_that_is_repeated_finds_its_hold(world: World) -> None:
    """The key alone tells, also when its reply was lost."""
    first = world.hold(key="key-1", phone=None)
    assert world.hold(key="key-1", phone=None) == first


def test_a_hold_is_over_at_its_end_and_not_before(world: World) -> None:
    """At 14:59 minutes it is still refused; at 15 it is free for everybody, without any sweep."""
    world.hold()
    world.later(minutes=14, seconds=59)
    with pytest.raises(SlotTakenError):
        world.hold(phone=OTHER)
    world.later(seconds=1)
    assert world.hold(phone=OTHER)["hold_status"] == "held"


def test_its_end_is_no_part_of_a_hold() -> None:
    """At that very millisecond it keeps nothing more."""
    hold = {"hold_status": "held", "held_until": iso(TEN)}
    assert holds.is_live(hold, TEN - timedelta(milliseconds=1))
    assert not holds.is_live(hold, TEN)


def test_another_time_in_the_same_call_frees_the_first(world: World) -> None:
    """One hold a call: the new one is won first, the old one ends with it, overlapping or not."""
    first = world.hold(call_id="call-1")
    second = world.hold(TEN + HOUR, call_id="call-1")
    assert {each["hold_status"] for each in world.holds()} == {"held", "released"}
    assert list(world.owners().values()) == [{second["id"]}] * 4
    assert world.hold(phone=OTHER)["id"] != first["id"]


def test_another_service_at_the_same_time_in_the_same_call(world: World) -> None:
    """A longer visit over the caller's own cells, buffers turned round."""
    world.open(services=[service("wash", 60, 0, 60), service("wax", 60, 60, 0)])
    world.hold(call_id="call-1")
    second = world.hold(TEN + HOUR, call_id="call-1", service_id="wax")
    owners = world.owners()
    assert set().union(*owners.values()) == {second["id"]}
    assert len(owners) == 8


def test_a_lost_time_leaves_the_first_as_it_was(world: World) -> None:
    """If the other slot is taken, the caller keeps what it had."""
    world.hold(TEN + HOUR, phone=OTHER, call_id="call-2")
    first = world.hold(call_id="call-1")
    with pytest.raises(SlotTakenError):
        world.hold(TEN + HOUR, call_id="call-1")
    assert world.hold(call_id="call-1") == first


def test_two_live_holds_a_number(world: World) -> None:
    """The third is refused until one ends; other numbers are not concerned."""
    first = world.hold(TEN)
    world.hold(TEN + HOUR)
    with pytest.raises(RateLimitedError) as refused:
        world.hold(TEN + 2 * HOUR)
    assert refused.value.retry_after == 60
    world.hold(TEN + 2 * HOUR, phone=OTHER)
    world.release(first["id"])
    assert world.hold(TEN + 3 * HOUR)["hold_status"] == "held"


def test_an_org_holds_so_many_an_hour(world: World) -> None:
    """A stranger cannot block the whole diary; what is asked for again does not count."""
    world.open(limits={"holds_per_hour": 2})
    world.hold(TEN)
    world.hold(TEN)
    world.hold(TEN + HOUR, phone=OTHER)
    with pytest.raises(RateLimitedError):
        world.hold(TEN + 2 * HOUR, phone=None)
    assert world.later(hours=1).hold(TEN + 2 * HOUR, phone=None)["hold_status"] == "held"


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (TEN - 3 * HOUR, "closed"),
        (TEN + HOUR / 2, "off_grid"),
        (NOW - HOUR, "past"),
        (NOW + HOUR / 2, "too_soon"),
        (TEN + timedelta(days=61), "too_far"),
        (TEN + timedelta(days=1), "day_off"),
    ],
)
def test_what_was_never_offered_is_refused(world: World, start: datetime, reason: str) -> None:
    """Every rule holds here too, whatever the tool before it has checked."""
    world.open(lead_minutes=60, days_off=["2026-06-03"])
    with pytest.raises(SlotNotOfferedError) as refused:
        world.hold(start)
    assert refused.value.body["reason"] == reason
    assert world.owners() == {}


@pytest.mark.parametrize("name", ["nonsense", "bbbbb-lift", "566h-bay"])
def test_a_name_that_was_never_given_is_refused(world: World, name: str) -> None:
    """With three that are free, never with a guess."""
    with pytest.raises(SlotNotOfferedError) as refused:
        world.do(lambda seen: reserve(Wish(name), seen))
    assert (refused.value.body["reason"], len(refused.value.body["slots"])) == ("unknown", 3)


def test_a_service_that_is_not_there(world: World) -> None:
    """404."""
    with pytest.raises(NotFoundError):
        world.hold(service_id="nails")


def test_a_hold_becomes_an_appointment_and_its_caller_a_contact(world: World) -> None:
    """Confirmed, with the same id; the cells stay for good, the caller's places are free."""
    hold = world.hold(name="Dana", call_id="call-1")
    appointment = world.book(hold["id"])
    world.later(hours=5)
    assert (appointment["id"], appointment["status"]) == (hold["id"], "confirmed")
    assert list(world.owners().values()) == [{hold["id"]}] * 4
    (contact,) = world.db.rows("contacts", world.org)
    (stored,) = world.db.rows("appointments", world.org)
    assert (contact["name"], contact["phone"], contact["lead_status"]) == ("Dana", PHONE, "booked")
    assert stored["contact_id"] == contact["id"]
    assert "shape" not in appointment
    with pytest.raises(SlotTakenError):
        world.hold(phone=OTHER)


def test_a_known_number_keeps_its_contact(world: World) -> None:
    """The oldest living row with it, whatever the caller says its name is."""
    row = {"id": "con_1", "phone": PHONE, "name": "Dana W", "lead_status": "lost"}
    gone = row | {"id": "con_0", "deleted_at": "2026-01-01T00:00:00.000Z"}
    world.db.put(world.org, {"contacts": [gone, row]})
    appointment = world.book(world.hold(name="Diana")["id"])
    assert (appointment["contact_id"], appointment["contact_name"]) == ("con_1", "Dana W")
    stored = {each["id"]: each for each in world.db.rows("contacts", world.org)}
    assert stored["con_1"]["lead_status"] == "booked"
    assert len(stored) == 2


def test_a_second_booking_of_a_new_number_finds_the_first_ones_contact(world: World) -> None:
    """Also when the index does not know it yet: the id follows from the number."""
    first, second = world.hold(TEN), world.hold(TEN + HOUR)
    contacts = {world.book(each["id"])["contact_id"] for each in (first, second)}
    assert len(contacts) == 1


def test_nobody_books_twice(world: World) -> None:
    """A second conversion is told that it is done, with the appointment's id."""
    hold = world.hold()
    world.book(hold["id"])
    with pytest.raises(AlreadyBookedError) as done:
        world.book(hold["id"])
    assert done.value.body["hold"]["id"] == hold["id"]


def test_a_hold_that_is_over_books_nothing(world: World) -> None:
    """At 14:59 minutes it does, at 15 it does not, and what somebody else has by then stays."""
    hold, late = world.hold(), world.hold(TEN + HOUR)
    world.later(minutes=14, seconds=59).book(late["id"])
    world.later(seconds=1)
    theirs = world.hold(phone=OTHER)
    with pytest.raises(HoldExpiredError):
        world.book(hold["id"])
    assert world.book(theirs["id"])["status"] == "confirmed"


def test_a_clock_that_lags_books_nothing_that_another_has(world: World) -> None:
    """Over by one clock and taken; alive by another: its cells are gone, so it is over."""
    hold = world.hold()
    theirs = world.later(minutes=15).hold(phone=OTHER)
    world.now = NOW
    with pytest.raises(HoldExpiredError):
        world.book(hold["id"])
    assert set().union(*world.owners().values()) == {theirs["id"]}


def test_a_release_frees_the_slot_at_once(world: World) -> None:
    """Twice is once."""
    hold = world.hold()
    assert world.release(hold["id"])["hold_status"] == "released"
    assert world.release(hold["id"])["hold_status"] == "released"
    assert world.owners() == {}
    assert world.hold(phone=OTHER)["hold_status"] == "held"


def test_the_sweep_ends_what_has_lapsed_alone(world: World) -> None:
    """Not a second early; what another has taken meanwhile stays the other's."""
    hold = world.hold()
    assert not world.sweep(hold["id"])
    theirs = world.later(minutes=15).hold(phone=OTHER)
    assert world.sweep(hold["id"])
    assert not world.sweep(hold["id"])
    assert set().union(*world.owners().values()) == {theirs["id"]}
    assert {each["hold_status"] for each in world.holds()} == {"held", "expired"}


def test_a_hold_is_extended_to_the_end_of_its_code(world: World) -> None:
    """All its cells and places, once, and never shortened."""
    hold = world.hold()
    until = NOW + timedelta(minutes=18)

    def extend(context: object) -> Decision:
        row = holds.live(hold["id"], context)  # type: ignore[arg-type] # what `do` hands over
        writes = tuple(holds.extended(row, until, context))  # type: ignore[arg-type]
        return Decision(writes, Reply({"writes": len(writes)}))

    assert world.do(extend).body["writes"] == 6
    assert world.do(extend).body["writes"] == 0
    world.later(minutes=17, seconds=59)
    with pytest.raises(SlotTakenError):
        world.hold(phone=OTHER)
    assert world.later(seconds=1).hold(phone=OTHER)["hold_status"] == "held"

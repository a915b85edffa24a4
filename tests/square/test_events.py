"""Events as they arrive: in any order, doubled, contradicting, or nonsense."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core.errors import ClosedLoopError
from closedloop.square import model
from closedloop.square.booking import content_hash
from closedloop.square.events import Event, Heard
from closedloop.square.model import UnreadableRecordError
from tests.square.seller import event
from tests.square.world import TEN, World
from tests.support.wire import TROUBLES, Killed, wire

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from tests.support.database import Database


@pytest.fixture
def world(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """A garage with one bay, connected."""
    monkeypatch.setattr("closedloop.dynamo.transaction.time.sleep", lambda _: None)
    return World(db, org).by_its_clock(monkeypatch).open()


def history(world: World, booking_id: str) -> list[Row]:
    """What the journal says of a job."""
    return [each for each in world.db.audit(world.org) if each.get("row_id") == booking_id]


def test_a_booking_is_a_job_at_once(world: World) -> None:
    """With its cells, who made it, its entry; its names and customer are to be read."""
    reply = world.hear(world.seller.book("b1", TEN, customer_id="c1"), kind="booking.created")
    assert reply.body == {
        "outcome": Heard.CREATED, "job": "b1", "read": True, "conflicts": 0, "strange": False,
    }  # fmt: skip
    job = world.job("b1")
    assert (job["createdBy"], job["workStatus"]) == ("webhook", "scheduled")
    assert (job["start"], job["end"]) == ("2026-06-02T14:00:00Z", "2026-06-02T15:00:00Z")
    assert (job["square_version"], job["booking_status"]) == (0, "ACCEPTED")
    assert len(world.cells("b1")) == 4
    (entry,) = history(world, "b1")
    assert (entry["actor"]["id"], entry["result"]) == ("square", "ok")


def test_the_same_event_twice(world: World) -> None:
    """One job, one entry; also by another event of the same version."""
    booking = world.seller.book("b1", TEN)
    assert world.hear(booking, "e1").body["outcome"] == Heard.CREATED
    assert world.hear(booking, "e1").body["outcome"] == Heard.KNOWN
    assert world.hear(booking, "e2").body["outcome"] == Heard.KNOWN
    assert len(history(world, "b1")) == 1


def test_an_event_that_was_seen_is_not_taken_twice(world: World) -> None:
    """Even where the version would let it through: the memory is in the same transaction."""
    booking = world.seller.book("b1", TEN)
    world.hear(booking, "e1")
    forged = {**booking, "version": 9, "customer_note": "other"}
    assert world.hear(forged, "e1").body["outcome"] == Heard.KNOWN
    assert world.job("b1")["square_version"] == 0


@pytest.mark.parametrize("order", [(2, 0, 1), (1, 0, 2), (0, 2, 1), (2, 1, 0)])
def test_any_order(world: World, order: tuple[int, ...]) -> None:
    """Versions 3, 1, 2: the last one of Square's is what the job says, each at most once."""
    world.seller.book("b1", TEN)
    told = [world.seller.edit("b1", customer_note=f"note {number}") for number in range(3)]
    for number in order:
        world.later(seconds=1).hear(told[number])
    job = world.job("b1")
    assert (job["customer_note"], job["square_version"]) == ("note 2", 3)
    rising = [number for at, number in enumerate(order) if number == max(order[: at + 1])]
    assert len(history(world, "b1")) == len(rising)


def test_version_0_is_a_version(world: World) -> None:
    """Zero after one is old; one after zero is new."""
    first = world.seller.book("b1", TEN)
    second = world.seller.edit("b1", customer_note="new")
    assert world.hear(second).body["outcome"] == Heard.CREATED
    assert world.hear(first).body["outcome"] == Heard.OLDER
    assert world.job("b1")["customer_note"] == "new"


def test_one_version_with_two_contents_is_read_again(world: World) -> None:
    """Nothing is guessed and nothing written: the booking itself is asked for."""
    booking = world.seller.book("b1", TEN)
    world.seller.named("var-1", "Wash")
    world.hear(booking)
    world.staff("b1", square_hash=complete(booking))
    before = world.job("b1")
    reply = world.hear({**booking, "customer_note": "other"})
    assert reply.body == {"outcome": Heard.REREAD, "job": "b1", "read": True}
    assert world.job("b1") == before


def complete(booking: dict[str, Any]) -> str:
    """The hash of a job of which everything is known."""
    return content_hash(model.booking(booking))


def test_a_correction_of_the_staff_is_never_lost(world: World) -> None:
    """Both have changed a field: ours stays, both are kept, in one row however often it happens."""
    world.hear(world.seller.book("b1", TEN, seller_note="first"))
    world.staff("b1", seller_note="ours")
    for note in ("second", "third"):
        world.hear(world.seller.edit("b1", seller_note=note))
    ((key, conflict),) = world.conflicts(None).items()
    assert key == "b1:seller_note"
    assert (conflict["ours"], conflict["square"], conflict["kind"]) == ("ours", "third", "edited")
    assert world.job("b1")["seller_note"] == "ours"


def test_nothing_of_the_staffs_is_touched(world: World) -> None:
    """Each protected field has the staff's value after every kind of change at Square."""
    mine: dict[str, Any] = {
        "workStatus": "checked_in",
        "statusHistory": [{"from": "scheduled", "to": "checked_in"}],
        "checklist": {"tech": [{"id": "t", "label": "Wash", "done": True}], "qc": [{"id": "q"}]},
        "photosMeta": [{"id": "p1"}],
        "receiptPhotos": [{"id": "r1"}],
        "postCompletionIssue": {"description": "scratch"},
        "payment": {"status": "paid"},
        "vehicleInfo": {"plate": "ABC"},
        "notes": "bumper off",
    }
    world.hear(world.seller.book("b1", TEN))
    world.staff("b1", **mine)
    segments = [{"duration_minutes": 45, "service_variation_id": "other"}]
    for changes in (
        {"start_at": "2026-06-03T14:00:00Z"},
        {"appointment_segments": segments},
        {"status": "NO_SHOW"},
        {"customer_id": "c9", "seller_note": "x", "location_id": "loc-2"},
        {"notes": "theirs", "workStatus": "completed", "payment": {}},
    ):
        world.hear(world.seller.edit("b1", **changes))
        job = world.job("b1")
        assert {name: job[name] for name in mine} == mine
    assert job["start"] == "2026-06-03T14:00:00Z"
    assert job["segments"] == segments


def test_a_customer_who_has_changed(world: World) -> None:
    """On all jobs that are near, once; an older word changes nothing."""
    for number in range(3):
        start = TEN + timedelta(hours=number)
        world.hear(world.seller.book(f"b{number}", start, customer_id="c1" if number else "c2"))
    older = world.seller.customer("c1", given_name="Dana", phone_number="212 555 0142")
    newer = world.seller.customer("c1", given_name="Dana", family_name="Reyes")
    assert world.arrive(customer_event(newer, "e1")).body["outcome"] == Heard.CUSTOMER
    for body in (customer_event(newer, "e1"), customer_event(older, "e2")):
        assert world.arrive(body).body["outcome"] == Heard.KNOWN
    names = [world.job(f"b{number}").get("customerCached", {}).get("name") for number in range(3)]
    assert names == [None, "Dana Reyes", "Dana Reyes"]
    assert world.job("b1")["customerCached"]["phone"] == "+12125550142"


def customer_event(customer: dict[str, Any], event_id: str) -> dict[str, Any]:
    """The notification of a customer's change."""
    return {
        "merchant_id": "m",
        "type": "customer.updated",
        "event_id": event_id,
        "data": {"type": "customer", "id": customer["id"], "object": {"customer": customer}},
    }


def test_a_permission_that_was_taken_back(world: World) -> None:
    """The org is disconnected, off the work list, and no job is touched."""
    world.hear(world.seller.book("b1", TEN))
    before = world.jobs()
    body = {"merchant_id": "m", "type": "oauth.authorization.revoked", "event_id": "e9"}
    assert world.arrive(body).body["outcome"] == Heard.DISCONNECTED
    assert world.arrive(body).body["outcome"] == Heard.KNOWN
    connection = {each["id"]: each for each in world.db.rows("orgs", world.org)}["square"]
    assert connection["state"] == "disconnected"
    assert "work" not in connection
    assert world.jobs() == before


def test_a_type_that_nobody_asked_for(world: World) -> None:
    """Nothing is written."""
    body = {"merchant_id": "m", "type": "payment.updated", "event_id": "e1", "data": None}
    assert world.arrive(body).body == {"outcome": Heard.IGNORED}
    assert world.db.audit(world.org) == []


@pytest.mark.parametrize("changes", [{"start_at": "soon"}, {"version": -1}, {"status": None}])
def test_nonsense_is_kept_for_a_person(world: World, changes: dict[str, Any]) -> None:
    """Once, with the reason; the jobs are as they were."""
    body = event({**world.seller.book("b1", TEN), **changes}, "e1")
    for _ in range(2):
        assert world.arrive(body).body == {"outcome": Heard.QUARANTINED}
    (kept,) = world.db.rows("reconcile", world.org)
    assert kept["id"].startswith("quarantine#")
    assert next(iter(changes)) in kept["reason"]
    assert "b1" in kept["content"]
    assert world.jobs() == []


@pytest.mark.parametrize(
    "body", [None, [], {}, {"event_id": 7, "type": "x", "merchant_id": "m"}, {"event_id": ""}]
)
def test_what_is_no_event(body: Any) -> None:
    """Said so, for whoever keeps it."""
    with pytest.raises(UnreadableRecordError):
        Event.of(body)


@pytest.mark.parametrize("name", TROUBLES)
@pytest.mark.parametrize("position", range(3))
def test_broken_anywhere_and_sent_again(world: World, position: int, name: str) -> None:
    """Square repeats what was not answered: one job, one entry, its cells."""
    booking = world.seller.book("b1", TEN)
    with wire() as watched:
        watched.break_at(position, name)
        with suppress(Killed, ClosedLoopError):
            world.hear(booking, "e1")
    world.hear(booking, "e1")
    assert [each["id"] for each in world.jobs()] == ["b1"]
    assert len(history(world, "b1")) == 1
    assert len(world.cells("b1")) == 4

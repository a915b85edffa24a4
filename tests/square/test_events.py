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

"""Runs: one at a time, spread out, cut off and resumed, and alike however a function dies."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core.errors import ClosedLoopError
from closedloop.square.handlers import schedule
from closedloop.square.windows import LONGEST
from tests.square.seller import Seller
from tests.square.world import NOW, TEN, World
from tests.support.actions import event_of, handlers
from tests.support.wire import Killed, wire

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from tests.support.database import Database

YEARS = {"from": "2021-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}


@pytest.fixture
def world(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """A garage that keeps no places, connected."""
    monkeypatch.setattr("closedloop.square.handlers.window.AT_ONCE", 1)
    made = World(db, org).by_its_clock(monkeypatch).open(resources=[])
    made.seller.named("var-1", "Wash")
    return made


def lease(world: World) -> Row:
    """The org's lease."""
    return {each["id"]: each for each in world.db.rows("reconcile", world.org)}["lease"]


# ------------------------------------------------------------------ the schedule


def test_each_connected_org_is_asked_once(world: World) -> None:
    """One message, for the time of the call; an org that has left is not asked."""
    world.schedule()
    assert [each["run"] for each in world.queue.messages] == ["run#2026-06-01T12:00:00.000Z"]
    world.queue.messages.clear()
    world.arrive({"merchant_id": "m", "type": "oauth.authorization.revoked", "event_id": "e"})
    world.schedule()
    assert world.queue.messages == []


def test_orgs_are_spread_over_the_time(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    """Three begin at once; a thousand over nine minutes, each at its own place."""
    orgs = [f"org-{number}" for number in range(1000)]
    schedule._ask(orgs[:3], NOW)  # noqa: SLF001 - the delays are the fact under test
    assert max(world.queue.delays) < 6
    few, world.queue.delays = world.queue.delays, []
    schedule._ask(orgs, NOW)  # noqa: SLF001
    assert len(few) == 3
    assert max(world.queue.delays) < 540
    busiest = max(world.queue.delays.count(each) for each in range(540))
    assert busiest < 12


def test_after_hours_of_silence_there_is_one_run(world: World) -> None:
    """Eighteen messages have piled up: the first is a run, the others are dropped."""
    for _ in range(18):
        world.schedule()
        world.later(minutes=10)
    assert len(world.queue.messages) == 18
    assert world.work() == []
    assert len(world.runs()) == 1


def test_a_run_while_another_is_going_on(world: World) -> None:
    """The schedule's is dropped; one that somebody asked for waits and comes."""
    now = int(world.now.timestamp() * 1000)
    world.db.put(world.org, {"reconcile": [{"id": "lease", "holder": "x", "until": now + 90_000}]})
    world.schedule()
    run = world.start()
    world.work(most=2)
    assert [each["status"] for each in world.runs()] == ["queued"]
    assert world.queue.messages[0]["waits"] == 1
    assert world.queue.delays[-1] == 30
    world.later(minutes=2).work()
    assert [each["id"] for each in world.runs()] == [f"run#{run['id']}"]
    assert world.runs()[0]["status"] == "ok"


def test_a_lease_of_a_dead_function_lapses(world: World) -> None:
    """And not before: its time is the function's."""
    world.schedule()
    with wire() as watched, suppress(Killed):
        watched.break_at(3, "killed before")
        world.receive(world.queue.messages[0])
    assert lease(world)["until"] == int(world.now.timestamp() * 1000) + 300_000
    world.queue.messages.clear()
    world.later(minutes=4).schedule()
    world.work()
    assert world.runs() == []
    world.later(minutes=10).schedule()
    world.work()
    assert len(world.runs()) == 1


def test_who_is_overdue_is_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an hour after the last good run; a run that was held is none."""
    world.reconcile()
    assert schedule._overdue([world.org], world.now + timedelta(minutes=29)) == 0  # noqa: SLF001
    assert schedule._overdue([world.org], world.now + timedelta(minutes=31)) == 1  # noqa: SLF001


def test_a_queue_that_takes_nothing_is_told(world: World) -> None:
    """The call of the schedule has failed, which an alarm sees."""
    world.queue.broken = True
    assert world.schedule()["asked"] == 0


def test_the_stream_asks_for_what_was_committed(world: World) -> None:
    """A run that was asked for is put into the queue; other rows of the table are not."""
    event = event_of("reconcile_requested", "asked")
    table = event["Records"][0]["eventSourceARN"].replace("closedloop-", "test-only-")
    event["Records"][0]["eventSourceARN"] = table
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TABLE_PREFIX", "test-only-")
        assert handlers()["reconcile_requested"](event) == {"batchItemFailures": []}
        (message,) = world.queue.messages
        assert message["run"].startswith("run#2026-11-20")
        world.queue.broken = True
        failed = handlers()["reconcile_requested"](event)["batchItemFailures"]
        assert len(failed) == 1


# ------------------------------------------------------------------ missed webhooks


def counted(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """What the worker's line counts of one run."""
    found: dict[str, float] = {}
    monkeypatch.setattr("closedloop.edge.log._write", lambda line, _: found.update(line.counts))
    world.reconcile()
    return found


def test_what_no_webhook_told_is_drift(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes that are older than five minutes; one that may still come is none."""
    for number in range(6):
        world.seller.book(f"b{number}", TEN + timedelta(hours=number))
    world.later(minutes=4)
    world.seller.book("b9", TEN)
    found = counted(world.later(minutes=2), monkeypatch)
    assert (found["MissedWebhooks"], found["Created"], found["RunsWell"]) == (6, 7, 1)


def test_the_first_reading_of_a_seller_is_no_drift(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was there before we were connected had no webhook to miss."""
    world.db.put(
        world.org,
        {"orgs": [{"id": "square", "state": "connected", "connected_at": "2026-06-01T12:00:00.000Z",
                   "work": "square", "work_at": "2026-06-01T11:00:00.000Z"}]},
    )  # fmt: skip
    world.seller.book("b1", TEN)
    assert counted(world.later(minutes=30), monkeypatch).get("MissedWebhooks", 0) == 0


def test_names_that_come_late_are_no_drift(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The webhook came; only the catalog had not been asked."""
    world.hear(world.seller.book("b1", TEN))
    found = counted(world.later(minutes=10), monkeypatch)
    assert (found["MissedWebhooks"], found["Updated"]) == (0, 1)


# ------------------------------------------------------------------ backfill


def past(world: World, number: int) -> None:
    """Bookings of five years, one in each of so many windows."""
    for each in range(number):
        world.seller.book(f"p{each:02}", NOW.replace(year=2021, month=1) + each * LONGEST)


def test_years_are_read_and_nobody_is_told(world: World) -> None:
    """Sixty windows; each job as Square has it, and no cell, no text, no conflict."""
    past(world, 60)
    world.start(**YEARS)
    world.work()
    (run,) = world.runs()
    assert (run["status"], run["created"], run["scanned"]) == ("ok", 60, 60)
    assert world.db.rows("sms_logs", world.org) == []
    assert (world.conflicts(), world.db.rows("appointment_holds", world.org)) == ({}, [])


def test_a_backfill_that_is_killed_goes_on_where_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At window 17 of 60: the message comes back, and it goes on there, not at the first."""
    past(world, 60)
    monkeypatch.setattr("closedloop.square.handlers.run._SAVED_SECONDS", -1)
    world.start(**YEARS)
    asked: list[Any] = []
    listed = Seller.bookings

    def dying(self: Seller, start: Any, end: Any, *more: Any) -> Any:
        asked.append(start)
        if len(asked) == 17:
            raise Killed
        return listed(self, start, end, *more)

    monkeypatch.setattr(Seller, "bookings", dying)
    (message,) = world.queue.messages
    world.queue.messages.clear()
    with suppress(Killed):
        world.receive(message)
    assert len(world.jobs()) == 16
    assert world.runs()[0]["status"] == "running"
    world.later(minutes=30).receive(message)
    assert asked[17] == asked[16]
    assert len(asked) == 61
    (run,) = world.runs()
    assert (run["status"], run["created"], run["scanned"]) == ("ok", 60, 60)


def test_a_run_that_is_cut_off_by_time_sends_itself_on(world: World) -> None:
    """No time left at once: nothing is lost, and the next part does the work."""
    world.seller.book("b1", TEN)
    world.schedule()
    (message,) = world.queue.messages
    world.queue.messages.clear()
    assert world.receive(message, seconds=19)["batchItemFailures"] == []
    assert world.runs()[0]["status"] == "running"
    assert len(world.queue.messages) == 1
    world.work()
    assert (world.runs()[0]["status"], len(world.jobs())) == ("ok", 1)


def test_a_queue_that_does_not_take_the_rest(world: World) -> None:
    """The message itself comes back, and goes on from the row."""
    world.schedule()
    (message,) = world.queue.messages
    world.queue.messages.clear()
    world.queue.broken = True
    assert len(world.receive(message, seconds=19)["batchItemFailures"]) == 1
    world.queue.broken = False
    assert world.receive(message)["batchItemFailures"] == []
    assert world.runs()[0]["status"] == "ok"


# ------------------------------------------------------------------ crashes


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["killed before", "killed after", "answer lost"])
@pytest.mark.parametrize("position", range(12))
def test_the_worker_breaks_anywhere(world: World, position: int, name: str) -> None:
    """The queue hands the message over again: as after a run without trouble, each job once."""
    world.open(resources=[{"id": "bay", "name": "Bay", "capacity": 2}])
    world.seller.customer("c1", given_name="Dana")
    world.hear(world.seller.book("b1", TEN))
    world.staff("b1", notes="ours")
    world.seller.edit("b1", start_at="2026-06-02T16:00:00Z")
    world.seller.book("b2", TEN, customer_id="c1")
    world.schedule()
    (message,) = world.queue.messages
    world.queue.messages.clear()
    with wire() as watched, suppress(Killed, ClosedLoopError):
        watched.break_at(position, name)
        world.receive(message)
    world.receive(message)
    world.work()
    world.later(minutes=10).reconcile()
    one, two = world.jobs()
    assert (one["start"], one["notes"]) == ("2026-06-02T16:00:00Z", "ours")
    assert (two["customerCached"]["name"], two["serviceType"]) == ("Dana", "Wash")
    assert (len(world.cells("b1")), len(world.cells("b2"))) == (4, 4)
    entries = [each["row_id"] for each in world.db.audit(world.org) if each.get("table") == "jobs"]
    assert (entries.count("b1"), entries.count("b2")) == (2, 1)


@pytest.mark.parametrize("name", ["killed before", "killed after", "throttled"])
def test_a_booking_that_is_read_again(world: World, name: str) -> None:
    """What the webhook left open is there in seconds; broken, the message comes back."""
    world.hear(world.seller.book("b1", TEN))
    message = {"kind": "booking", "org_id": world.org, "id": "b1"}
    for position in range(4):
        with wire() as watched, suppress(Killed, ClosedLoopError):
            watched.break_at(position, name)
            world.receive(message)
    assert world.receive(message)["batchItemFailures"] == []
    assert world.job("b1")["serviceType"] == "Wash"

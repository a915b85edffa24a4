"""Reconciliation: repairs what is missing, overwrites nothing, and does not believe everything."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bench.wire import recorded
from closedloop import wiring
from closedloop.square import errors, reconcile
from closedloop.square.windows import LONGEST, Span
from tests.bookings.support import utc
from tests.square.seller import Seller
from tests.square.world import NOW, TEN, World
from tests.support.wire import wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.database import Database

DAY = timedelta(days=1)


@pytest.fixture
def world(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """A garage with six bays, connected; its seller offers a wash."""
    bays = [{"id": "bay", "name": "Bay", "capacity": 6}]
    made = World(db, org).by_its_clock(monkeypatch).open(resources=bays)
    monkeypatch.setattr("closedloop.square.handlers.window.AT_ONCE", 1)
    made.seller.named("var-1", "Wash", price_cents=4000)
    return made


def many(world: World, number: int) -> list[str]:
    """So many bookings of tomorrow and the days after, all of them known; nobody keeps places."""
    world.open(resources=[])
    ids = [f"b{each:03}" for each in range(number)]
    for position, each in enumerate(ids):
        world.seller.book(each, TEN + position * DAY / 6)
    world.knows_all()
    return ids


def counts(run: dict[str, Any]) -> dict[str, int]:
    """What a run counted."""
    names = ("scanned", "created", "updated", "skipped", "conflicts")
    return {name: run[name] for name in names}


def test_a_missed_webhook_is_healed(world: World) -> None:
    """The job is there with its names and its customer, and says who made it."""
    world.seller.customer("c1", given_name="Dana", phone_number="+12125550142")
    world.seller.book("b1", TEN, customer_id="c1")
    run = world.reconcile()
    assert (run["status"], run["errors"], run["trigger"]) == ("ok", [], "schedule")
    assert counts(run) == {
        "scanned": 1, "created": 1, "updated": 0, "skipped": 0, "conflicts": 0,
    }  # fmt: skip
    job = world.job("b1")
    assert (job["createdBy"], job["serviceType"]) == ("reconciliation", "Wash")
    assert (job["customerCached"]["name"], job["segments"][0]["price_cents"]) == ("Dana", 4000)
    assert len(world.cells("b1")) == 4


def test_a_second_run_writes_no_job(world: World) -> None:
    """Nor reads one: the index tells that nothing has changed."""
    many(world, 30)
    before = (world.jobs(), world.db.audit(world.org))
    with wire() as watched:
        run = world.reconcile()
    assert (world.jobs(), world.db.audit(world.org)) == before
    assert (run["skipped"], run["scanned"]) == (30, 30)
    writes = [each for each in watched.requests if each not in {"Query", "GetItem", "BatchGetItem"}]
    assert writes == ["UpdateItem", "PutItem", "UpdateItem"]  # the lease, the run, the lease


def test_what_has_not_changed_is_not_read(world: World) -> None:
    """Of thirty jobs the one that has changed, however many the window lists."""
    ids = many(world, 30)
    world.seller.edit(ids[7], customer_note="new")
    with recorded(wiring.dynamodb()) as sent:
        world.reconcile()
    read = [each.body["RequestItems"] for each in sent if each.operation == "BatchGetItem"]
    keys = [key for each in read for key in each.get(f"{world.db.prefix}jobs", {}).get("Keys", [])]
    assert {key["id"]["S"] for key in keys} == {ids[7]}


def test_what_a_webhook_left_open_is_completed(world: World) -> None:
    """Names and customer come with the next run, and then never again."""
    world.seller.customer("c1", given_name="Dana")
    world.hear(world.seller.book("b1", TEN, customer_id="c1"))
    assert world.job("b1")["serviceType"] == "Appointment"
    assert world.reconcile()["updated"] == 1
    job = world.job("b1")
    assert (job["serviceType"], job["customerCached"]["name"]) == ("Wash", "Dana")
    assert job["createdBy"] == "webhook"
    assert world.later(minutes=10).reconcile()["updated"] == 0


def test_only_what_has_changed_is_written(world: World) -> None:
    """Three of thirty: three entries of the journal, and the staff's fields as they were."""
    ids = many(world, 30)
    for each in ids[:3]:
        world.staff(each, workStatus="in_progress", notes="ours")
        world.seller.edit(each, customer_note="new")
    entries = len(world.db.audit(world.org))
    run = world.reconcile()
    assert (run["updated"], run["skipped"]) == (3, 27)
    assert len(world.db.audit(world.org)) == entries + 3
    for each in ids[:3]:
        job = world.job(each)
        assert (job["customer_note"], job["notes"], job["workStatus"]) == (
            "new", "ours", "in_progress",
        )  # fmt: skip


def test_a_list_that_is_older_than_a_webhook(world: World) -> None:
    """The webhook came while the pages were read: its version stays."""
    world.seller.book("b1", TEN)
    world.reconcile()
    before = dict(world.seller.records["b1"])
    world.hear(world.seller.edit("b1", customer_note="newest"))
    world.seller.records["b1"] = {**before, "customer_note": "stale"}
    assert world.later(minutes=10).reconcile()["updated"] == 0
    assert world.job("b1")["customer_note"] == "newest"


def test_one_version_with_two_contents_ends_as_square_has_it(world: World) -> None:
    """What the webhook could not tell, the reading does; the later one by Square's own clock."""
    booking = world.seller.book("b1", TEN)
    world.reconcile()
    world.seller.records["b1"] = {**booking, "customer_note": "true"}
    world.later(minutes=10).reconcile()
    assert world.job("b1")["customer_note"] == "true"
    older = {"customer_note": "old", "updated_at": "2026-01-01T00:00:00Z"}
    world.seller.records["b1"] |= older
    world.later(minutes=10).reconcile()
    assert world.job("b1")["customer_note"] == "true"


# ------------------------------------------------------------------ windows


def test_the_windows_of_a_span() -> None:
    """None longer than Square lists, no gap, no overlap; the same cuts when it goes on."""
    span = Span(utc("2026-03-01T00:00"), utc("2026-06-01T10:30"))
    windows = list(span.windows())
    assert all(each.end - each.start <= LONGEST for each in windows)
    assert [each.end for each in windows[:-1]] == [each.start for each in windows[1:]]
    assert (windows[0].start, windows[-1].end) == (span.start, span.end)
    assert list(span.windows(windows[1].end)) == windows[2:]


@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_a_booking_at_the_border_of_two_windows(world: World, offset: int) -> None:
    """Seen once: never twice, never not at all."""
    border = next(iter(Span.around(NOW).windows())).end
    world.seller.book("b1", border + timedelta(seconds=offset))
    run = world.reconcile()
    assert (run["scanned"], run["created"]) == (1, 1)
    assert world.later(minutes=10).reconcile()["skipped"] == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-06-24T23:59:59", "2026-07-27T09:00"),
        ("2026-07-27T09:00", "2026-06-24T23:59:59"),
        ("2026-06-10T09:00", "2027-03-01T09:00"),
        ("2027-03-01T09:00", "2026-06-10T09:00"),
    ],
)
def test_a_visit_that_moves_from_window_to_window(world: World, before: str, after: str) -> None:
    """A move looks like a disappearance, also out of everything that is read."""
    world.hear(world.seller.book("b1", utc(before)))
    world.seller.edit("b1", start_at=f"{utc(after):%Y-%m-%dT%H:%M:%SZ}")
    run = world.reconcile()
    assert world.job("b1")["start"] == f"{utc(after):%Y-%m-%dT%H:%M:%SZ}"
    assert (run["updated"], world.conflicts()) == (1, {})


def test_pages_are_read_to_the_end(world: World) -> None:
    """No booking, a page less one, a page, one more: as many jobs."""
    world.seller.page = 4
    for number in (0, 3, 4, 5):
        while len(world.seller.records) < number:
            name = f"p{len(world.seller.records)}"
            world.seller.book(name, TEN + len(world.seller.records) * DAY)
        world.later(minutes=10).reconcile()
        assert len(world.jobs()) == number


# ------------------------------------------------------------------ what is missing


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


# ------------------------------------------------------------------ trouble with Square


def raising(error: Exception, *, on: str, at: set[int]) -> Callable[[str], None]:
    """Raises at these calls of this kind, counted from 1."""
    asked = {"number": 0}

    def trouble(what: str) -> None:
        asked["number"] += what == on
        if what == on and asked["number"] in at:
            raise error

    return trouble


def test_a_dead_cursor_begins_the_window_anew(world: World) -> None:
    """Twice, and then it is read; nothing is written twice."""
    world.seller.page = 2
    for number in range(6):
        world.seller.book(f"b{number}", TEN + number * DAY / 6)
    world.seller.trouble = raising(errors.SquareBadCursorError(), on="list", at={2, 4})
    run = world.reconcile()
    assert (run["status"], run["scanned"], run["created"]) == ("ok", 6, 6)


def test_a_cursor_that_keeps_dying_fails_its_window(world: World) -> None:
    """After five fresh beginnings in each of five parts; the other windows are read."""
    far = NOW + timedelta(days=50)
    world.seller.book("b1", TEN)
    world.seller.book("b2", far)
    near = next(iter(Span.around(NOW).windows()))
    listed = Seller.bookings

    def dying(self: Seller, start: Any, end: Any, *more: Any) -> Any:
        if start == near.start:
            self.calls["died"] += 1
            raise errors.SquareBadCursorError
        return listed(self, start, end, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Seller, "bookings", dying)
        run = world.reconcile()
    assert world.seller.calls["died"] == 6 * 5
    assert (run["status"], run["created"]) == ("partial", 1)
    assert run["errors"][0]["window"] == near.fields
    assert [each["id"] for each in world.jobs()] == ["b2"]


def test_too_many_calls_close_nothing(world: World) -> None:
    """429 on the second page of four: the window is read again later, from its beginning."""
    world.seller.page = 3
    many(world, 12)
    before = world.jobs()
    limited = errors.SquareRateLimitedError("RATE_LIMITED", 429)
    limited.retry_after = 40
    world.seller.trouble = raising(limited, on="list", at={2})
    world.schedule()
    (message,) = world.queue.messages
    world.queue.delays.clear()
    world.receive(world.queue.messages.pop())
    assert world.runs()[0]["status"] == "running"
    assert world.queue.delays == [40]
    assert world.jobs() == before
    world.work()
    assert (world.runs()[0]["status"], world.runs()[0]["skipped"]) == ("ok", 12)
    assert message["org_id"] == world.org


def test_square_is_away(world: World) -> None:
    """Each window is tried five times; the run is partial, and no job is touched."""
    many(world, 12)
    before = world.jobs()

    def away(_: str) -> None:
        raise errors.SquareUnavailableError

    world.seller.trouble = away
    run = world.reconcile()
    assert (run["status"], len(run["errors"])) == ("partial", 3)
    assert world.jobs() == before


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (errors.SquareUnauthorizedError("UNAUTHORIZED", 401), "connected"),
        (errors.SquareForbiddenError("FORBIDDEN", 403), "connected"),
        (errors.SquareRevokedError("ACCESS_TOKEN_REVOKED", 401), "disconnected"),
    ],
)
def test_locked_out(world: World, error: Exception, state: str) -> None:
    """The run has failed, no job is touched; only a revoked permission disconnects the org."""
    many(world, 12)
    before = world.jobs()
    world.seller.trouble = raising(error, on="list", at={1})
    assert world.reconcile()["status"] == "failed"
    assert world.jobs() == before
    connection = {each["id"]: each for each in world.db.rows("orgs", world.org)}["square"]
    assert connection["state"] == state


def test_one_bad_booking_stops_nobody(world: World) -> None:
    """Ninety-nine of a hundred are saved, one is in quarantine, and the run says partial."""
    for number in range(100):
        world.seller.book(f"b{number:03}", TEN + number * DAY / 6)
    world.seller.records["b042"]["appointment_segments"] = "what?"
    run = world.reconcile()
    assert len(world.jobs()) == 99
    assert (run["status"], run["scanned"], run["created"]) == ("partial", 100, 99)
    assert [each["booking"] for each in run["errors"]] == ["b042"]
    kept = [row for row in world.db.rows("reconcile", world.org) if row["id"][:5] == "quara"]
    assert len(kept) == 1
    world.later(minutes=10).reconcile()
    kept = [row for row in world.db.rows("reconcile", world.org) if row["id"][:5] == "quara"]
    assert len(kept) == 1


def test_a_defect_of_ours_with_one_booking_stops_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an error of the run, by its booking; the others are there."""
    take_over = reconcile.take_over

    def broken(booking: Any, *rest: Any) -> Any:
        if booking.id == "b1":
            raise KeyError(booking.id)
        return take_over(booking, *rest)

    monkeypatch.setattr(reconcile, "take_over", broken)
    for number in range(3):
        world.seller.book(f"b{number}", TEN + number * DAY)
    run = world.reconcile()
    assert (run["status"], run["created"]) == ("partial", 2)
    assert [(each["booking"], each["code"]) for each in run["errors"]] == [("b1", "FAULT")]


# ------------------------------------------------------------------ customers


def test_a_customer_is_read_again_after_a_day(world: World) -> None:
    """Not before; the job's own version and content have not changed."""
    world.seller.customer("c1", given_name="Dana")
    world.seller.book("b1", TEN + 3 * DAY, customer_id="c1")
    world.reconcile()
    world.seller.customer("c1", given_name="Daniela")
    assert world.later(hours=23).reconcile()["updated"] == 0
    assert world.job("b1")["customerCached"]["name"] == "Dana"
    assert world.later(hours=2).reconcile()["updated"] == 1
    assert world.job("b1")["customerCached"]["name"] == "Daniela"
    assert world.later(minutes=10).reconcile()["updated"] == 0


def test_a_customer_whom_square_does_not_know(world: World) -> None:
    """The job is there all the same, and Square is not asked again at each run."""
    world.seller.book("b1", TEN, customer_id="gone")
    world.reconcile()
    assert world.job("b1")["customerCached"]["id"] == "gone"
    asked = world.seller.calls["customers"]
    world.later(minutes=10).reconcile()
    assert world.seller.calls["customers"] == asked


@pytest.mark.parametrize("version", [0, 1])
def test_customers_that_were_merged(world: World, version: int) -> None:
    """The next run shows the new one's name and number, also where the booking kept its version."""
    world.seller.customer("c1", given_name="Dana", phone_number="+12125550142")
    world.seller.book("b1", TEN, customer_id="c1")
    world.reconcile()
    del world.seller.people["c1"]
    world.seller.customer("c9", given_name="Dana", family_name="Reyes", phone_number="+12125550199")
    world.seller.records["b1"] |= {"customer_id": "c9", "version": version}
    run = world.later(minutes=10).reconcile()
    assert (run["updated"], run["conflicts"]) == (1, 0)
    job = world.job("b1")
    assert job["square_customer_id"] == job["customerCached"]["id"] == "c9"
    known = job["customerCached"]
    assert (known["name"], known["phone"]) == ("Dana Reyes", "+12125550199")


def test_a_customer_whom_square_knows_no_more_is_not_forgotten(world: World) -> None:
    """The booking names the former one of a merge still: name and number stay on the job."""
    world.seller.customer("c1", given_name="Dana", phone_number="+12125550142")
    world.seller.book("b1", TEN + 3 * DAY, customer_id="c1")
    world.reconcile()
    del world.seller.people["c1"]
    world.later(hours=25).reconcile()
    known = world.job("b1")["customerCached"]
    assert (known["id"], known["name"], known["phone"]) == ("c1", "Dana", "+12125550142")
    asked = world.seller.calls["customers"]
    world.later(minutes=10).reconcile()
    assert world.seller.calls["customers"] == asked


def test_hundreds_of_customers_are_asked_for_together(world: World) -> None:
    """One call for all that the window needs."""
    for number in range(50):
        world.seller.customer(f"c{number}", given_name="A")
        world.seller.book(f"b{number}", TEN + number * DAY / 6, customer_id=f"c{number}")
    world.reconcile()
    assert (world.seller.calls["customers"], world.seller.calls["names"]) == (1, 1)

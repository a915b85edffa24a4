"""Reconciliation: repairs what is missing, overwrites nothing, and reads its windows whole."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bench.wire import recorded
from closedloop import wiring
from closedloop.square.windows import LONGEST, Span
from tests.bookings.support import utc
from tests.square.many import DAY, many
from tests.square.world import NOW, TEN, World
from tests.support.wire import wire


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

"""A reconciliation while Square fails: nothing is concluded from that, and nobody else waits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.square import errors, reconcile
from closedloop.square.windows import Span
from tests.square.many import DAY, many
from tests.square.seller import Seller
from tests.square.world import NOW, TEN, World

if TYPE_CHECKING:
    from collections.abc import Callable


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

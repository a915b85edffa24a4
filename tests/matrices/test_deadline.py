"""Slow trouble in every round and repeat: an answer of ours comes before the function's time-out.

Rounds, repeats, reads and the audit entry of a refusal share one deadline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from closedloop import wiring
from tests.matrices.test_bulk import CASE as BULK
from tests.matrices.test_bulk import move, statuses, stored
from tests.support import wire as trouble
from tests.support.actions import ActionCase, handlers
from tests.support.asking import ask
from tests.support.clock import IN_TIME, Clock
from tests.support.wire import wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.database import Database

CONFIRM = ActionCase("confirm_booking", handlers()["confirm_booking"])


@pytest.mark.thorough
@pytest.mark.parametrize("wrong", [trouble.throttle, trouble.fail, trouble.conflict])
@pytest.mark.parametrize("tries", [2, 3])
@pytest.mark.parametrize("exists", [True, False])
def test_a_slow_press_is_answered_in_time(
    case: ActionCase,
    db: Database,
    org: str,
    wrong: Callable[[Any], Any],
    monkeypatch: pytest.MonkeyPatch,
    tries: int,
    *,
    exists: bool,
) -> None:
    """Every request slow and in vain at first; asked again, it is as if once and clean."""
    if exists:
        db.put(org, case.rows)
    press, clock = case.press(org), Clock(monkeypatch)
    with wire() as watched:
        watched.always = clock.slow(wrong, tries)
        first = press.sent_to(case)
    assert clock.seconds <= IN_TIME
    assert first.status in {200, 429, 503}
    assert first.status == 200 or first.headers["Retry-After"] == "1"
    results = case.done if exists else ["NOT_FOUND"]
    assert [entry["result"] for entry in db.audit(org)] in ([], results)
    clock.seconds = 0
    again = press.sent_to(case)
    assert again.json["success"] is exists
    assert [entry["result"] for entry in db.audit(org)] == results


def test_rounds_end_with_the_time(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others who change the row each time cost the press its time, not its answer."""
    ahead, clock = int(wiring.now().timestamp() * 1_000_000) + 3_600_000_000, Clock(monkeypatch)

    def other_hands(_: object) -> None:
        clock.pass_(2.5)
        version = ahead + int(clock.seconds * 10)
        rows = [row | {"version": version} for row in CONFIRM.rows["appointments"]]
        db.put(org, {"appointments": rows})

    press = CONFIRM.press(org)
    with wire() as watched:
        watched.always = other_hands
        answer = press.sent_to(CONFIRM)
    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (429, "RATE_LIMITED", "1")
    assert len(watched.requests) == 3
    assert db.audit(org) == []
    clock.seconds = 0
    assert press.sent_to(CONFIRM).status == 200


def test_a_lost_answer_is_never_called_nothing(
    case: ActionCase, ready: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Done, the answer lost, then throttled: 503, for "nothing was done" would be untrue."""
    last = len(case.new_requests) - 1
    Clock(monkeypatch)
    press = case.press(org)
    with wire() as watched:
        watched.before = {position: lambda _: None for position in range(last + 1)}
        watched.after[last] = trouble.lose_answer
        watched.always = trouble.throttle
        first = press.sent_to(case)
    assert (first.status, first.code) == (503, "SERVICE_UNAVAILABLE")
    assert press.sent_to(case).replayed
    assert [entry["result"] for entry in ready.audit(org)] == case.done


def test_a_slow_read_is_answered_in_time(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index and the rows have one deadline too."""
    db.put(org, CONFIRM.rows)
    clock = Clock(monkeypatch)
    with wire() as watched:
        watched.always = clock.slow(trouble.throttle, tries=2)
        answer = ask("appointments", org)
    assert clock.seconds <= IN_TIME
    assert (answer.status, answer.headers["Retry-After"]) == (429, "1")


@pytest.mark.thorough
def test_many_that_take_too_long_are_done_by_a_repeat(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eleven slow commits: 503 when time is up, for some are done; the repeat does the others."""
    ids = stored(db, org, 500)
    press, clock = move(org, ids), Clock(monkeypatch)
    with wire() as watched:
        watched.always = lambda _: clock.pass_(1)
        first = press.sent_to(BULK)
    assert clock.seconds <= IN_TIME
    assert (first.status, first.code) == (503, "SERVICE_UNAVAILABLE")
    assert first.headers["Retry-After"] == "1"
    assert set(statuses(db, org).values()) == {"new", "qualified"}
    clock.seconds = 0
    again = press.sent_to(BULK)
    assert (again.status, again.json["updated"], again.json["failed"]) == (200, 500, 0)
    assert sorted(entry["row_id"] for entry in db.audit(org)) == ids

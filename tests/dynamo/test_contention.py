"""Rows that others keep changing: asked again with the row as it is, and never for ever."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from closedloop import wiring
from closedloop.core.deadline import ROUNDS
from closedloop.core.decision import StaleError
from closedloop.core.errors import RateLimitedError, RequestInProgressError
from closedloop.dynamo.idempotency import Keyed
from closedloop.dynamo.transaction import BusyError
from tests.support.actions import ActionCase, handlers
from tests.support.wire import wire

if TYPE_CHECKING:
    from tests.support.database import Database

CONFIRM = ActionCase("confirm_booking", handlers()["confirm_booking"])


def test_a_clock_that_lags_commits_above_the_row(db: Database, org: str) -> None:
    """A pending row of a later version is confirmed in two requests, above that version."""
    ahead = int(wiring.now().timestamp() * 1_000_000) + 3_600_000_000
    rows = {"appointments": [row | {"version": ahead} for row in CONFIRM.rows["appointments"]]}
    db.put(org, rows)
    with wire() as watched:
        answer = CONFIRM.press(org).sent_to(CONFIRM)
    assert answer.json["appointment"]["version"] == ahead + 1
    assert watched.requests == ["TransactWriteItems"] * 2


def test_rounds_end(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever loses every round is told to come back, and nothing is written."""
    rounds = []

    def stale(*_: object, **__: object) -> None:
        rounds.append(1)
        raise StaleError(
            {
                ("appointments", "apt_pending"): {
                    "id": "apt_pending",
                    "status": "pending",
                    "version": len(rounds),
                }
            }
        )

    monkeypatch.setattr(Keyed, "_update_record", stale)
    db.put(org, CONFIRM.rows)
    answer = CONFIRM.press(org).sent_to(CONFIRM)
    assert (answer.status, answer.code, len(rounds)) == (429, "RATE_LIMITED", ROUNDS)
    assert db.audit(org) == []


@pytest.mark.parametrize(
    ("positions", "code"),
    [({0}, "REQUEST_IN_PROGRESS"), ({0, 1}, "REQUEST_IN_PROGRESS"), ({1}, "RATE_LIMITED")],
)
def test_a_key_under_way_is_told_from_a_busy_row(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch, positions: set[int], code: str
) -> None:
    """A transaction that holds the key's record is the first request; one on the row is not."""

    def busy(*_: object) -> None:
        raise BusyError(frozenset(positions))

    monkeypatch.setattr("closedloop.dynamo.store.transact", busy)
    db.put(org, CONFIRM.rows)
    answer = CONFIRM.press(org).sent_to(CONFIRM)
    assert answer.code == code
    assert answer.status == {"REQUEST_IN_PROGRESS": 409, "RATE_LIMITED": 429}[code]
    assert answer.headers["Retry-After"] == "1"
    assert {RequestInProgressError.audited, RateLimitedError.audited} == {False}


def test_threads_of_one_process_confirm_once(db: Database, org: str) -> None:
    """Twenty presses of one key and twenty of other keys at once: one effect, one winner's key."""
    db.put(org, CONFIRM.rows)
    same = CONFIRM.press(org)
    presses = [same] * 20 + [CONFIRM.press(org) for _ in range(20)]
    answers: list[Any] = [None] * len(presses)
    gate = threading.Barrier(len(presses))

    def press(i: int) -> None:
        gate.wait()
        answers[i] = presses[i].sent_to(CONFIRM)

    threads = [threading.Thread(target=press, args=(i,)) for i in range(len(presses))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [answer for answer in answers if answer.status == 200]
    assert len({answer.text for answer in done}) == 1
    assert len([answer for answer in done if not answer.replayed]) <= 1
    assert {answer.code for answer in answers} <= {
        None, "ALREADY_CONFIRMED", "REQUEST_IN_PROGRESS", "RATE_LIMITED",
    }  # fmt: skip
    assert [entry["result"] for entry in db.audit(org)].count("ok") == 1


def test_a_context_is_of_its_moment(db: Database, org: str) -> None:
    """Each round decides at its own time, so a version never comes from a moment long gone."""
    db.put(org, CONFIRM.rows)
    press = CONFIRM.press(org)
    moments = []

    def watching(command: Any, context: Any) -> Any:
        moments.append(context.now)
        return CONFIRM.action.use_case(command, context)

    case = replace(CONFIRM, action=replace(CONFIRM.action, use_case=watching))
    press.sent_to(case)
    press.sent_to(case)
    assert moments[0] < moments[1]


def test_presses_leave_nothing_behind_on_the_client(db: Database, org: str) -> None:
    """A sandbox lives for many presses: what each adds to the shared client would slow them all."""
    db.put(org, CONFIRM.rows)
    emitter = wiring.dynamodb().meta.events._emitter  # noqa: SLF001 - botocore tells no other way
    counts = []
    for _ in range(6):
        CONFIRM.press(org).sent_to(CONFIRM)
        counts.append(len(str(emitter._handlers.__dict__)))  # noqa: SLF001
    assert counts[1] == counts[-1]

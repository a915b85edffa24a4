"""The work list: what is pending goes into the queue again, what is under way is looked up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core.decision import Actor, Context
from closedloop.core.writes import Change
from closedloop.texts.model import DISPATCH_SECONDS, Job, on_the_list
from closedloop.texts.reconcile import requeued
from closedloop.texts.verdict import Verdict, verdict
from tests.support.wire import Killed, kill
from tests.texts.world import minutes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from closedloop.core.rows import Row
    from tests.texts.world import World

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DUE = "2026-11-20T12:00:00.000Z"
JOB = Job("org", "sms_1", 2, ("leads", "lead_1"))
PENDING: Row = {"id": "sms_1", "status": "pending", "attempt": 2, "work_at": DUE}
NIGHT = datetime(2030, 1, 10, 4, 30, tzinfo=UTC)  # 22:30 in Chicago


def decided(row: Row | None) -> tuple[Verdict, tuple[Any, ...]]:
    """The verdict on a row as it was read, and the writes."""
    seen = {("sms_logs", "sms_1"): row}
    context = Context(Actor("system", "", "org", frozenset()), "settle_sms", "key", NOW, seen)
    decision = requeued(JOB, context)
    return verdict(decision.reply), decision.writes


def test_what_is_due_is_put_off_until_the_queue_has_had_its_time() -> None:
    """No longer held, and looked at again in a quarter of an hour; if nobody was faster."""
    found, writes = decided(PENDING | {"held_until": DUE, "held_for": "quiet_hours"})
    (change,) = writes
    assert found is Verdict.REQUEUED
    assert isinstance(change, Change)
    assert change.set == {
        "outbox": None,
        "held_until": None,
        "held_for": None,
        **on_the_list("sms_1", NOW + timedelta(minutes=15)),
    }
    assert change.assume == {"status": "pending", "work_at": DUE, "attempt": 2}


@pytest.mark.parametrize(
    "row",
    [
        None,
        PENDING | {"status": "sending"},
        PENDING | {"work_at": "2026-11-20T12:00:00.001Z"},
        {name: value for name, value in PENDING.items() if name != "work_at"},
    ],
    ids=["gone", "taken", "put off", "off the list"],
)
def test_what_is_not_due_any_more_is_left_alone(row: Row | None) -> None:
    """Somebody was faster and knows better."""
    assert decided(row) == (Verdict.KNOWN, ())


def meanwhile(world: World, monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> Row:
    """The row after a turn of the schedule in which a worker has the message at once."""
    put = world.queue.put

    def put_and_work(messages: list[Mapping[str, Any]]) -> list[int]:
        unsent = put(messages)
        work()
        taken.append(world.the_row())
        return unsent

    taken: list[Row] = []
    monkeypatch.setattr(world.queue, "put", put_and_work)
    world.later(seconds=DISPATCH_SECONDS + 1)
    world.settle()
    (by_the_worker,) = taken
    assert world.the_row() == by_the_worker
    return by_the_worker


def test_a_worker_that_holds_the_text_anew_is_not_overruled(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held for the night between queue and record: it stays so, and says why and until when."""
    world.at = NIGHT
    world.press_template(templateId="follow_up")
    row = meanwhile(world, monkeypatch, world.work)
    assert (row["held_for"], row["held_until"]) == ("quiet_hours", "2030-01-10T14:00:00.000Z")
    assert row["work_at"] == row["held_until"]


def test_a_worker_that_gave_the_text_back_is_not_overruled(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twilio was busy between queue and record: the worker's own time counts."""
    world.press()
    row = meanwhile(world, monkeypatch, lambda: world.work("refuse"))
    assert row["status"] == "pending"


def test_a_worker_that_sent_the_text_is_not_overruled(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent between queue and record: it is sent, once."""
    world.press()
    assert meanwhile(world, monkeypatch, world.work)["status"] == "sending"
    world.later(minutes=1)
    world.settle()
    assert world.twilio.calls == 1


def test_a_turn_that_dies_before_its_record_is_made_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is in the queue twice then, and the text goes out once."""
    world.press()
    world.later(seconds=DISPATCH_SECONDS + 1)
    with monkeypatch.context() as patch:
        patch.setattr("closedloop.texts.handlers.settle.apply", kill)
        with pytest.raises(Killed):
            world.settle()
    world.later(minutes=1)
    world.settle()
    assert [world.work() for _ in range(3)] == ["done", "done", "idle"]
    assert len(world.twilio.accepted) == 1


def test_a_text_that_nobody_reports_is_followed_for_a_day(world: World) -> None:
    """Twilio has it and says nothing more: asked every quarter of an hour, then no longer."""
    world.press()
    world.dispatch()
    world.work()
    for _ in minutes(world, 23 * 60, every=20):
        assert "work" in world.the_row()
    for _ in minutes(world, 2 * 60, every=20):
        pass
    row = world.the_row()
    assert (row["status"], "work" in row) == ("sending", False)

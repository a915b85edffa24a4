"""A text on its way: accepted, dispatched, claimed, handed over, reported."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger

from tests.support.wire import Wire, wire
from tests.texts.world import NUMBER, PHONE, minutes

if TYPE_CHECKING:
    from tests.texts.world import World


def test_a_text_is_delivered(world: World) -> None:
    """Button, stream, queue, Twilio, callbacks: one text, and the row follows it."""
    answer = world.press("See you at nine")
    told = answer.json["sms"]
    assert told["version"] == world.the_row()["version"]
    assert told | {"id": 0, "sentAt": 0, "version": 0} == {
        "id": 0, "leadId": "lead_1", "message": "See you at nine", "status": "pending",
        "segments": 1, "sentAt": 0, "version": 0,
    }  # fmt: skip
    world.dispatch()
    assert world.work() == "done"
    (message,) = world.twilio.accepted
    assert (message.to, message.sender, message.body) == (PHONE, NUMBER, "See you at nine")
    assert world.the_row()["status"] == "sending"
    for status in ("sent", "delivered"):
        assert world.report(message, status) == 204
        assert world.the_row()["status"] == status
    row = world.the_row()
    assert row["vendor_id"] == message.sid
    assert {"work", "work_at", "attention", "outbox"}.isdisjoint(row)


def test_requests_of_the_worker(world: World) -> None:
    """Rows in one request, the claim, the record; settings and breaker are kept at hand."""
    for _ in range(2):
        world.press()
        world.dispatch()
        with wire() as watched:
            assert world.work() == "done"
    assert watched.requests == ["BatchGetItem", "TransactWriteItems", "TransactWriteItems"]


@pytest.mark.parametrize("times", [2, 5])
def test_a_message_that_comes_twice_sends_once(world: World, times: int) -> None:
    """The stream and the queue deliver at least once; the claim keeps the text single."""
    world.press()
    for _ in range(times):
        world.dispatch()
    assert [world.work() for _ in range(times)] == ["done"] * times
    assert len(world.twilio.accepted) == 1


def test_what_twilio_did_not_take_is_tried_again(world: World) -> None:
    """429 or no connection: back to pending, later once more, and then it is sent."""
    world.press()
    world.dispatch()
    assert world.work("refuse") == "comes back"
    assert world.the_row()["status"] == "pending"
    world.dispatch()  # the row's return to pending must not put a second message in
    assert len(world.queue.messages) == 1
    world.later(seconds=31)
    assert world.work() == "done"
    assert len(world.twilio.accepted) == 1


def test_after_five_receives_a_person_decides(world: World) -> None:
    """The dead letters' function fails the row; the button sends it as the next attempt."""
    world.press()
    world.dispatch()
    for _ in range(4):
        assert world.work("refuse") == "comes back"
        world.later(seconds=31)
    world.close_breaker()
    assert world.work("refuse") == "comes back"
    world.later(seconds=31)
    assert world.work() == "idle"
    world.bury()
    row = world.the_row()
    assert (row["status"], row["error"]["code"]) == ("failed", "GIVEN_UP")
    assert "attention" in row
    assert world.retry(row["id"]).json["sms"]["attempt"] == 2
    world.dispatch()
    assert world.work() == "done"
    assert [each.attempt for each in world.twilio.accepted] == [(row["id"], "2")]


def throttled(world: World, times: int) -> None:
    """So many receives in which no worker ran, as when all of the account's are busy."""
    for _ in range(times):
        assert world.queue.receive() is not None
        world.later(seconds=181)


def test_receives_without_a_worker_are_no_tries(world: World) -> None:
    """Given up by the queue and never tried: the list brings it back, and it is sent."""
    world.press()
    world.dispatch()
    throttled(world, 5)
    assert world.queue.receive() is None
    world.bury()
    row = world.the_row()
    assert (row["status"], "attention" in row) == ("pending", False)
    for _ in minutes(world, 3):
        world.work_off()
    assert len(world.twilio.accepted) == 1


def test_tries_are_counted_over_messages(world: World) -> None:
    """Three in vain, two receives without a worker, and two in vain: five tries are all."""
    world.press()
    world.dispatch()
    for _ in range(3):
        assert world.work("refuse") == "comes back"
        world.later(seconds=31)
    throttled(world, 2)
    assert world.work() == "idle"
    world.bury()
    assert world.the_row()["status"] == "pending"
    for _ in minutes(world, 3):
        pass
    for _ in range(2):
        assert world.work("refuse") == "comes back"
        world.later(seconds=31)
    throttled(world, 3)
    assert world.work() == "idle"
    world.bury()
    row = world.the_row()
    assert (row["status"], row["error"]["code"], row["tries"]) == ("failed", "GIVEN_UP", 5)
    world.retry(row["id"])
    assert "tries" not in world.the_row()


def test_a_defect_before_the_claim_is_a_try(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text over which the worker stumbles each time ends with a person, not in a circle."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    world.press()
    world.dispatch()
    with monkeypatch.context() as patch:
        patch.setattr("closedloop.texts.delivery.claim", broken)
        for _ in range(5):
            assert world.work() == "comes back"
            world.later(seconds=181)
    assert world.work() == "idle"
    world.bury()
    assert world.the_row()["error"]["code"] == "GIVEN_UP"


def test_a_number_whose_queue_is_full_waits_here(world: World) -> None:
    """21611: no failure and no try; ten minutes later it goes on, and the breaker stays shut."""
    for number in range(6):
        world.press(f"text {number}")
    world.dispatch()
    assert [world.work("full") for _ in range(6)] == ["done"] * 6
    rows = world.rows()
    assert {(row["status"], row["held_for"]) for row in rows} == {("pending", "queue_full")}
    assert not [row for row in rows if "tries" in row or "attention" in row]
    world.later(seconds=6)
    assert world.press("another").status == 200
    for _ in minutes(world, 12):
        world.dispatch()
        world.work_off()
    assert len(world.twilio.accepted) == 7


def test_a_permanent_refusal_is_shown(world: World) -> None:
    """A landline stays a landline: failed with the reason, no further try."""
    world.press()
    world.dispatch()
    assert world.work("reject") == "done"
    row = world.the_row()
    assert row["error"] == {"code": "21614", "reason": "The number is no mobile number."}
    assert world.work() == "idle"


@pytest.mark.parametrize("mode", ["hang", "lose"])
def test_an_unclear_call_is_never_repeated(world: World, mode: str) -> None:
    """A time-out after the call: unknown, and only Twilio's own word settles it."""
    world.press()
    world.dispatch()
    assert world.work(mode) == "done"
    assert world.the_row()["status"] == "unknown"
    assert world.retry(world.the_row()["id"]).code == "INVALID_TRANSITION"
    for _ in minutes(world, 20):
        world.dispatch()
        world.work()
    row = world.the_row()
    if mode == "hang":
        assert (row["status"], row["vendor_id"]) == ("sending", world.twilio.accepted[0].sid)
    else:
        assert (row["status"], row["error"]["code"]) == ("failed", "NOT_ACCEPTED")
    assert world.twilio.calls == 1


def test_a_list_that_lags_is_no_proof(world: World) -> None:
    """Not listed for six minutes, and yet accepted: nobody calls it lost before the grace."""
    world.twilio.lag = timedelta(minutes=6)
    world.press()
    world.dispatch()
    world.work("hang")
    statuses = [world.the_row()["status"] for _ in minutes(world, 12)]
    assert set(statuses) == {"unknown", "sending"}
    assert statuses[-1] == "sending"


@pytest.mark.parametrize("mode", ["kill before", "kill after"])
def test_a_worker_that_dies_at_the_call_leaves_no_doubt_behind(world: World, mode: str) -> None:
    """Claimed and dead: nobody calls again, the look-up settles it."""
    world.press()
    world.dispatch()
    assert world.work(mode) == "killed"
    for _ in minutes(world, 20):
        world.work()
    expected = "sending" if mode == "kill after" else "failed"
    assert world.the_row()["status"] == expected
    assert world.twilio.calls == 1


def test_a_message_that_comes_back_after_a_death_calls_nobody(world: World) -> None:
    """The queue hands it over again before anybody has looked: unknown, and no second call."""
    world.press()
    world.dispatch()
    assert world.work("kill after") == "killed"
    world.later(seconds=181)
    assert world.work() == "done"
    assert world.the_row()["status"] == "unknown"
    assert world.twilio.calls == 1


def test_the_dead_letters_never_call_a_claimed_text_failed(world: World) -> None:
    """Given up by the queue after a worker died at the call: Twilio may have it, so unknown."""
    world.press()
    world.dispatch()
    assert world.work("kill after") == "killed"
    world.queue.dead, world.queue.messages = world.queue.messages, []
    world.later(seconds=181)
    world.bury()
    assert world.the_row()["status"] == "unknown"
    assert world.retry(world.the_row()["id"]).code == "INVALID_TRANSITION"


def test_a_second_worker_waits_for_the_first(world: World) -> None:
    """Claimed a moment ago by somebody who may be at it still: the message comes back."""
    world.press()
    world.dispatch()
    world.dispatch()
    assert world.work("kill before") == "killed"
    assert world.work() == "comes back"
    assert world.the_row()["status"] == "sending"


def test_two_workers_at_once_send_once(world: World) -> None:
    """Both have read the pending row; one claims it between the other's read and claim."""
    world.press()
    world.dispatch()
    world.dispatch()
    with wire() as watched:
        watched.after[0] = lambda: _other_worker(world, watched)
        world.work()
    assert world.twilio.calls == 1
    assert world.twilio.broken_rules == []
    assert world.the_row()["status"] == "sending"


def _other_worker(world: World, watched: Wire) -> None:
    watched.after.clear()
    assert world.work() == "done"


def test_two_like_texts_stay_two(world: World) -> None:
    """One was taken, one was lost: the look-up gives the one that is there to one of them."""
    for mode in ("hang", "lose"):
        world.press("the same words")
        world.dispatch()
        while world.work(mode) != "idle":
            pass
    for _ in minutes(world, 20):
        pass
    assert sorted(row["status"] for row in world.rows()) == ["failed", "sending"]


def test_a_lost_message_is_found_on_the_list(world: World) -> None:
    """The stream's record was given up: the work list puts the text into the queue."""
    world.press()
    for _ in minutes(world, 6):
        pass
    assert world.work() == "done"
    assert len(world.twilio.accepted) == 1


def test_the_log_tells_no_secret(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Button, dispatch, worker, callback, customer's text: no words, no number, no token."""
    lines = StringIO()
    logger = Logger(service=f"test-{uuid4()}", stream=lines, location=None)
    monkeypatch.setattr("closedloop.edge.log._logger", lambda: logger)
    world.press("the secret words")
    world.dispatch()
    world.work()
    world.report(world.twilio.accepted[0], "delivered")
    world.text("my secret answer")
    monkeypatch.setattr(world.twilio, "send", None)  # a defect: its error is logged too
    world.press("the secret words")
    world.dispatch()
    assert world.work() == "comes back"
    written = lines.getvalue()
    assert written.count('"action"') >= 8
    for secret in ("secret", PHONE[1:], NUMBER[1:], "signature"):
        assert secret not in written


def test_a_lost_callback_is_looked_up(world: World) -> None:
    """Twilio's word that never came is asked for."""
    world.press()
    world.dispatch()
    world.work()
    world.twilio.accepted[0].status = "delivered"
    for _ in minutes(world, 17):
        pass
    assert world.the_row()["status"] == "delivered"

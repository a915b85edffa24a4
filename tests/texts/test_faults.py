"""The fault plan: each function is killed, or its database throttled, at every request it makes.

Afterwards the same event comes again, as the queue, the stream, Twilio or the schedule would send
it, and things must end as they end without trouble.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from closedloop import wiring
from closedloop.texts import wiring as texts
from tests.support.clock import IN_TIME, Clock
from tests.support.wire import BEFORE, TROUBLES, Killed, throttle, wire
from tests.texts.world import minutes

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.texts.world import World

each_trouble = pytest.mark.parametrize("name", TROUBLES)


def broken(step: Callable[[], object], position: int, name: str) -> int:
    """Do a step with trouble at one of its requests; how many requests it made."""
    with wire() as watched:
        watched.break_at(position, name)
        with suppress(Killed):
            step()
    return len(watched.requests)


@each_trouble
@pytest.mark.parametrize("mode", ["accept", "hang", "lose", "reject"])
@pytest.mark.parametrize("position", range(3))
def test_the_worker(world: World, position: int, mode: str, name: str) -> None:
    """Rows, claim, record: at most one call to Twilio, and the text comes to an end."""
    world.press()
    world.dispatch()
    wiring.forget_rows()
    wiring.org_settings(world.org)
    texts.breaker().row()
    broken(lambda: world.work(mode), position, name)
    world.close_breaker()
    for _ in minutes(world, 28, every=4):
        world.dispatch()
        world.work_off()
        world.bury()
    for message in world.twilio.accepted:
        world.report(message, "delivered")
    assert world.twilio.broken_rules == []
    assert world.twilio.calls <= 1
    row = world.the_row()
    assert row["status"] == ("delivered" if world.twilio.accepted else "failed")


@each_trouble
@pytest.mark.parametrize("status", ["delivered", "undelivered"])
def test_a_callback(world: World, status: str, name: str) -> None:
    """Broken once, repeated by Twilio: the row says what Twilio said."""
    world.press()
    world.dispatch()
    world.work()
    (message,) = world.twilio.accepted
    broken(lambda: world.report(message, status), 0, name)
    assert world.report(message, status) == 204
    assert world.the_row()["status"] == status


@pytest.mark.parametrize("name", ["throttled", "conflict", "fault of the database"])
def test_a_callback_while_the_database_is_away(world: World, name: str) -> None:
    """Nothing is written, so Twilio is asked to come again: 5xx, never 2xx."""
    world.press()
    world.dispatch()
    world.work()
    with wire() as watched, pytest.MonkeyPatch.context() as patch:
        patch.setattr("closedloop.dynamo.transaction.time.sleep", lambda _: None)
        watched.always = BEFORE[name]
        assert world.report(world.twilio.accepted[0], "delivered") == 503
    assert world.the_row()["status"] == "sending"


def test_a_slow_database_leaves_time_to_answer_twilio(world: World) -> None:
    """Many requests, each slow and in vain at first: 503 in time, and the repeat is taken."""
    form = {
        "MessageSid": "SM" + "1" * 32,
        "From": "+13125550143",
        "To": "+13125550100",
        "Body": "STOP",
    }
    with wire() as watched, pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        watched.always = clock.slow(throttle, tries=2)
        assert world.webhook("twilio_inbound", "inbound", form)["statusCode"] == 503
        assert clock.seconds <= IN_TIME
    assert world.rows() == []
    assert world.webhook("twilio_inbound", "inbound", form)["statusCode"] == 200


@each_trouble
@pytest.mark.parametrize("words", ["STOP", "YES", "Hello"])
@pytest.mark.parametrize("position", range(7))
def test_a_customers_text(world: World, position: int, words: str, name: str) -> None:
    """Broken anywhere, repeated by Twilio: one row, one effect, one entry for each row."""
    row = {"id": "apt_1", "status": "pending", "start": "x", "contact_phone": "+13125550143"}
    world.db.put(world.org, {"appointments": [row]})
    variables = {"date": "May 3", "time": "9:00 AM", "appointmentId": "apt_1"}
    world.press_template(templateId="appointment_confirmation", variables=variables)
    world.dispatch()
    world.work()
    before = len(world.db.audit(world.org))
    form = {
        "MessageSid": "SM" + "1" * 32,
        "From": "+13125550143",
        "To": "+13125550100",
        "Body": words,
    }
    broken(lambda: world.webhook("twilio_inbound", "inbound", form), position, name)
    answer = world.webhook("twilio_inbound", "inbound", form)
    assert answer["statusCode"] == 200
    assert ("<Message>" in answer["body"]) == (words == "YES")
    assert len([row for row in world.rows() if row["direction"] == "in"]) == 1
    changed = {"STOP": 2, "YES": 4, "Hello": 1}[words]
    assert len(world.db.audit(world.org)) == before + changed
    status = world.db.rows("appointments", world.org)[0]["status"]
    assert status == ("confirmed" if words == "YES" else "pending")
    (lead,) = world.db.rows("leads", world.org)
    assert ("opted_out_at" in lead) == (words == "STOP")


@each_trouble
@pytest.mark.parametrize("position", range(3))
def test_the_schedule(world: World, position: int, name: str) -> None:
    """A look-up that is broken off is made again a minute later."""
    world.press()
    world.dispatch()
    world.work("hang")
    world.later(seconds=91)
    broken(world.settle, position, name)
    for _ in minutes(world, 3):
        pass
    row = world.the_row()
    assert (row["status"], row["vendor_id"]) == ("sending", world.twilio.accepted[0].sid)


@each_trouble
@pytest.mark.parametrize("position", range(2))
def test_the_dead_letters(world: World, position: int, name: str) -> None:
    """Broken once, it comes again and is failed for a person to see."""
    world.press()
    world.dispatch()
    for _ in range(5):
        world.work("refuse")
        world.later(seconds=31)
    world.queue.dead, world.queue.messages = world.queue.messages, []
    broken(world.bury, position, name)
    world.bury()
    assert world.the_row()["error"]["code"] == "GIVEN_UP"


@each_trouble
@pytest.mark.parametrize("position", range(2))
def test_dead_letters_that_nobody_tried(world: World, position: int, name: str) -> None:
    """Broken once, it comes again; the text is as good as before and is sent."""
    world.press()
    world.dispatch()
    world.queue.dead, world.queue.messages = world.queue.messages, []
    broken(world.bury, position, name)
    world.bury()
    for _ in minutes(world, 8, every=2):
        world.work_off()
    assert len(world.twilio.accepted) == 1


@each_trouble
@pytest.mark.parametrize("mode", ["refuse", "full", "reject"])
def test_the_budget_of_what_twilio_did_not_take(world: World, mode: str, name: str) -> None:
    """Given back in the transaction that says so: whatever breaks, neither lost nor doubled."""
    world.press()
    world.dispatch()
    wiring.forget_rows()
    wiring.org_settings(world.org)
    texts.breaker().row()
    broken(lambda: world.work(mode), 2, name)
    world.close_breaker()
    for _ in minutes(world, 28, every=4):
        world.dispatch()
        world.work_off()
        world.bury()
    assert world.spent() == len(world.twilio.accepted)

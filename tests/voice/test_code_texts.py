"""The text of a code: first in its queue, the last one alone, never too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.voice.world import PHONE

if TYPE_CHECKING:
    from tests.voice.world import World


def test_the_text_goes_first_and_ends_with_the_code(world: World) -> None:
    """It is transactional, quiet hours do not hold it, and Twilio gives it up with the code."""
    world.later(hours=14)  # midnight: quiet hours, and what is for tomorrow is for today
    call = world.call()
    call.ask("send-otp", holdId=call.hold(date="tomorrow"))
    world.later(minutes=4)
    world.code()
    (message,) = world.twilio.accepted
    assert message.to == PHONE
    assert message.seconds == pytest.approx(360, abs=2)
    assert world.the_row()["category"] == "transactional"


def test_a_code_that_waited_too_long_is_not_sent(world: World) -> None:
    """The breaker held its text until the code was over: a stale code would only mislead."""
    call = world.call()
    call.ask("send-otp", holdId=call.hold())
    world.dispatch()
    world.later(minutes=11)
    world.work_off()
    assert world.twilio.accepted == []
    assert world.the_row()["error"]["code"] == "CODE_OVER"


def test_only_the_last_code_is_sent(world: World) -> None:
    """Two wait; the first was replaced before it could go out."""
    call = world.call()
    hold = call.hold()
    call.ask("send-otp", holdId=hold)
    world.later(seconds=61)
    call.ask("send-otp", holdId=hold)
    code = world.code()
    assert len(world.twilio.accepted) == 1
    assert call.ask("verify-otp", holdId=hold, code=code).startswith("You're booked")


def test_a_code_whose_fate_is_unknown_is_found_at_twilio(world: World) -> None:
    """By all of its text but the digits; it is not sent twice."""
    call = world.call()
    call.ask("send-otp", holdId=call.hold())
    world.dispatch()
    world.work("hang")
    assert world.the_row()["status"] == "unknown"
    world.later(seconds=120)
    world.settle()
    assert "vendor_id" in world.the_row()
    assert len(world.twilio.accepted) == 1


def test_a_rejected_code_marks_no_hold_as_a_person(world: World) -> None:
    """A number that Twilio knows as stopped is kept as such; the hold is no contact."""
    call = world.call()
    call.ask("send-otp", holdId=call.hold())
    world.dispatch()
    world.work("reject: stopped")
    assert world.the_row()["status"] == "failed"
    assert all("opted_out_at" not in row for row in world.holds())
    rows = {row["id"]: row for row in world.db.rows("orgs", world.org)}
    assert "opted_out_at" in rows[f"optout#{PHONE}"]


def test_the_text_speaks_the_businesss_language(world: World) -> None:
    """Spanish where the business does; both fit into one text."""
    world.set(locale="es")
    call = world.call()
    call.ask("send-otp", holdId=call.hold())
    world.code()
    assert "es su clave de Bright Finish" in world.twilio.accepted[-1].body
    assert world.the_row()["segments"] == 1

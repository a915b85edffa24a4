"""How long a code and its hold are good, how many are sent, and to whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from closedloop.core.decision import Actor, Context
from closedloop.core.times import iso, parse
from closedloop.voice import verifying
from closedloop.voice.errors import OtpExpiredError
from tests.voice.codes import kept
from tests.voice.world import DAYS, PHONE

if TYPE_CHECKING:
    from tests.voice.world import World


def test_a_code_ends_after_ten_minutes(world: World) -> None:
    """At its end it is over, though the hold was kept as long; a moment before it counts."""
    call = world.call()
    world.later(minutes=0)
    hold = call.hold()
    call.ask("send-otp", holdId=hold)
    code, until = world.code(), parse(kept(world)["until"])
    world.at = until
    assert call.ask("verify-otp", holdId=hold, code=code).startswith("There is no code")
    assert [row["hold_status"] for row in world.holds()] == ["held"]
    world.at = until - timedelta(seconds=1)
    assert call.ask("verify-otp", holdId=hold, code=code).startswith("You're booked")


def test_its_end_is_no_part_of_it() -> None:
    """At that very millisecond it is over."""
    until = datetime(2029, 6, 1, 15, 10, tzinfo=UTC)
    row = {"until": iso(until), "attempts": 0}
    actor = Actor("voice", "", "org", frozenset())
    before, then = (Context(actor, "x", "k", until - timedelta(milliseconds=n)) for n in (1, 0))
    assert verifying._valid(row, before) is row  # noqa: SLF001 - the clock of a rule never stands
    with pytest.raises(OtpExpiredError):
        verifying._valid(row, then)  # noqa: SLF001 - same


def test_a_new_code_kills_the_old_one(world: World) -> None:
    """The old one is a wrong one from then on; of eight digits two are alike by no chance."""
    world.set(code_length=8)
    call = world.call()
    hold = call.hold()
    call.ask("send-otp", holdId=hold)
    old = world.code()
    world.later(seconds=61)
    call.ask("send-otp", holdId=hold)
    new = world.code()
    assert "didn't match" in call.ask("verify-otp", holdId=hold, code=old)
    assert call.ask("verify-otp", holdId=hold, code=new).startswith("You're booked")


def test_asked_again_within_a_minute_nothing_new_is_sent(world: World) -> None:
    """A model that repeats itself with a new id gets the first success."""
    call = world.call()
    hold = call.hold()
    first, code = call.ask("send-otp", holdId=hold), world.code()
    assert call.ask("send-otp", holdId=hold) == first
    assert world.code() == code
    assert len(world.twilio.accepted) == 1


def test_sending_keeps_the_hold_once(world: World) -> None:
    """At minute eight the hold is kept to the code's end; the next code ends with the hold."""
    call = world.call()
    hold = call.hold()
    world.later(minutes=8)
    call.ask("send-otp", holdId=hold)
    (row,) = world.holds()
    first = parse(row["held_until"])
    assert first == parse(kept(world)["until"])
    world.later(minutes=5)
    call.ask("send-otp", holdId=hold)
    (row,) = world.holds()
    assert parse(row["held_until"]) == first == parse(kept(world)["until"])
    code = world.code()
    world.at = first
    line = call.ask("verify-otp", holdId=hold, code=code)
    assert line.startswith("That time was released")
    assert world.booked() == []


def test_an_expired_hold_books_nothing_and_frees_nothing(world: World) -> None:
    """Somebody else has its time by now, and keeps it."""
    call, other = world.call(), world.call("+13125550199")
    hold = call.hold()
    call.ask("send-otp", holdId=hold)
    code = world.code()
    world.later(minutes=16)
    theirs = other.hold()
    assert call.ask("verify-otp", holdId=hold, code=code).startswith("That time was released")
    other.ask("send-otp", holdId=theirs)
    assert other.ask("verify-otp", holdId=theirs, code=world.code()).startswith("You're booked")


def test_three_codes_in_ten_minutes(world: World) -> None:
    """The fourth to one number is refused, whichever hold it is for; ten minutes later it goes."""
    for _ in range(3):
        call = world.call()
        hold = call.hold()
        assert call.ask("send-otp", holdId=hold).startswith("I sent")
        call.ended()
        world.later(seconds=150)
    call = world.call()
    hold = call.hold()
    refused = world.tool("send_otp", holdId=hold)
    assert (refused.status, refused.code) == (429, "RATE_LIMITED")
    assert int(refused.headers["Retry-After"]) <= 600
    assert "too much at once" in call.ask("send-otp", holdId=hold)
    world.later(minutes=4)
    assert call.ask("send-otp", holdId=hold).startswith("I sent")


def test_numbers_in_a_row_are_not_pumped(world: World) -> None:
    """Of twenty numbers in a row within an hour ten are texted, and no bill explodes."""
    world.set(resources=[{"id": "bay", "name": "Bay", "capacity": 20}])
    world.set(limits={"holds_per_hour": 100})
    answers = []
    for n in range(20):
        call = world.call(f"+1312555{3000 + n}")
        answers.append(call.ask("send-otp", holdId=call.hold()).startswith("I sent"))
    assert answers == [True] * 10 + [False] * 10
    world.code()
    assert len(world.twilio.accepted) == 10


def test_an_orgs_codes_of_a_day_are_capped(world: World) -> None:
    """By its setting, until the next day."""
    world.set(limits={"codes_per_day": 1})
    call = world.call()
    assert call.ask("send-otp", holdId=call.hold()).startswith("I sent")
    other = world.call("+17735550101")
    hold = other.hold(time="4 p.m.")
    assert "too much at once" in other.ask("send-otp", holdId=hold)


@pytest.mark.parametrize(
    "number",
    [
        "+442079460958",
        "+18005550100",
        "+19005550100",
        "+18765550100",
        "+14165550100",
        "+4490912345",
    ],
)
def test_other_countries_and_costly_numbers_get_no_code(world: World, number: str) -> None:
    """Refused before anything is held; nothing is sent."""
    line = world.call(number).ask("reserve-atomic", date="tomorrow", time="3 p.m.")
    assert line == "I can't text that number. Is there a mobile I can use?"
    assert world.holds() == []


def test_a_business_may_text_other_countries(world: World) -> None:
    """By its setting; costly numbers of theirs stay refused."""
    world.set(text_countries=["US", "GB"])
    call = world.call("+447400123456")
    assert call.ask("send-otp", holdId=call.hold()).startswith("I sent")
    line = world.call("+449098790000").ask("reserve-atomic", date="tomorrow", time="4 p.m.")
    assert line.startswith("I can't text that number")


def test_a_number_that_sent_stop_is_told_so(world: World) -> None:
    """Nothing is sent, and the agent asks for another number."""
    world.db.put(
        world.org,
        {"orgs": [{"id": f"optout#{PHONE}", "opted_out_at": "2029-05-01T10:00:00.000Z"}]},
    )
    call = world.call()
    assert "STOP" in call.ask("send-otp", holdId=call.hold())
    assert world.rows() == []


def test_ten_codes_a_day(world: World) -> None:
    """The eleventh to a number waits until the first is a day old."""
    world.set(
        opening_hours={day: [["00:00", "24:00"]] for day in DAYS}, limits={"sms_per_person": 20}
    )
    for _ in range(10):
        call = world.call()
        assert call.ask("send-otp", holdId=call.hold(date="2029-06-03")).startswith("I sent")
        call.ended()
        world.later(minutes=20)
    call = world.call()
    refused = world.tool("send_otp", holdId=call.hold(date="2029-06-03"))
    assert (refused.status, refused.code) == (429, "RATE_LIMITED")
    assert int(refused.headers["Retry-After"]) == pytest.approx(86_400 - 200 * 60, abs=60)
    world.later(hours=21)
    call = world.call()
    assert call.ask("send-otp", holdId=call.hold(date="2029-06-03")).startswith("I sent")

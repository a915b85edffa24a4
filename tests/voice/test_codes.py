"""Codes: sent to the hold's number alone, worked out and never kept, and good for one booking."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from closedloop.core.decision import Actor, Context
from closedloop.core.times import iso, parse
from closedloop.texts import codes
from closedloop.voice import verifying
from closedloop.voice.errors import OtpExpiredError
from tests.support.actions import CODE_KEY
from tests.voice.world import DAYS, PHONE

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from tests.voice.world import World


def wrong(code: str) -> str:
    """Another code of the same length."""
    return str((int(code) + 1) % 10 ** len(code)).zfill(len(code))


def kept(world: World) -> Row:
    """The one row of a code."""
    (row,) = world.db.rows("codes", world.org)
    return row


def test_from_availability_to_an_appointment(world: World) -> None:
    """Asked, held, proved, booked: contact, cells, hold and code in one commit."""
    call = world.call()
    line = call.ask("check-availability", date="tomorrow")
    slot = re.findall(r"\[([^\]]+)\]", line)[0]
    assert line.startswith("I have Saturday, June 2nd at 9 AM [")
    hold = call.hold(slotId=slot, name="Ana Ortiz")
    call.ask("send-otp", holdId=hold)
    line = call.ask("verify-otp", holdId=hold, code=world.code())
    assert line == (
        "You're booked for Saturday, June 2nd at 9 AM, Hand wash. "
        "Next, I can send a confirmation by text."
    )
    (booked,) = world.booked()
    (contact,) = world.db.rows("contacts", world.org)
    assert (booked["id"], booked["status"], booked["source"]) == (hold, "confirmed", "voice")
    assert (contact["phone"], contact["name"], contact["lead_status"]) == (
        PHONE, "Ana Ortiz", "booked",
    )  # fmt: skip
    assert booked["contact_id"] == contact["id"]
    assert [row["hold_status"] for row in world.holds()] == ["converted"]
    assert "used_at" in kept(world)


def test_the_code_is_in_the_text_and_nowhere_else(world: World) -> None:
    """No row, journal entry, answer or event holds it: the text's row has its digits covered."""
    world.set(code_length=8)
    call = world.call()
    hold = call.hold()
    answers = [call.ask("send-otp", holdId=hold), call.last.text]
    code = world.code()
    assert len(code) == 8
    answers += [call.ask("verify-otp", holdId=hold, code=code), call.last.text]
    stored = json.dumps([world.db.snapshot(world.org), world.db.audit(world.org)], default=str)
    assert code not in stored + "".join(answers)
    (text,) = world.rows()
    assert text["message"].startswith("******** is your code")
    assert kept(world)["nonce"] not in "".join(answers)


def test_a_code_follows_from_nonce_and_key_alone(world: World) -> None:
    """Who has the table and not the key has nothing; each sending has a nonce of its own."""
    call = world.call()
    call.ask("send-otp", holdId=call.hold())
    row, code = kept(world), world.code()
    assert codes.code(row, CODE_KEY) == code
    others = {codes.code(row | {"nonce": f"{n}"}, CODE_KEY) for n in range(50)}
    assert len(others) > 40
    assert codes.code(row, "another key") != code or codes.code(row, "a third key") != code


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


@pytest.mark.parametrize(
    ("length", "said"),
    [(4, "{0} {1} {2} {3}"), (4, "{0}{1}-{2}{3}."), (4, "the code is {0}, {1}, {2}, {3}")],
)
def test_a_code_is_read_however_it_is_written(world: World, length: int, said: str) -> None:
    """Digits apart, with dashes or words around them."""
    call = world.call()
    hold = call.hold()
    call.ask("send-otp", holdId=hold)
    line = call.ask("verify-otp", holdId=hold, code=said.format(*world.code()[:length]))
    assert line.startswith("You're booked")


def test_a_code_in_words_or_as_a_number_is_read(world: World) -> None:
    """Recognisers write words; a model may send a number: one that lost a zero is asked again."""
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    call = world.call()
    hold = call.hold()
    call.ask("send-otp", holdId=hold)
    code = world.code()
    number = call.ask("verify-otp", holdId=hold, code=int("0" + wrong(code)[1:]))
    assert "caught" in number
    said = " ".join("oh" if each == "0" else words[int(each)] for each in code)
    assert call.ask("verify-otp", holdId=hold, code=said).startswith("You're booked")


@pytest.mark.parametrize("said", ["banana", "48", "4 8 3 9 1", "four eight banana nine", "?"])
def test_what_cannot_be_read_costs_no_attempt(world: World, said: str) -> None:
    """Five times over, and the right code still counts."""
    call = world.call()
    hold = call.hold()
    call.ask("send-otp", holdId=hold)
    for _ in range(5):
        assert "Once more" in call.ask("verify-otp", holdId=hold, code=said)
    assert kept(world)["attempts"] == 0
    assert call.ask("verify-otp", holdId=hold, code=world.code()).startswith("You're booked")


def test_three_wrong_codes_lock_it_and_free_nothing(world: World) -> None:
    """The fourth is not looked at, though it is right; a new code is good again."""
    call = world.call()
    hold = call.hold()
    call.ask("send-otp", holdId=hold)
    code = world.code()
    lines = [call.ask("verify-otp", holdId=hold, code=wrong(code)) for _ in range(3)]
    assert ["two more tries" in lines[0], "one more try" in lines[1], "last try" in lines[2]] == [
        True, True, True,
    ]  # fmt: skip
    assert "locked" in call.ask("verify-otp", holdId=hold, code=code)
    assert [row["hold_status"] for row in world.holds()] == ["held"]
    call.ask("send-otp", holdId=hold)  # at once: who has guessed means a new one
    assert call.ask("verify-otp", holdId=hold, code=world.code()).startswith("You're booked")


def test_bare_callers_get_statuses(world: World) -> None:
    """422 with the attempts that are left, then 429; each attempt is in the journal as refused."""
    hold = world.tool("reserve_atomic", date="tomorrow", time="15:00", phone=PHONE).json["hold"]
    world.tool("send_otp", holdId=hold["id"])
    code = world.code()
    answers = [world.tool("verify_otp", holdId=hold["id"], code=wrong(code)) for _ in range(4)]
    assert [(each.status, each.code, each.json.get("attemptsLeft")) for each in answers] == [
        (422, "OTP_INVALID", 2), (422, "OTP_INVALID", 1), (422, "OTP_INVALID", 0),
        (429, "OTP_LOCKED", None),
    ]  # fmt: skip
    results = [entry["result"] for entry in world.db.audit(world.org)]
    assert results[-4:] == ["OTP_INVALID"] * 3 + ["OTP_LOCKED"]


def test_a_repeated_guess_counts_once(world: World) -> None:
    """The platform's retry of a wrong code is the same attempt and the same answer."""
    call = world.call()
    hold = call.hold()
    call.ask("send-otp", holdId=hold)
    code = wrong(world.code())
    first, text = call.ask("verify-otp", tool_id="same", holdId=hold, code=code), call.last.text
    assert call.ask("verify-otp", tool_id="same", holdId=hold, code=code) == first
    assert (call.last.text, kept(world)["attempts"]) == (text, 1)


def test_ten_right_ones_at_once_book_once(world: World) -> None:
    """One appointment; the others are told that it is booked."""
    hold = world.tool("reserve_atomic", date="tomorrow", time="15:00", phone=PHONE).json["hold"]
    world.tool("send_otp", holdId=hold["id"])
    code = world.code()
    with ThreadPoolExecutor(10) as pool:
        asked = [pool.submit(world.tool, "verify_otp", holdId=hold["id"], code=code)] + [
            pool.submit(world.tool, "verify_otp", holdId=hold["id"], code=code) for _ in range(9)
        ]
    statuses = sorted(each.result().status for each in asked)
    assert statuses == [200, *[409] * 9]
    assert len(world.booked()) == 1


def test_ten_wrong_ones_at_once_are_three(world: World) -> None:
    """Each is counted before its result is known to anybody; the fourth finds the code locked."""
    hold = world.tool("reserve_atomic", date="tomorrow", time="15:00", phone=PHONE).json["hold"]
    world.tool("send_otp", holdId=hold["id"])
    code = world.code()
    with ThreadPoolExecutor(10) as pool:
        asked = [
            pool.submit(world.tool, "verify_otp", holdId=hold["id"], code=wrong(code))
            for _ in range(10)
        ]
    found = sorted(str(each.result().code) for each in asked)
    assert found.count("OTP_INVALID") == kept(world)["attempts"] == 3
    assert set(found) <= {"OTP_INVALID", "OTP_LOCKED", "RATE_LIMITED"}
    assert world.tool("verify_otp", holdId=hold["id"], code=code).code == "OTP_LOCKED"


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

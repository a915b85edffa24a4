"""Codes: sent to the hold's number alone, worked out and never kept, and good for one booking."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from closedloop.texts import codes
from tests.support.actions import CODE_KEY
from tests.voice.codes import kept
from tests.voice.world import PHONE

if TYPE_CHECKING:
    from tests.voice.world import World


def wrong(code: str) -> str:
    """Another code of the same length."""
    return str((int(code) + 1) % 10 ** len(code)).zfill(len(code))


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

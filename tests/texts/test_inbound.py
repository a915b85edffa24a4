"""What a customer's text does, once, whatever order and however often it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.texts.world import PHONE

if TYPE_CHECKING:
    from tests.texts.world import World

ASKING = {
    "templateId": "appointment_confirmation",
    "variables": {"date": "May 3", "time": "9:00 AM", "appointmentId": "apt_1"},
}


def ask_for_confirmation(world: World, status: str = "pending") -> None:
    """A text that asks Ana to confirm her appointment, sent."""
    row = {"id": "apt_1", "status": status, "start": "2029-06-20T15:00:00Z", "contact_phone": PHONE}
    world.db.put(world.org, {"appointments": [row]})
    assert world.press_template(**ASKING).status == 200
    world.dispatch()
    assert world.work() == "done"


def appointment(world: World) -> str:
    """The appointment's status."""
    return str(world.db.rows("appointments", world.org)[0]["status"])


def opted_out(world: World) -> bool:
    """Whether the number is written down as opted out."""
    rows = {row["id"]: row for row in world.db.rows("orgs", world.org)}
    return "opted_out_at" in rows.get(f"optout#{PHONE}", {})


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("C", "confirmed"),
        ("Confirm", "confirmed"),
        ("yes!", "confirmed"),
        ("S\u00ed", "confirmed"),
        ("x", "cancelled"),
        ("CANCEL", "cancelled"),
        ("no", "cancelled"),
    ],
)
def test_an_answer_does_what_it_says(world: World, words: str, status: str) -> None:
    """By the button's own rule: audited, versioned, answered, and nobody opts out by it."""
    ask_for_confirmation(world)
    said = world.text(words)
    assert appointment(world) == status
    assert status in said
    assert not opted_out(world)
    entries = [one for one in world.db.audit(world.org) if one["action"] == "twilio_inbound"]
    assert sorted(each["table"] for each in entries) == ["appointments", *["sms_logs"] * 3]
    assert {each["actor"]["id"] for each in entries} == {"sms:lead_1"}


def test_a_text_that_comes_twice_counts_once(world: World) -> None:
    """The same MessageSid again: the same answer, and nothing more."""
    ask_for_confirmation(world)
    first = world.text("YES", sid="SM" + "1" * 32)
    before = world.db.snapshot(world.org), world.db.audit(world.org)
    assert world.text("YES", sid="SM" + "1" * 32) == first
    assert (world.db.snapshot(world.org), world.db.audit(world.org)) == before


def test_a_question_is_answered_once(world: World) -> None:
    """A YES that follows NO answers nothing, and CANCEL then is the carriers' word."""
    ask_for_confirmation(world)
    world.text("NO")
    assert "<Message>" not in world.text("YES")
    assert appointment(world) == "cancelled"
    world.text("CANCEL")
    assert opted_out(world)


def test_who_has_confirmed_may_still_cancel(world: World) -> None:
    """The text says X to cancel, and tomorrow it is still on the phone."""
    ask_for_confirmation(world)
    world.text("C")
    world.later(days=1)
    assert "cancelled" in world.text("X")
    assert appointment(world) == "cancelled"
    assert not opted_out(world)


@pytest.mark.parametrize(
    ("status", "words", "said"),
    [
        ("confirmed", "YES", "already"),
        ("cancelled", "YES", "is cancelled"),
        ("cancelled", "CANCEL", "already"),
        ("completed", "NO", "is over"),
    ],
)
def test_an_answer_that_comes_too_late_is_said(
    world: World, status: str, words: str, said: str
) -> None:
    """The appointment stays as it is and the customer learns how it is."""
    ask_for_confirmation(world, status)
    assert said in world.text(words)
    assert appointment(world) == status


@pytest.mark.parametrize(
    "word",
    ["STOP", "stopall", "Unsubscribe", "END", "quit", "REVOKE", "OptOut", "CANCEL", " stop. "],
)
def test_stop_words(world: World, word: str) -> None:
    """Each opts the number and everybody with it out, and is answered by Twilio, not by us."""
    world.db.put(world.org, {"contacts": [{"id": "con_1", "name": "Ana O.", "phone": PHONE}]})
    assert "<Message>" not in world.text(word)
    assert opted_out(world)
    people = world.db.rows("leads", world.org) + world.db.rows("contacts", world.org)
    assert all("opted_out_at" in each for each in people)


def test_what_twilio_took_for_a_stop_is_one(world: World) -> None:
    """Advanced Opt-Out knows words of other languages; it has answered and blocked already."""
    world.text("pare por favor", OptOutType="STOP")
    assert opted_out(world)


@pytest.mark.parametrize("words", ["stop please", "Do you stop at eight?", "yes", "", "👍"])
def test_other_words_stand_in_the_thread(world: World, words: str) -> None:
    """Nothing happens but that the staff can read them."""
    assert "<Message>" not in world.text(words)
    assert not opted_out(world)
    (row,) = world.rows()
    assert (row["message"], row["status"], row["direction"]) == (words, "received", "in")
    assert row["person_key"].startswith("leads#lead_1#")


def test_a_stranger_becomes_a_contact_once(world: World) -> None:
    """Two texts of a number that nobody knows: one contact, two texts in its thread."""
    other = {"From": "+13125550188"}
    for _ in range(2):
        world.webhook("twilio_inbound", "inbound", _form(world, "Hello?", **other))
    (contact,) = world.db.rows("contacts", world.org)
    assert (contact["phone"], contact["lead_status"]) == ("+13125550188", "new")
    assert {row["person_id"] for row in world.rows()} == {contact["id"]}


def test_help_is_the_orgs_own_word(world: World) -> None:
    """Where the org has one and Twilio has not answered."""
    assert "<Message>" not in world.text("HELP")
    world.set(sms_help="Bright Finish & Co: call 312 555 0100")
    assert "Bright Finish &amp; Co" in world.text("info")
    assert "<Message>" not in world.text("HELP", OptOutType="HELP")


def _form(world: World, body: str, **form: str) -> dict[str, str]:
    sid = f"SM{len(world.rows()):032}"
    return {"MessageSid": sid, "To": "+13125550100", "Body": body, **form}


def test_a_text_is_kept_up_to_twilios_longest(world: World) -> None:
    """Far more, which only a holder of the key can send, would not fit into a row."""
    world.text("a" * 200_000)
    (row,) = world.rows()
    assert row["message"] == "a" * 1600

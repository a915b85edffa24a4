"""Replies to the text that confirms a visit: each acts on one visit, and the right one."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.bookings.cells import Stretch
from closedloop.edge.apply import apply, by_itself
from closedloop.texts import confirmation
from tests.texts.world import PHONE

if TYPE_CHECKING:
    from tests.texts.world import World

TUESDAY, WEDNESDAY = "2029-06-05T20:00:00Z", "2029-06-06T15:00:00Z"
_LANE = {"lane": "bay", "shape": [0, 4, 0]}


def visit(world: World, number: int, start: str, status: str = "confirmed", **more: Any) -> None:
    """A visit of Ana's, with its cells."""
    row = {
        "id": f"apt_{number}", "status": status, "contact_id": "con_1", "contact_name": "Ana",
        "contact_phone": PHONE, "start": start, "end": start.replace(":00:00Z", ":59:00Z"),
        "time_zone": "America/Chicago", **_LANE, **more,
    }  # fmt: skip
    stretch = Stretch.stored(row)
    assert stretch is not None
    cells = [
        {"id": cell, use: row["id"], "expires_at": stretch.forget_at}
        for cell, use in stretch.uses().items()
    ]
    contact = {"id": "con_1", "name": "Ana", "phone": PHONE, "lead_status": "booked"}
    rows = {"appointments": [row], "appointment_holds": cells, "contacts": [contact]}
    world.db.put(world.org, rows)


def told(world: World, *numbers: int, locale: str | None = None) -> None:
    """The text about each of these visits is sent, in this order."""
    for number in numbers:
        context = by_itself("send_confirmation", world.org, f"key-{number}", who="voice")
        apply(context, partial(confirmation.send, f"apt_{number}", locale=locale))
        world.dispatch()
        world.work_off()


def states(world: World) -> dict[str, str]:
    """The status of each visit."""
    rows = world.db.rows("appointments", world.org)
    return {row["id"][4:]: row["status"] for row in sorted(rows, key=lambda row: row["id"])}


def said(answer: str) -> str:
    """What we answer, without the markup around it."""
    return "".join(re.findall(r"<Message>(.*)</Message>", answer))


def test_x_cancels_and_frees_the_time(world: World) -> None:
    """All cells of the visit are free again; nobody opts out by it."""
    visit(world, 1, TUESDAY)
    told(world, 1)
    assert said(world.text("X")) == "Your appointment is cancelled."
    assert states(world) == {"1": "cancelled"}
    cells = world.db.rows("appointment_holds", world.org)
    assert [cell for cell in cells if "visit" in cell] == []
    assert "opted_out_at" not in world.db.rows("contacts", world.org)[0]


def test_cancel_is_both_where_the_carrier_says_so(world: World) -> None:
    """The visit is off, the number opted out; nothing is answered, for it could not arrive."""
    visit(world, 1, TUESDAY)
    told(world, 1)
    assert said(world.text("CANCEL", OptOutType="STOP")) == ""
    assert states(world) == {"1": "cancelled"}
    assert "opted_out_at" in world.db.rows("contacts", world.org)[0]


def test_stop_cancels_nothing(world: World) -> None:
    """It is no answer, whatever was asked."""
    visit(world, 1, TUESDAY)
    told(world, 1)
    world.text("STOP", OptOutType="STOP")
    assert states(world) == {"1": "confirmed"}


def test_with_two_visits_the_person_is_asked_which(world: World) -> None:
    """By the order of the visits, not of the texts; the answer acts on that one alone."""
    visit(world, 1, WEDNESDAY)
    visit(world, 2, TUESDAY)
    told(world, 1, 2)
    assert said(world.text("X")) == (
        "Which appointment do you mean?"
        " Reply X1: Tue, Jun 5 3:00 PM CDT; X2: Wed, Jun 6 10:00 AM CDT"
    )
    assert states(world) == {"1": "confirmed", "2": "confirmed"}
    assert said(world.text("X2")) == "Your appointment is cancelled."
    assert states(world) == {"1": "cancelled", "2": "confirmed"}
    assert said(world.text("X")) == "Your appointment is cancelled."
    assert states(world) == {"1": "cancelled", "2": "cancelled"}


@pytest.mark.parametrize("words", ["1", "c 1", "#1", "C1."])
def test_a_number_alone_is_enough(world: World, words: str) -> None:
    """Right after the question; the word may differ from the first one."""
    visit(world, 1, TUESDAY, "pending")
    visit(world, 2, WEDNESDAY, "pending")
    told(world, 1, 2)
    world.text("C")
    assert "confirmed" in said(world.text(words))
    assert states(world) == {"1": "confirmed", "2": "pending"}


@pytest.mark.parametrize("words", ["3", "X9", "2 people", "12"])
def test_a_number_that_was_not_offered_is_words(world: World, words: str) -> None:
    """Nothing is done by a guess."""
    visit(world, 1, TUESDAY)
    visit(world, 2, WEDNESDAY)
    told(world, 1, 2)
    world.text("X")
    assert said(world.text(words)) == ""
    assert states(world) == {"1": "confirmed", "2": "confirmed"}


def test_a_number_means_nothing_once_something_else_was_said(world: World) -> None:
    """The staff ask how many people come: 2 is then no visit."""
    visit(world, 1, TUESDAY)
    visit(world, 2, WEDNESDAY)
    told(world, 1, 2)
    world.text("X")
    world.press("How many of you will come?")
    world.dispatch()
    world.work_off()
    assert said(world.text("2", From=PHONE)) == ""
    assert states(world) == {"1": "confirmed", "2": "confirmed"}


def test_a_dead_visit_is_said_to_be_dead(world: World) -> None:
    """The last text was about a visit that staff have cancelled: the other one stays."""
    visit(world, 1, TUESDAY)
    visit(world, 2, WEDNESDAY)
    told(world, 1, 2)
    visit(world, 2, WEDNESDAY, "cancelled")
    assert said(world.text("C")) == ("This appointment is cancelled. Please call us for a new one.")
    assert states(world) == {"1": "confirmed", "2": "cancelled"}


def test_a_visit_that_is_over_needs_no_choice(world: World) -> None:
    """Of two texts the newer one is about the only visit that is to come."""
    visit(world, 1, "2029-06-01T16:00:00Z")
    visit(world, 2, WEDNESDAY)
    told(world, 1, 2)
    world.later(hours=3)
    assert said(world.text("X")) == "Your appointment is cancelled."
    assert states(world) == {"1": "confirmed", "2": "cancelled"}


def test_the_same_answer_twice_is_told_how_it_is(world: World) -> None:
    """Another text with the same word: one effect."""
    visit(world, 1, TUESDAY)
    told(world, 1)
    assert "confirmed already" in said(world.text("C"))
    assert "confirmed already" in said(world.text("C"))
    assert states(world) == {"1": "confirmed"}


def test_it_may_be_too_late_to_cancel_by_text(world: World) -> None:
    """Exactly the notice is enough, a minute less is not; then the business wants to be called."""
    visit(world, 1, TUESDAY)
    told(world, 1)
    world.set(cancel_notice_minutes=60, phone="+13125550100")
    world.at = world.at.replace(month=6, day=5, hour=19, minute=1)
    assert said(world.text("X")) == (
        "It is too late to cancel by text. Please call us. +13125550100"
    )
    assert states(world) == {"1": "confirmed"}
    world.at = world.at.replace(hour=18, minute=59, second=59)
    assert said(world.text("X")) == "Your appointment is cancelled."


def test_the_question_lasts_until_the_visit(world: World) -> None:
    """Three weeks later X still cancels what the text offered."""
    visit(world, 1, "2029-06-29T20:00:00Z")
    told(world, 1)
    world.later(days=21)
    assert said(world.text("X")) == "Your appointment is cancelled."


def test_a_spanish_text_is_answered_in_spanish(world: World) -> None:
    """And takes Spanish words."""
    visit(world, 1, TUESDAY)
    told(world, 1, locale="es")
    assert said(world.text("cancelar")) == "Su cita queda cancelada."


def test_the_orgs_own_words_are_taken(world: World) -> None:
    """What the text offers is understood, and so are the usual words."""
    visit(world, 1, TUESDAY)
    world.set(sms_answers={"confirm": "OK", "cancel": "DROP"})
    told(world, 1)
    assert "confirmed already" in said(world.text("ok"))
    assert said(world.text("Drop!")) == "Your appointment is cancelled."

"""A question names an appointment of the person who is asked: the answer changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.texts.world import PHONE

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from tests.support.actions import Answer
    from tests.texts.world import World


def ask(world: World, appointment_id: str = "apt_1") -> Answer:
    """The button, with a question about this appointment."""
    variables = {"date": "May 3", "time": "9:00 AM", "appointmentId": appointment_id}
    return world.press_template(templateId="appointment_confirmation", variables=variables)


def booked(world: World, **fields: str) -> None:
    """An appointment of somebody."""
    row: Row = {"id": "apt_1", "status": "pending", "start": "x", **fields}
    world.db.put(world.org, {"appointments": [row]})


def fields_of(refused: Answer) -> list[str]:
    """The fields that a refusal names."""
    return [each["path"] for each in refused.json["fields"]]


@pytest.mark.parametrize(
    "whose", [{"contact_phone": PHONE}, {"contact_phone": "+13125550999", "contact_id": "lead_1"}]
)
def test_a_persons_own_appointment_is_asked_about(world: World, whose: dict[str, str]) -> None:
    """By the number, or by the person that the appointment names."""
    booked(world, **whose)
    assert ask(world).status == 200


@pytest.mark.parametrize(
    "whose", [{}, {"contact_phone": "+13125550999"}, {"contact_id": "contact_y"}]
)
def test_nobody_is_asked_about_a_strangers_appointment(world: World, whose: dict[str, str]) -> None:
    """The stranger could cancel it; nothing is kept, so the key is still good."""
    booked(world, **whose)
    refused = ask(world)
    assert (refused.status, refused.code) == (400, "VALIDATION_FAILED")
    assert fields_of(refused) == ["variables.appointmentId"]
    assert world.rows() == []


def test_a_lead_without_a_number_owns_no_appointment_without_one(world: World) -> None:
    """Two missing numbers are no match."""
    world.db.put(world.org, {"leads": [{"id": "lead_1", "name": "Ana", "status": "new"}]})
    booked(world)
    assert ask(world).code == "VALIDATION_FAILED"


@pytest.mark.parametrize("value", ["", "👍" * 300, "a b", "apt_1\n", "x" * 65])
def test_what_is_no_id_is_refused_by_name(world: World, value: str) -> None:
    """It would become a key of the database: 400 at its field, never a fault."""
    refused = ask(world, value)
    assert (refused.status, refused.code) == (400, "VALIDATION_FAILED")
    assert fields_of(refused) == ["variables.appointmentId"]

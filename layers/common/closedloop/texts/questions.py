"""Questions in texts: a reply changes the appointment that its question names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop.core.command import ROW_ID
from closedloop.core.errors import NotFoundError, ValidationFailedError

if TYPE_CHECKING:
    from closedloop.core.decision import Context
    from closedloop.core.rows import Row
    from closedloop.texts.wording import Language

VARIABLE = "appointmentId"
_PATH = f"variables.{VARIABLE}"


def question(kind: str, appointment_id: str, person: Row, context: Context) -> dict[str, str]:
    """What a text asks this person: about an appointment of their own and of nobody else.

    Raises:
        ValidationFailedError: the id is no id, or the appointment is another person's.
        NotFoundError: there is no such appointment.
    """
    if not ROW_ID.fullmatch(appointment_id):
        raise ValidationFailedError.at(_PATH, "This is not the id of an appointment.")
    appointment = context.need("appointments", appointment_id)
    if "deleted_at" in appointment:
        raise NotFoundError
    if not _theirs(appointment, person):
        raise ValidationFailedError.at(_PATH, "This appointment is another person's.")
    return {"kind": kind, "appointment_id": appointment_id}


def about(appointment: Row, words: Language) -> dict[str, str]:
    """What the text asks that confirms an appointment; good for the time that it names."""
    return {
        "kind": "confirm_appointment",
        "appointment_id": appointment["id"],
        "start": appointment["start"],
        "language": words,
    }


def _theirs(appointment: Row, person: Row) -> bool:
    number = appointment.get("contact_phone")
    same_number = number is not None and number == person.get("phone")
    return same_number or bool(appointment.get("contact_id") == person["id"])

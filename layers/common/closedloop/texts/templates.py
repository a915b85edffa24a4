"""Texts with gaps: the ones that every org has, its own, and how the gaps are filled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from closedloop.business.defaults import setting
from closedloop.core.errors import NotFoundError, ValidationFailedError
from closedloop.core.words import blank

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.core.rows import Row
    from closedloop.texts.wording import Language

LONGEST = 1600
"""Characters that one text may have (Twilio's limit)."""

_GAP = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Template:
    """A text with `{gaps}`. One that `asks` leaves a question open, which a reply answers."""

    id: str
    text: str
    category: str
    asks: str | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of its gaps, in order, each once."""
        return tuple(dict.fromkeys(_GAP.findall(self.text)))

    def fill(self, known: Mapping[str, str], given: Mapping[str, str]) -> str:
        """The text with every gap filled, from the request first.

        Raises:
            ValidationFailedError: a gap stays empty, a variable has no gap, or it gets too long.
        """
        for name in given:
            if name not in self.variables:
                raise ValidationFailedError.at(f"variables.{name}", "The template has no such gap.")
        values = {**known, **given}
        for name in self.variables:
            if blank(values.get(name, "")):
                raise ValidationFailedError.at(f"variables.{name}", "This variable is missing.")
        text = _GAP.sub(lambda gap: values[gap[1]].strip(), self.text)
        if len(text) > LONGEST:
            raise ValidationFailedError.at("variables", f"The text is over {LONGEST} characters.")
        return text


BUILT_IN = (
    Template(
        "appointment_confirmation",
        "Hi {firstName}, see you {date} at {time} at {place}."
        " Reply {confirmWord} to confirm, {cancelWord} to cancel.",
        "transactional",
        asks="confirm_appointment",
    ),
    Template(
        "follow_up",
        "Hi {firstName}, it is {business}. Do you have any questions about your quote?"
        " Reply here, or STOP to hear no more.",
        "marketing",
    ),
    Template(
        "payment_reminder",
        "Hi {firstName}, your payment of {amount} to {business} is due on {dueDate}.",
        "transactional",
    ),
    Template(
        "work_completed",
        "Hi {firstName}, {business} is done: {service}. Thank you for coming to us!",
        "transactional",
    ),
)

_SPANISH = (
    Template(
        "appointment_confirmation_es",
        "Hola {firstName}, su cita: {date}, {time}, {place}."
        " Responda {confirmWord} para confirmar, {cancelWord} para cancelar.",
        "transactional",
        asks="confirm_appointment",
    ),
)
"""What stands in for an org's own Spanish text. Staff, who write as they like, choose none."""


def templates(settings: Row) -> dict[str, Template]:
    """The templates of an org by id: its own, which may replace those that every org has."""
    own = setting(settings, "templates")
    return {each.id: each for each in BUILT_IN} | {name: _own(name, own[name]) for name in own}


def template(settings: Row, template_id: str) -> Template:
    """The template with this id.

    Raises:
        NotFoundError: the org has none.
    """
    try:
        return templates(settings)[template_id]
    except KeyError:
        raise NotFoundError("There is no such template.") from None


def in_language(settings: Row, template_id: str, words: Language) -> Template:
    """A template in a language: the org's own `<id>_es` or ours in Spanish, else the English one.

    Raises:
        NotFoundError: the org has none.
    """
    spanish = {each.id: each for each in _SPANISH} | templates(settings)
    found = spanish.get(f"{template_id}_{words}")
    return found or template(settings, template_id)


def known_of(person: Row, settings: Row) -> dict[str, str]:
    """What is known without being sent, by gap.

    Of the person `name` and `firstName`; of the org `business`, `place` (its name and address) and
    the words that answer a question, `confirmWord` and `cancelWord`.
    """
    name = str(person.get("name") or "").strip()
    business = str(settings.get("name") or "").strip()
    address = str(settings.get("address") or "").strip()
    words = answers(settings)
    return {
        "name": name,
        "firstName": name.partition(" ")[0],
        "business": business,
        "place": ", ".join(filter(None, (business, address))),
        "confirmWord": words["confirm"],
        "cancelWord": words["cancel"],
    }


def answers(settings: Row) -> dict[str, str]:
    """The words by which our texts let people `confirm` and `cancel`.

    CANCEL is not among them unless an org wants it so: the carriers take it for an opt-out.
    """
    words: dict[str, str] = setting(settings, "sms_answers")
    return words


def _own(template_id: str, stored: Any) -> Template:
    """An org's own template: its text alone, or text, category and what it asks."""
    fields = stored if isinstance(stored, dict) else {"text": stored}
    category = fields.get("category", "marketing")
    return Template(template_id, str(fields["text"]), category, fields.get("asks"))

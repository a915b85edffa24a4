"""What counts as blank, and what a name may hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from closedloop.core.words import PersonName, blank

NAME: TypeAdapter[str] = TypeAdapter(PersonName)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\t\r\n",
        "\x00",
        "\x07\x1b",
        "\u200b",
        "\u200d\u200c",
        "\ufeff",
        "\u2060",
        "\u00a0",
        "\u3000",
        "\u2028",
        "\u3164",
        "\u2800",
        "\u202e",
        "\u00ad",
        " \u200b\x00 ",
    ],
)
def test_what_shows_nothing_is_blank(text: str) -> None:
    """Spaces, controls, zero-width characters and fillers, alone or together."""
    assert blank(text)


@given(st.text(), st.sampled_from("aé中م👍.7"), st.text())
def test_one_visible_character_is_enough(before: str, seen: str, after: str) -> None:
    """Whatever stands around it."""
    assert not blank(before + seen + after)


@pytest.mark.parametrize(
    "name", ["Ana Ortiz", "José", "李小龍", "مريم", "O'Neil-Smith 3rd", "Zoë 👩‍🔧", "רות\u200f"]
)
def test_names_of_people_are_names(name: str) -> None:
    """In any script, with joined emoji and the marks that a script needs."""
    assert NAME.validate_python(name) == name


@pytest.mark.parametrize(
    "name",
    ["", " ", "\u200b", "A\x00na", "Ana\n", "Ana\u202eevil", "\u2066Ana", "A\u2028na", "a" * 201],
)
def test_what_hides_or_reverses_is_no_name(name: str) -> None:
    """Nothing to see, a control character, a line break, an embedding, override or isolate."""
    with pytest.raises(ValidationError):
        NAME.validate_python(name)

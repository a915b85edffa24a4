"""What the names of answers hold: every one is said, and said down to its leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest
from pydantic import ValidationError

from closedloop.people.contacts import UpdateContact
from closedloop.texts import twilio_codes
from docs.api import answers
from docs.api.replies import Answer
from docs.api.schemas import Schemas
from docs.api.values import SmsStatus
from tests.api.support import document, follow, operations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.api.support import Json

SCHEMAS: Json = document()["components"]["schemas"]

OPEN = {"AlsoWritten.after", "AuditEntry.after", "AuditEntry.before", "Job"}
"""Objects of which the description says that they hold whatever rows hold."""


def held(operation: str, *names: str, button: bool = False) -> Json:
    """The properties of an answer with these names, beside `success`."""
    answer = Answer([dict.fromkeys(names, True)])
    found: Json = answers.body(operation, answer, Schemas(), button=button)["properties"]
    return {name: found[name] for name in names}


def leaves(schema: Json, at: str) -> Iterator[str]:
    """Where a schema leaves open what stands there."""
    words = {"$ref", "allOf", "anyOf", "oneOf", "const", "enum", "patternProperties"}
    said = schema.keys() & words
    is_open = schema.get("type", "object") == "object" and "properties" not in schema
    if schema.get("additionalProperties") is True or (not said and is_open):
        of_values = schema.get("additionalProperties")
        yield from leaves(of_values, f"{at}.*") if isinstance(of_values, dict) else [at]
    for name, each in schema.get("properties", {}).items():
        yield from leaves(each, f"{at}.{name}")
    for word in ("allOf", "anyOf", "oneOf", "prefixItems"):
        for each in schema.get(word, []):
            yield from leaves(each, at) if each.keys() != {"required"} else []
    if schema.get("type") == "array" and "prefixItems" not in schema:
        yield from leaves(schema.get("items", {}), f"{at}[]")


def test_every_answer_is_typed_down_to_its_leaves() -> None:
    """Nothing is any object, any list or anything, but for what says so."""
    shown = {
        f"{route} {status}": follow(answer)["content"]["application/json"]["schema"]
        for route, operation in operations()
        for status, answer in operation["responses"].items()
        if operation["security"]
    }
    everything = shown | SCHEMAS
    assert {at for name, each in everything.items() for at in leaves(each, name)} == OPEN


def test_a_leaf_that_is_left_open_would_be_noticed() -> None:
    """The check above can fail: an untyped field, an open object, a list of anything."""
    schema = {"properties": {"a": {}, "b": {"type": "object"}, "c": {"type": "array"}}}
    assert set(leaves(schema, "x")) == {"x.a", "x.b", "x.c[]"}


def test_a_name_that_nobody_knows_stops_the_generator() -> None:
    """And says where to say it."""
    with pytest.raises(answers.NoSchemaError, match=r"move_lead .*`weather`.*docs/api/answers.py"):
        held("move_lead", "weather")


def test_a_read_shows_a_row_whole_and_a_button_a_part() -> None:
    """A new button or view with known names needs nothing but its own code."""
    assert held("some_view", "lead") == {"lead": {"$ref": "#/components/schemas/Lead"}}
    part = {"$ref": "#/components/schemas/LeadPart"}
    assert held("some_button", "lead", "leads", button=True) == {
        "lead": part,
        "leads": {"type": "array", "items": part},
    }
    assert SCHEMAS["LeadPart"]["required"] == ["id", "version"]
    assert SCHEMAS["LeadPart"]["properties"] == SCHEMAS["Lead"]["properties"]


def test_a_button_may_say_what_is_always_there() -> None:
    """Beside the part of a row that any button answers."""
    appointment = held("confirm_booking", "appointment", button=True)["appointment"]
    assert appointment == {
        "allOf": [{"$ref": "#/components/schemas/AppointmentPart"}],
        "required": ["status", "confirmed_at", "confirmed_by"],
    }


def test_every_line_about_one_operation_is_used() -> None:
    """A button that is gone or renamed leaves nothing behind."""
    routes = [operation for _, operation in operations() if operation["security"]]
    names = {each["operationId"].partition("_by_")[0] for each in routes}
    lines = [*answers.SURE, *(line for line in answers.NAMES if "." in line)]
    assert {line.partition(".")[0] for line in lines} <= names


@pytest.mark.parametrize("field", sorted(UpdateContact.model_fields.keys() - {"id"}))
def test_a_field_that_the_button_clears_may_be_null_in_its_answer(field: str) -> None:
    """And no other."""
    try:
        cleared = field in UpdateContact.model_validate({"id": "con_1", field: None}).fields
    except ValidationError:
        cleared = False
    shown = SCHEMAS["ContactPart"]["properties"].get(field, {})
    assert ({"type": "null"} in shown.get("anyOf", [])) == cleared


def test_every_status_of_a_text_is_known() -> None:
    """Whatever Twilio says becomes one of them."""
    known = set(get_args(get_args(SmsStatus.__value__)[0]))
    lower = twilio_codes._LOWER  # noqa: SLF001 - the table of moves
    moves = {each for status in lower for each in (status, *twilio_codes.before(status))}
    assert moves | {"pending", "received"} == known

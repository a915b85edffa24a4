"""What answers hold: all of it has a name, and is said down to its leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest
from pydantic import ValidationError
from typing_extensions import TypedDict

from closedloop.core.decision import Decision, Reply
from closedloop.edge.request import ROLES
from closedloop.people.contacts import UpdateContact
from closedloop.texts import twilio_codes
from closedloop.texts.rows import SmsStatus
from docs.api import answers
from docs.api.schemas import Schemas
from tests.api.support import document, follow, operations, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from closedloop.people.rows import Lead
    from tests.api.support import Json

SCHEMAS: Json = document()["components"]["schemas"]

OPEN = {"Fields", "SquareEvent"}
"""Of which the description says that they hold whatever rows hold, or what a vendor sends."""


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
        if operation["security"] and "content" in follow(answer)
    }
    everything = shown | SCHEMAS
    assert {at for name, each in everything.items() for at in leaves(each, name)} == OPEN


def test_a_leaf_that_is_left_open_would_be_noticed() -> None:
    """The check above can fail: an untyped field, an open object, a list of anything."""
    schema = {"properties": {"a": {}, "b": {"type": "object"}, "c": {"type": "array"}}}
    assert set(leaves(schema, "x")) == {"x.a", "x.b", "x.c[]"}


def nameless(schema: Any, at: str) -> Iterator[str]:
    """Where an object or one of several is written out instead of being referred to by its name."""
    for name, each in schema.items() if isinstance(schema, dict) else []:
        inner = [each] if isinstance(each, dict) else each if isinstance(each, list) else []
        for part in inner:
            if isinstance(part, dict) and part.keys() & {"properties", "allOf", "oneOf"}:
                yield f"{at}.{name}"
            yield from nameless(part, f"{at}.{name}")


def test_every_object_of_an_answer_or_a_body_has_a_name() -> None:
    """A client's generator makes one type of each, and no type for one answer alone."""
    bodies = {
        f"{i}": {"schema": each["schema"]}
        for i, each in enumerate(within(document()["paths"]))
        if "schema" in each
    }
    assert bodies
    assert [at for i, each in bodies.items() for at in nameless(each, i)] == []
    inner = {name: each.get("properties", {}) for name, each in SCHEMAS.items()}
    assert [at for name, each in inner.items() for at in nameless(each, name)] == []


def test_an_object_without_a_name_would_be_noticed() -> None:
    """In a list, and as one of several."""
    unnamed = {"type": "object", "properties": {}}
    lists = {"schema": {"type": "array", "items": unnamed}}
    several = {"schema": {"anyOf": [{"$ref": "#"}, unnamed]}}
    assert list(nameless(lists, "a")) == ["a.schema.items"]
    assert list(nameless(several, "a")) == ["a.schema.anyOf"]


class Moved(TypedDict):
    """The lead is moved."""

    lead: Lead


def test_a_reply_is_one_schema_that_begins_with_success() -> None:
    """By the type's own name, with the rows in it by theirs."""
    schemas = Schemas()
    assert answers.Answer(Moved).schema(schemas) == {"$ref": "#/components/schemas/Moved"}
    assert schemas.found["Moved"] == {
        "description": "The lead is moved.",
        "type": "object",
        "properties": {
            "success": {"const": True, "type": "boolean"},
            "lead": {"$ref": "#/components/schemas/Lead"},
        },
        "required": ["success", "lead"],
    }
    assert schemas.found["Lead"] == SCHEMAS["Lead"]


def _says_nothing() -> Decision:
    return Decision((), Reply({}))


def _a_dict() -> dict[str, Any]:
    return {}


def test_a_rule_without_a_type_stops_the_generator() -> None:
    """And is named."""
    with pytest.raises(answers.UntypedError, match=r"_says_nothing .* `-> Decision\[...\]`"):
        answers.of_use_case(_says_nothing)
    with pytest.raises(answers.UntypedError, match=r"_a_dict .* TypedDict"):
        answers.of_view(_a_dict)


def test_fields_are_described_by_their_docstrings() -> None:
    """Their own, and those of the type that a type builds on."""
    words = "When Twilio sent it; until that is known, when it was written."
    for name in ("SmsMessage", "FailedSms"):
        assert SCHEMAS[name]["properties"]["sentAt"]["description"] == words


def test_the_roles_are_those_of_the_edge() -> None:
    """Nobody has a role that the description does not know."""
    assert set(SCHEMAS["Role"]["enum"]) == ROLES


@pytest.mark.parametrize("field", sorted(UpdateContact.model_fields.keys() - {"id"}))
def test_a_field_that_the_button_clears_may_be_null_in_its_answer(field: str) -> None:
    """And no other."""
    try:
        cleared = field in UpdateContact.model_validate({"id": "con_1", field: None}).fields
    except ValidationError:
        cleared = False
    shown = SCHEMAS["ChangedContact"]["properties"].get(field, {})
    assert ({"type": "null"} in shown.get("anyOf", [])) == cleared


def test_every_status_of_a_text_is_known() -> None:
    """Whatever Twilio says becomes one of them."""
    known = set(get_args(get_args(SmsStatus.__value__)[0]))
    lower = twilio_codes._LOWER  # noqa: SLF001 - the table of moves
    moves = {each for status in lower for each in (status, *twilio_codes.before(status))}
    assert moves | {"pending", "received"} == known

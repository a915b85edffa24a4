"""The description of the API is whole: every route, every reference, every key."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # comes with cfn-lint

from closedloop.edge.http import Action
from docs.api.asked import SIGNED
from tests.api.support import document, follow, misfits, operations, parameters, within
from tests.support.actions import handlers
from tests.support.template import functions, routes

KEY_HEADERS = {("header", "X-Idempotency-Key"), ("header", "Idempotency-Key")}
BY_ROUTE = dict(operations())
OURS = [
    route for route, each in BY_ROUTE.items() if any("Staff" in need for need in each["security"])
]
"""Routes that our users call; the others speak a vendor's format."""

each_operation = pytest.mark.parametrize("route", OURS)


def test_every_route_of_the_template_is_described() -> None:
    """And nothing is described that the template does not deploy."""
    deployed = {f"{method} {path}" for name in functions() for method, path in routes(name)}
    assert set(BY_ROUTE) == deployed


def test_every_reference_leads_somewhere() -> None:
    """A reader follows any $ref to an object."""
    references = [each for each in within(document()) if "$ref" in each]
    assert references
    assert all(isinstance(follow(each), dict) for each in references)


def test_names_of_operations_are_unique() -> None:
    """A client generator makes one function of each operation."""
    names = [operation["operationId"] for operation in BY_ROUTE.values()]
    assert len(set(names)) == len(names)


@each_operation
def test_a_button_takes_the_key_and_a_read_does_not(route: str) -> None:
    """Both headers on what changes something, none of them on the rest."""
    buttons = {
        f"{method} {path}"
        for name, handler in handlers().items()
        if isinstance(handler, Action)
        for method, path in routes(name)
    }
    taken = {(each["in"], each["name"]) for each in parameters(BY_ROUTE[route])}
    assert taken & KEY_HEADERS == (KEY_HEADERS if route in buttons else set())


@pytest.mark.parametrize("header", ["X-Idempotency-Key", "Idempotency-Key"])
def test_a_key_is_8_to_128_visible_characters(header: str) -> None:
    """The described keys are those that the edge takes, at both ends."""
    schema = document()["components"]["parameters"][header]["schema"]
    assert [key for key in ("a" * 8, "~!" * 64) if misfits(key, schema)] == []
    for key in ("a" * 7, "a" * 129, "with space", "caf\u00e9-caf\u00e9"):
        assert misfits(key, schema), key


@each_operation
def test_the_parameters_of_the_path_are_described(route: str) -> None:
    """Each name in braces is a required path parameter, and no other is."""
    described = {each["name"]: each for each in parameters(BY_ROUTE[route]) if each["in"] == "path"}
    assert set(described) == set(re.findall(r"{(\w+)\+?}", route))
    assert all(each["required"] is True for each in described.values())


@each_operation
def test_no_parameter_is_described_twice(route: str) -> None:
    """A name means one thing in one place."""
    found = [(each["in"], each["name"].lower()) for each in parameters(BY_ROUTE[route])]
    assert len(set(found)) == len(found)


@each_operation
def test_every_answer_is_json_with_the_request_id(route: str) -> None:
    """Each answer has words for a reader, a schema, and X-Request-Id; one of them is a success."""
    answers = {status: follow(each) for status, each in BY_ROUTE[route]["responses"].items()}
    assert any(status.startswith("2") for status in answers)
    for answer in answers.values():
        assert answer["description"]
        assert "schema" in answer["content"]["application/json"]
        assert "X-Request-Id" in answer["headers"]


@each_operation
def test_429_and_503_say_when_to_come_back(route: str) -> None:
    """Where asking again helps, Retry-After is described."""
    for status in ("429", "503"):
        assert "Retry-After" in follow(BY_ROUTE[route]["responses"][status])["headers"]


def test_a_route_is_open_by_the_templates_word_alone() -> None:
    """Whatever the template puts behind the authorizer is described as behind it."""
    said_open = {
        f"{event['Properties']['Method']} {event['Properties']['Path']}"
        for properties in functions().values()
        for event in properties.get("Events", {}).values()
        if event.get("Properties", {}).get("Auth", {}).get("Authorizer") == "NONE"
    }
    assert BY_ROUTE.keys() - set(OURS) == said_open


@each_operation
def test_who_may_call(route: str) -> None:
    """A route is behind one of the described ways to sign in, or open by the template's word."""
    schemes = document()["components"]["securitySchemes"]
    assert all(set(need) <= set(schemes) for need in BY_ROUTE[route]["security"])


def test_every_schema_is_a_schema() -> None:
    """JSON Schema 2020-12, which OpenAPI 3.1 uses as it is."""
    schemas = [
        each["schema"] for each in within(document()) if isinstance(each.get("schema"), dict)
    ]
    schemas += document()["components"]["schemas"].values()
    for schema in schemas:
        Draft202012Validator.check_schema(schema)


def test_every_example_fits_its_schema() -> None:
    """A reader who sends an example is not refused for its shape."""
    shown = [each for each in within(document()) if "examples" in each and "schema" in each]
    assert shown
    for place in shown:
        for name, example in place["examples"].items():
            value = _as_typed(example["value"], place)
            assert misfits(value, place["schema"]) == [], name


@each_operation
def test_a_button_shows_what_it_answers(route: str) -> None:
    """At least one success, as its rule itself says it; none where it is signed anew each time."""
    operation = BY_ROUTE[route]
    if "x-roles" in operation and operation["operationId"].removesuffix("_by_id") not in SIGNED:
        answers = [each for status, each in operation["responses"].items() if status < "300"]
        assert any("examples" in each["content"]["application/json"] for each in answers)


def _as_typed(value: Any, place: dict[str, Any]) -> Any:
    """A query parameter's text as its type: a URL knows no numbers."""
    number = place.get("in") == "query" and place["schema"].get("type") == "integer"
    return int(value) if number else value

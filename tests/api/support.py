"""The description of the API as tests read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # comes with cfn-lint

from docs.api.generate import TARGET

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]


def document() -> Json:
    """The checked-in document."""
    loaded: Json = json.loads(TARGET.read_text(encoding="utf-8"))
    return loaded


def operations() -> Iterator[tuple[str, Json]]:
    """Every operation by its route, as the gateway names it."""
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def parameters(operation: Json) -> list[Json]:
    """An operation's parameters, references followed."""
    return [follow(each) for each in operation["parameters"]]


def follow(value: Json) -> Json:
    """What a reference refers to.

    Raises:
        KeyError: it leads nowhere.
    """
    found: Any = document()
    if "$ref" not in value:
        return value
    for step in value["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return follow(found)


def within(value: Any) -> Iterator[Json]:
    """Every object of the document below `value`, itself included."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict):
        yield value
    for part in parts:
        yield from within(part)


def misfits(value: Any, schema: Json) -> list[str]:
    """Where a value does not fit one of the document's schemas; empty when it does."""
    whole = {**schema, "components": document()["components"]}
    Draft202012Validator.check_schema(whole)
    return [error.message for error in Draft202012Validator(whole).iter_errors(value)]

"""The description of the API as tests read it."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # comes with cfn-lint

from docs.api.generate import TARGET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.actions import Answer

Json = dict[str, Any]


@lru_cache(maxsize=1)
def document() -> Json:
    """The checked-in document, for reading alone."""
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


def misfits(value: Any, schema: Json, *, strictly: bool = False) -> list[str]:
    """Where a value does not fit one of the document's schemas; empty when it does.

    `strictly`: fields that the schema does not name do not fit either, at any depth. The document
    does not say so itself, for clients must bear with new fields.
    """
    Draft202012Validator.check_schema(schema)
    asked = _closed(schema) if strictly else schema
    whole = {**asked, "components": {"schemas": schemas(strictly=strictly)}}
    return [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(whole).iter_errors(value)
    ]


def strays(route: str, answer: Answer) -> list[str]:
    """Where the body of an answer is not as the document says of its route and status, strictly."""
    described = follow(dict(operations())[route]["responses"][str(answer.status)])
    return astray(answer.json, described)


def astray(body: Json, described: Json) -> list[str]:
    """Where a body is not as an answer of the document says, strictly, its code included."""
    found = misfits(body, described["content"]["application/json"]["schema"], strictly=True)
    known = [*described.get("x-codes", []), *_KEPT]
    return found if body.get("code", known[0]) in known else [*found, f"$.code: {body['code']}"]


_KEPT = ("CIRCUIT_BREAKER_OPEN", "OTP_INVALID")  # no refusals: the text, or the attempt, is kept


@lru_cache(maxsize=2)
def schemas(*, strictly: bool) -> Json:
    """The document's shared schemas, closed but for those that say that they are open."""
    shared: Json = document()["components"]["schemas"]
    return {name: _inside(each) for name, each in shared.items()} if strictly else shared


def _closed(schema: Json) -> Json:
    """A place where a value stands: of an object, nothing may be left unnamed."""
    return {**_inside(schema), "unevaluatedProperties": False}


def _inside(schema: Json) -> Json:
    """The places within a schema; what is put together by allOf and the like is one place."""
    found = dict(schema)
    for word in found.keys() & {"items", "additionalProperties"}:
        found[word] = _closed(found[word]) if isinstance(found[word], dict) else found[word]
    for word in found.keys() & {"prefixItems"}:
        found[word] = [_closed(each) for each in found[word]]
    for word in found.keys() & {"properties"}:
        found[word] = {name: _closed(each) for name, each in found[word].items()}
    for word in found.keys() & {"allOf", "anyOf", "oneOf"}:
        found[word] = [_inside(each) for each in found[word]]
    return found

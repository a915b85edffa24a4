"""The refusals that the API can answer with, each a named schema: `Error`, or one that carries."""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from closedloop.core.errors import ClosedLoopError
from docs.api.schemas import reference

if TYPE_CHECKING:
    from docs.api.schemas import Schema, Schemas

_WORDS: dict[str, Any] = {
    "success": {"const": False, "type": "boolean"},
    "error": {"type": "string", "description": "A sentence for a person."},
}
_REQUEST: dict[str, Any] = {
    "request_id": {"type": "string", "description": "Under which the request is in the logs."}
}

GATEWAY: dict[str, Any] = {
    "description": "An answer of API Gateway itself.",
    "type": "object",
    "properties": {"message": {"type": "string"}},
    "required": ["message"],
}


def by_name() -> dict[str, type[ClosedLoopError]]:
    """Every refusal that a module loaded by now declares, by its name."""
    found, left = {}, [ClosedLoopError]
    while left:
        each = left.pop()
        found[each.__name__] = each
        left += each.__subclasses__()
    return found


def carried(refusal: type[ClosedLoopError]) -> dict[str, Any]:
    """What a refusal carries beside its words, by name: what its constructor must be given."""
    parameters = inspect.signature(refusal.__init__).parameters.values()
    return {each.name: each.annotation for each in parameters if each.kind is each.KEYWORD_ONLY}


def schema(refusal: type[ClosedLoopError], schemas: Schemas) -> Schema:
    """A reference to the refusal's schema: `Error` where it carries nothing but its words."""
    more = carried(refusal)
    if more:
        name = refusal.__name__.removesuffix("Error")
        return schemas.keep(name, _carrying(refusal, schemas))
    schemas.codes.add(refusal.code)
    code = {"code": reference("ErrorCode")}
    return schemas.keep("Error", _object("A refusal.", {**_WORDS, **code, **_REQUEST}))


def code_of_error(schemas: Schemas) -> Schema:
    """The codes of `Error`, once all refusals are described."""
    return {"description": "For a program.", "type": "string", "enum": sorted(schemas.codes)}


def _carrying(refusal: Any, schemas: Schemas) -> Schema:
    held = schemas.written_out(_held(refusal))["properties"]
    code = {"code": {"const": refusal.code, "type": "string"}}
    words = (refusal.__doc__ or "").partition("\n")[0]
    return _object(words, {**_WORDS, **code, **_REQUEST, **held})


@cache
def _held(refusal: Any) -> Any:
    """One type for each refusal: its schema is then worked out once."""
    return TypedDict(refusal.__name__, carried(refusal))  # type: ignore[operator] # to be read


def _object(words: str, properties: dict[str, Any]) -> Schema:
    return {
        "description": words,
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }

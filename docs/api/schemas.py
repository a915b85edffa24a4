"""JSON schemas of the pydantic models at the border."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

if TYPE_CHECKING:
    from pydantic import BaseModel

_REFERENCE = "#/components/schemas/{model}"

Schema = dict[str, Any]


class UndescribableError(Exception):
    """The description cannot be made of the code as it is; the sentence says what is missing."""


class ClashError(UndescribableError):
    """Two models of one name say different things."""


class Schemas:
    """The schemas that the document's operations refer to, by name."""

    def __init__(self) -> None:
        self.found: dict[str, Schema] = {}

    def of(self, model: type[BaseModel]) -> Schema:
        """The model's schema, written out; what it refers to is kept for the components."""
        schema: Schema = _plain(model.model_json_schema(ref_template=_REFERENCE))
        for name, definition in schema.pop("$defs", {}).items():
            self.keep(name, definition)
        return schema

    def typed(self, kind: Any) -> Schema:
        """The schema of what an answer holds, as a type; all that has a name is referred to."""
        found, shared = TypeAdapter.json_schemas(
            [("it", "validation", TypeAdapter(kind))], ref_template=_REFERENCE
        )
        for name, definition in shared.get("$defs", {}).items():
            self.keep(name, _plain(_absent(definition)))
        schema: Schema = _plain(_absent(*found.values()))
        return schema

    def keep(self, name: str, schema: Schema) -> Schema:
        """A reference to `schema`, which the components list as `name`.

        Raises:
            ClashError: another schema has this name.
        """
        if self.found.setdefault(name, schema) != schema:
            raise ClashError(f"two different models are called {name}")
        return {"$ref": f"#/components/schemas/{name}"}


def without(schema: Schema, names: list[str]) -> Schema:
    """An object's schema less some properties: those that the path carries."""
    properties = schema.get("properties", {})
    rest = {name: each for name, each in properties.items() if name not in names}
    required = [name for name in schema.get("required", []) if name not in names]
    return {**schema, "properties": rest} | ({"required": required} if "required" in schema else {})


def never_null(schema: Schema) -> Schema:
    """The schema of a parameter or field that is absent where there is nothing, never null."""
    options = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if len(options) != 1 or len(schema["anyOf"]) == 1:
        return schema
    rest = {name: each for name, each in schema.items() if name not in {"anyOf", "default"}}
    return {**options[0], **rest}


def pretty(document: Any) -> str:
    """JSON as the file holds it."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _plain(schema: Any) -> Any:
    """A schema without pydantic's titles, which only repeat the names, and defaults of null.

    A null says no more than the field's absence, and a client's generator takes what has a default
    for something that is always there.
    """
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    # A property may itself be called title: its value is a schema, not a text.
    kept = {
        name: each
        for name, each in schema.items()
        if not (name == "title" and isinstance(each, str)) and (name, each) != ("default", None)
    }
    return {name: _plain(each) for name, each in kept.items()}


def _absent(schema: Any) -> Any:
    """A schema in which a field that may be null by default may be absent instead."""
    if isinstance(schema, list):
        return [_absent(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    whole = {name: _absent(each) for name, each in schema.items()}
    return never_null(whole) if whole.get("default", ...) is None else whole

"""JSON schemas of the pydantic models at the border."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

Schema = dict[str, Any]


class ClashError(Exception):
    """Two models of one name say different things."""


class Schemas:
    """The schemas that the document's operations refer to, by name."""

    def __init__(self) -> None:
        self.found: dict[str, Schema] = {}

    def of(self, model: type[BaseModel]) -> Schema:
        """The model's schema, written out; what it refers to is kept for the components."""
        schema: Schema = _plain(
            model.model_json_schema(ref_template="#/components/schemas/{model}")
        )
        for name, definition in schema.pop("$defs", {}).items():
            self.keep(name, definition)
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
    """A parameter's schema: one that is not sent is absent, never null."""
    options = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if len(options) != 1 or len(schema["anyOf"]) == 1:
        return schema
    rest = {name: each for name, each in schema.items() if name not in {"anyOf", "default"}}
    return {**options[0], **rest}


def pretty(document: Any) -> str:
    """JSON as the file holds it."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _plain(schema: Any) -> Any:
    """A schema without pydantic's titles, which only repeat the names."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    # A property may itself be called title: its value is a schema, not a text.
    kept = {k: v for k, v in schema.items() if not (k == "title" and isinstance(v, str))}
    return {name: _plain(each) for name, each in kept.items()}

"""JSON schemas of the types at the border, each under one name."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, TypeAdapter

from docs.api.names import resolve, resolved

if TYPE_CHECKING:
    from pydantic import BaseModel

_REFERENCE = "#/components/schemas/{model}"

Schema = dict[str, Any]


class UndescribableError(Exception):
    """The description cannot be made of the code as it is; the sentence says what is missing."""


class ClashError(UndescribableError):
    """Two types of one name say different things."""


class Schemas:
    """The schemas that the document's operations refer to, by name."""

    def __init__(self) -> None:
        self.found: dict[str, Schema] = {}
        self.codes: set[str] = set()
        """Of refusals that carry nothing but their words."""

    def of(self, model: type[BaseModel]) -> Schema:
        """The model's schema, written out; what it refers to is kept for the components."""
        schema: Schema = _plain(model.model_json_schema(ref_template=_REFERENCE))
        for name, definition in schema.pop("$defs", {}).items():
            self.keep(name, definition)
        return schema

    def written_out(self, kind: Any) -> Schema:
        """The schema of a TypedDict; what it refers to is kept, it itself is not."""
        definitions = _definitions(kind)
        for name, definition in definitions.items():
            if name != kind.__name__:
                self.keep(name, definition)
        return definitions[kind.__name__]

    def keep(self, name: str, schema: Schema) -> Schema:
        """A reference to `schema`, which the components list as `name`.

        Raises:
            ClashError: another schema has this name.
        """
        if self.found.setdefault(name, schema) != schema:
            raise ClashError(f"two different types are called {name}")
        return reference(name)


def reference(name: str) -> Schema:
    """A reference to a schema of the components."""
    return {"$ref": _REFERENCE.format(model=name)}


def without(schema: Schema, names: list[str]) -> Schema:
    """An object's schema less some properties: those that the path carries."""
    properties = schema.get("properties", {})
    rest = {name: each for name, each in properties.items() if name not in names}
    required = [name for name in schema.get("required", []) if name not in names]
    return {**schema, "properties": rest} | ({"required": required} if "required" in schema else {})


def never_null(schema: Schema) -> Schema:
    """The schema of a parameter that is absent where there is nothing, never null."""
    options = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if len(options) != 1 or len(schema["anyOf"]) == 1:
        return schema
    rest = {name: each for name, each in schema.items() if name not in {"anyOf", "default"}}
    return {**options[0], **rest}


def pretty(document: Any) -> str:
    """JSON as the file holds it."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


@cache
def _definitions(kind: Any) -> dict[str, Schema]:
    """A TypedDict and all that it refers to, by name, with the words of what each builds on."""
    resolve(kind)
    # In a list, for it is then referred to by its name as everything else is.
    adapter: TypeAdapter[Any] = TypeAdapter(
        list[kind], config=ConfigDict(use_attribute_docstrings=True)
    )
    found = adapter.json_schema(ref_template=_REFERENCE)["$defs"]
    for name, definition in found.items():
        _add_inherited_words(resolved.get(name), definition)
    return {name: _plain(definition) for name, definition in found.items()}


def _add_inherited_words(kind: Any, schema: Schema) -> None:
    """Describe fields by the docstrings of the TypedDicts that this one builds on."""
    for base in getattr(kind, "__orig_bases__", ()):
        if getattr(base, "__annotations__", None) and base.__doc__:
            for name, field in _definitions(base)[base.__name__]["properties"].items():
                if "description" in field:
                    schema["properties"][name].setdefault("description", field["description"])


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

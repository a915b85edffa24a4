"""A SAM template as a plain dictionary, with CloudFormation's short tags spelled out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

Template = dict[str, Any]


def load(path: Path) -> Template:
    """Reads the file; `!Ref X` becomes `{"Ref": "X"}`, and so on."""
    with path.open(encoding="utf-8") as file:
        return dict(yaml.load(file, _Loader))  # noqa: S506 - a SafeLoader with tags of our own


# libyaml is twenty times as fast; on some machines PyYAML is built without it.
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):  # type: ignore[misc] # either has the same constructors
    """Knows every CloudFormation function."""


def _function(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    return {name: _argument(loader, suffix, node)}


def _argument(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    match node:
        case yaml.SequenceNode():
            return loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            return loader.construct_mapping(node, deep=True)
        case yaml.ScalarNode():
            text = loader.construct_scalar(node)
            return text.split(".", 1) if suffix == "GetAtt" else text
    raise TypeError(type(node).__name__)


_Loader.add_multi_constructor("!", _function)

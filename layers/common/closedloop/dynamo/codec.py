"""Rows as Python values and as DynamoDB writes them. Numbers are integers, here as everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from closedloop.core.rows import Row


Item = dict[str, Any]


def value(plain: Any) -> Item:  # noqa: PLR0911 - one for each kind
    """One value in DynamoDB's JSON.

    Raises:
        TypeError: the value is of a kind that rows do not hold (a float, a set).
    """
    match plain:
        case str():
            return {"S": plain}
        case bytes():
            return {"B": plain}
        case bool():
            return {"BOOL": plain}
        case int():
            return {"N": str(plain)}
        case None:
            return {"NULL": True}
        case list() | tuple():
            return {"L": [value(part) for part in plain]}
        case Mapping():
            return {"M": item(plain)}
    raise TypeError(f"rows do not hold a {type(plain).__name__}")


def item(row: Mapping[str, Any]) -> Item:
    """A row in DynamoDB's JSON."""
    return {name: value(plain) for name, plain in row.items()}


def plain(attribute: Mapping[str, Any]) -> Any:
    """One value of DynamoDB's JSON as a Python value."""
    ((kind, content),) = attribute.items()
    match kind:
        case "N":
            return int(content)
        case "NULL":
            return None
        case "L":
            return [plain(part) for part in content]
        case "M":
            return row(content)
    return content


def row(stored: Mapping[str, Any]) -> Row:
    """A stored item as a row."""
    return {name: plain(attribute) for name, attribute in stored.items()}


def encoded(request: Item) -> Item:
    """One item of a transaction, its rows and values in DynamoDB's JSON."""
    ((kind, parts),) = request.items()
    return {
        kind: {
            name: item(part) if name in {"Key", "Item", "ExpressionAttributeValues"} else part
            for name, part in parts.items()
        }
    }

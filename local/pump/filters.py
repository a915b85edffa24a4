"""Event filters as a stream's mapping knows them: a record that fits none never arrives.

Source: "Control which events Lambda sends to your function", AWS Lambda developer guide. Stream
records carry numbers as text, so numeric comparisons match none of them, as on AWS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ABSENT = object()


def passes(record: Mapping[str, Any], patterns: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the record fits at least one pattern; without patterns all do."""
    patterns = list(patterns)
    return not patterns or any(_fits(record, pattern) for pattern in patterns)


def _fits(value: object, pattern: Mapping[str, Any]) -> bool:
    """Every field of the pattern has to fit; `$or` holds alternatives."""
    return all(
        any(_fits(value, alternative) for alternative in wanted)
        if field == "$or"
        else _field_fits(_get(value, field), wanted)
        for field, wanted in pattern.items()
    )


def _field_fits(value: object, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return _fits(value, wanted)
    values = value if isinstance(value, list) else [value]
    return any(_rule_fits(one, rule) for rule in wanted for one in values or [_ABSENT])


def _rule_fits(value: object, rule: Any) -> bool:
    if not isinstance(rule, dict):
        return bool(type(value) is type(rule) and value == rule)
    ((kind, operand),) = rule.items()
    if kind == "exists":
        return (value is not _ABSENT) is bool(operand)
    if kind == "anything-but":
        return value is not _ABSENT and not _excluded(value, operand)
    return isinstance(value, str) and _text_fits(value, kind, operand)


def _text_fits(value: str, kind: str, operand: Any) -> bool:
    wanted = str(operand)
    if kind == "prefix":
        return value.startswith(wanted)
    if kind == "suffix":
        return value.endswith(wanted)
    return kind == "equals-ignore-case" and value.casefold() == wanted.casefold()


def _excluded(value: object, operand: Any) -> bool:
    if isinstance(operand, dict):
        return _rule_fits(value, operand)
    return value in (operand if isinstance(operand, list) else [operand])


def _get(value: object, field: str) -> object:
    return value.get(field, _ABSENT) if isinstance(value, dict) else _ABSENT

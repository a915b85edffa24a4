"""Error answers: those of the edge that an operation stands behind, and those its rule names."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from closedloop.core import errors
from closedloop.core.errors import ClosedLoopError
from docs.api import headers, replies
from docs.api.errors import by_name
from docs.api.schemas import UndescribableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from docs.api.asked import Examples
    from docs.api.replies import Names
    from docs.api.schemas import Schema

Refusals = dict[type[ClosedLoopError], str]
"""Each with when it comes."""

Carried = dict[type[ClosedLoopError], "Schema"]
"""What comes with each beside its words: the properties, and which of them are required."""

EVERYWHERE = (
    errors.ValidationFailedError,
    errors.UnauthorizedError,
    errors.ForbiddenError,
    errors.RateLimitedError,
    errors.InternalError,
    errors.ServiceUnavailableError,
)
"""What the edge of every route may answer by itself."""

BUTTONS = (
    errors.IdempotencyKeyRequiredError,
    errors.IdempotencyKeyInvalidError,
    errors.IdempotencyKeyReusedError,
    errors.RequestInProgressError,
    errors.PayloadTooLargeError,
    errors.UnsupportedMediaTypeError,
)
"""What the edge of a button may answer beside these: about its key and its body."""

GATEWAYS_OWN = frozenset({401, 413, 429, 500, 503})
"""Where API Gateway may answer before or instead of a function, with a body of its own."""

SCHEMAS: dict[str, Any] = {
    "Error": {
        "description": "A refusal. On a conflict the row as it is comes with it.",
        "type": "object",
        "properties": {
            "success": {"const": False},
            "error": {"type": "string", "description": "A sentence for a person."},
            "code": {"type": "string", "description": "For a program."},
            "request_id": {"type": "string"},
            "fields": {
                "description": "What does not fit, on VALIDATION_FAILED.",
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
                    "required": ["path", "message"],
                },
            },
        },
        "required": ["success", "error", "code", "request_id"],
    },
    "GatewayError": {
        "description": "An answer of API Gateway itself.",
        "type": "object",
        "properties": {"message": {"type": "string"}},
        "required": ["message"],
    },
}


class UnknownErrorError(UndescribableError):
    """A docstring names an error that closedloop does not have."""


def of_edge(*, button: bool) -> Refusals:
    """What the edge refuses by itself, each in the words of its class."""
    classes = EVERYWHERE + (BUTTONS if button else ())
    return {each: (each.__doc__ or "").partition("\n")[0] for each in classes}


def named_by(function: Callable[..., Any]) -> Refusals:
    """What the `Raises:` of a docstring names, each in the docstring's words.

    Raises:
        UnknownErrorError: it names something that is no error of ours.
    """
    _, _, section = (inspect.getdoc(function) or "").partition("\nRaises:\n")
    section = re.sub(r"\n {5,}", " ", section.partition("\n\n")[0])  # continuation lines
    entries = re.findall(r"^ {4}(\w+(?:, \w+)*)(?:: (.*))?$", section, re.MULTILINE)
    return {_error(name): text for names, text in entries for name in names.split(", ")}


def carried_by(rule: Callable[..., Any]) -> dict[type[ClosedLoopError], Names]:
    """The names that a rule's refusals carry beside those that every refusal has."""
    found: dict[type[ClosedLoopError], Names] = {}
    for error, names in replies.of_refusals(rule).items():
        own = {name: names[name] for name in names if name not in SCHEMAS["Error"]["properties"]}
        found |= {_error(error): own} if own else {}
    return found


def together(edge: Refusals, rule: Refusals) -> Refusals:
    """Both, and both reasons where the rule refuses what the edge refuses too."""
    both = {each: f"{edge[each]} Here also: {rule[each]}" for each in edge if rule.get(each)}
    return edge | rule | both


def responses(refusals: Refusals, carried: Carried, shown: Examples) -> dict[str, Any]:
    """The error answers of an operation, by status; `shown` are some that its rule has given."""
    by_status: dict[int, Refusals] = defaultdict(dict)
    for each, when in sorted(refusals.items(), key=lambda found: found[0].code):
        by_status[each.status][each] = when
    return {
        str(status): _response(by_status[status], carried, shown.get(status, {}))
        for status in sorted(by_status)
    }


def of_status(refusals: Refusals, status: int) -> Refusals:
    """Those of one status."""
    return {each: when for each, when in refusals.items() if each.status == status}


def or_else(answer: dict[str, Any], refusals: Refusals) -> dict[str, Any]:
    """An answer of a rule whose status the refusals have too: either of them may come."""
    refused = _written_out(refusals, {}, {})
    ours, theirs = (each["content"]["application/json"] for each in (answer, refused))
    either = {"anyOf": [ours["schema"], theirs["schema"]]}
    return {
        "description": f"{answer['description']}, or\n{refused['description']}",
        "headers": answer["headers"] | refused["headers"],
        "content": {"application/json": {**theirs, "schema": either}},
    }


def shared() -> dict[str, Any]:
    """The answers that the edge alone decides, which operations refer to by their code."""
    return {
        each.code: _written_out({each: when}, {}, {})
        for each, when in sorted(of_edge(button=True).items(), key=lambda found: found[0].code)
    }


def _error(name: str) -> type[ClosedLoopError]:
    found = by_name().get(name)
    if found is None:
        raise UnknownErrorError(f"{name} is no error of closedloop")
    return found


def _response(refusals: Refusals, carried: Carried, shown: dict[str, Any]) -> dict[str, Any]:
    (first, when), *others = refusals.items()
    if not others and of_edge(button=True).get(first) == when:
        return {"$ref": f"#/components/responses/{first.code}"}
    return _written_out(refusals, carried, shown)


def _written_out(refusals: Refusals, carried: Carried, shown: dict[str, Any]) -> dict[str, Any]:
    lines = [f"- `{each.code}`: {when or each.sentence}" for each, when in refusals.items()]
    plain = {each.code: {"value": _example(each)} for each in refusals if each not in carried}
    examples = dict(sorted((plain | shown).items()))
    waits = any(each.retry_after is not None for each in refusals)
    return {
        "description": "\n".join(lines),
        "headers": headers.sent("X-Request-Id", *(["Retry-After"] if waits else [])),
        "content": {
            "application/json": {
                "schema": _schema(refusals, carried),
                **({"examples": examples} if examples else {}),
            }
        },
    }


def _schema(refusals: Refusals, carried: Carried) -> dict[str, Any]:
    """One of the shapes that they come in, each with its codes."""
    shapes: list[tuple[Schema, list[str]]] = []
    for each in refusals:
        with_it = carried.get(each, {"properties": {}, "required": []})
        codes = next((codes for shape, codes in shapes if shape == with_it), None)
        if codes is None:
            shapes.append((with_it, codes := []))
        codes.append(each.code)
    options = [_shape(shape, codes) for shape, codes in shapes]
    if GATEWAYS_OWN & {each.status for each in refusals}:
        options.append({"$ref": "#/components/schemas/GatewayError"})
    return options[0] if len(options) == 1 else {"anyOf": options}


def _shape(with_it: Schema, codes: list[str]) -> Schema:
    ours = {
        "properties": {"code": {"type": "string", "enum": codes}, **with_it["properties"]},
        "required": ["code", *with_it["required"]],
    }
    return {"allOf": [{"$ref": "#/components/schemas/Error"}, ours]}


def _example(refusal: type[ClosedLoopError]) -> dict[str, Any]:
    return {
        "success": False,
        "error": refusal.sentence,
        "code": refusal.code,
        "request_id": "JKJaXmPLvHcESHA=",
    }

"""Error answers: those of the edge that an operation stands behind, and those its rule names."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from closedloop.core import errors as core
from docs.api import errors, headers
from docs.api.schemas import UndescribableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from closedloop.core.errors import ClosedLoopError
    from docs.api.asked import Examples
    from docs.api.schemas import Schema, Schemas

Refusals = dict[type["ClosedLoopError"], str]
"""Each with when it comes."""

EVERYWHERE = (
    core.ValidationFailedError,
    core.UnauthorizedError,
    core.ForbiddenError,
    core.RateLimitedError,
    core.InternalError,
    core.ServiceUnavailableError,
)
"""What the edge of every route may answer by itself."""

BUTTONS = (
    core.IdempotencyKeyRequiredError,
    core.IdempotencyKeyInvalidError,
    core.IdempotencyKeyReusedError,
    core.RequestInProgressError,
    core.PayloadTooLargeError,
    core.UnsupportedMediaTypeError,
)
"""What the edge of a button may answer beside these: about its key and its body."""

GATEWAYS_OWN = frozenset({401, 413, 429, 500, 503})
"""Where API Gateway may answer before or instead of a function, with a body of its own."""


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


def together(edge: Refusals, rule: Refusals) -> Refusals:
    """Both, and both reasons where the rule refuses what the edge refuses too."""
    both = {each: f"{edge[each]} Here also: {rule[each]}" for each in edge if rule.get(each)}
    return edge | rule | both


def responses(refusals: Refusals, shown: Examples, schemas: Schemas) -> dict[str, Any]:
    """The error answers of an operation, by status; `shown` are some that its rule has given."""
    by_status: dict[int, Refusals] = defaultdict(dict)
    for each, when in sorted(refusals.items(), key=lambda found: found[0].code):
        by_status[each.status][each] = when
    return {
        str(status): _response(by_status[status], shown.get(status, {}), schemas)
        for status in sorted(by_status)
    }


def of_status(refusals: Refusals, status: int) -> Refusals:
    """Those of one status."""
    return {each: when for each, when in refusals.items() if each.status == status}


def or_else(answer: dict[str, Any], refusals: Refusals, schemas: Schemas) -> dict[str, Any]:
    """An answer of a rule whose status the refusals have too: either of them may come."""
    refused = _written_out(refusals, {}, schemas)
    ours, theirs = (each["content"]["application/json"] for each in (answer, refused))
    either = any_of([ours["schema"], theirs["schema"]])
    return {
        "description": f"{answer['description']}, or\n{refused['description']}",
        "headers": answer["headers"] | refused["headers"],
        "x-codes": refused["x-codes"],
        "content": {"application/json": {**theirs, "schema": either}},
    }


def shared(schemas: Schemas) -> dict[str, Any]:
    """The answers that the edge alone decides, which operations refer to by their code."""
    return {
        each.code: _written_out({each: when}, {}, schemas)
        for each, when in sorted(of_edge(button=True).items(), key=lambda found: found[0].code)
    }


def any_of(schemas: list[Schema]) -> Schema:
    """One of these, each named once."""
    flat = [each for schema in schemas for each in schema.get("anyOf", [schema])]
    options = [each for i, each in enumerate(flat) if each not in flat[:i]]
    return options[0] if len(options) == 1 else {"anyOf": options}


def _error(name: str) -> type[ClosedLoopError]:
    found = errors.by_name().get(name)
    if found is None:
        raise UnknownErrorError(f"{name} is no error of closedloop")
    return found


def _response(refusals: Refusals, shown: dict[str, Any], schemas: Schemas) -> dict[str, Any]:
    (first, when), *others = refusals.items()
    if not others and of_edge(button=True).get(first) == when:
        return {"$ref": f"#/components/responses/{first.code}"}
    return _written_out(refusals, shown, schemas)


def _written_out(refusals: Refusals, shown: dict[str, Any], schemas: Schemas) -> dict[str, Any]:
    lines = [f"- `{each.code}`: {when or each.sentence}" for each, when in refusals.items()]
    plain = {each.code: {"value": _example(each)} for each in refusals if not errors.carried(each)}
    examples = dict(sorted((plain | shown).items()))
    waits = any(each.retry_after is not None for each in refusals)
    return {
        "description": "\n".join(lines),
        "headers": headers.sent("X-Request-Id", *(["Retry-After"] if waits else [])),
        "x-codes": [each.code for each in refusals],
        "content": {
            "application/json": {
                "schema": _schema(refusals, schemas),
                **({"examples": examples} if examples else {}),
            }
        },
    }


def _schema(refusals: Refusals, schemas: Schemas) -> Schema:
    """One of the shapes that they come in."""
    options = [errors.schema(each, schemas) for each in refusals]
    if GATEWAYS_OWN & {each.status for each in refusals}:
        options.append(schemas.keep("GatewayError", errors.GATEWAY))
    return any_of(options)


def _example(refusal: type[ClosedLoopError]) -> dict[str, Any]:
    return {
        "success": False,
        "error": refusal.sentence,
        "code": refusal.code,
        "request_id": "JKJaXmPLvHcESHA=",
    }

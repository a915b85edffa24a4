"""The headers of the API: what a request carries and what an answer says."""

from __future__ import annotations

from typing import Any

from closedloop.edge.request import _KEY

_VISIBLE_ASCII = _KEY.pattern  # the one place that says what a key may be

PARAMETERS: dict[str, Any] = {
    "X-Idempotency-Key": {
        "name": "X-Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "One new value for each press of the button, the same for its repeats: 8 to "
        "128 visible ASCII characters, a UUID as a rule. A request with `Idempotency-Key` alone is "
        "taken too.",
        "schema": {
            "type": "string",
            "minLength": 8,
            "maxLength": 128,
            "pattern": f"^{_VISIBLE_ASCII}$",
        },
    },
    "X-Attempt": {
        "name": "X-Attempt",
        "in": "header",
        "description": "1 for the first time that this key is sent, 2 for its first repeat. Such a "
        "repeat is looked up first, which makes a replay cheaper. Nothing else depends on it.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The same key in the standard's header, quoted or not. Where both are sent "
        "they must be equal.",
        "schema": {"type": "string", "pattern": f'^("{_VISIBLE_ASCII}"|{_VISIBLE_ASCII})$'},
    },
}

RESPONSES: dict[str, Any] = {
    "X-Request-Id": {
        "description": "The id under which this request is in the logs.",
        "schema": {"type": "string"},
    },
    "Idempotent-Replayed": {
        "description": "Present when this is the kept answer of an earlier request with this key.",
        "schema": {"const": "true"},
    },
    "Retry-After": {
        "description": "Seconds after which the same request may succeed.",
        "schema": {"type": "integer", "minimum": 0},
    },
}


def sent(*names: str) -> dict[str, Any]:
    """References to these headers, as an answer lists them."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def keys() -> list[dict[str, Any]]:
    """References to the key's two headers, as a button lists them."""
    return [{"$ref": f"#/components/parameters/{name}"} for name in PARAMETERS]

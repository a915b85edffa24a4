"""Answers that no handler made, in the shape of all the API's answers."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUEST_ID = "X-Request-Id"

_REFUSALS = {
    400: ("BAD_REQUEST", "The request cannot be read."),
    401: ("UNAUTHORIZED", "Sign in first."),
    403: ("FORBIDDEN", "This is not allowed."),
    404: ("NOT_FOUND", "There is nothing at this address."),
    405: ("METHOD_NOT_ALLOWED", "This address does not take this method."),
    413: ("PAYLOAD_TOO_LARGE", "The request is larger than the 10 MB that the API takes."),
    421: ("MISDIRECTED", "This stack answers to 127.0.0.1 and localhost alone."),
    429: ("RATE_LIMITED", "Too many requests at once. Nothing was done; ask again."),
    500: ("INTERNAL", "Something went wrong on our side. Retry with the same key."),
    503: ("SERVICE_UNAVAILABLE", "The service is temporarily unavailable. Retry."),
}


def refusal(status: int, request_id: str) -> web.Response:
    """The answer for a status that the gateway chose; one it never gives becomes 500."""
    status = status if status in _REFUSALS else 500
    code, sentence = _REFUSALS[status]
    body = {"success": False, "error": sentence, "code": code, "request_id": request_id}
    return web.json_response(body, status=status, headers={REQUEST_ID: request_id})


def is_of_the_gateway(status: int, body: bytes) -> bool:
    """Whether a failure was answered by the gateway: a handler's JSON always has `success`."""
    if status < web.HTTPBadRequest.status_code:
        return False
    try:
        answer: Any = json.loads(body)
    except ValueError:
        return not body
    return isinstance(answer, dict) and "success" not in answer


def gateway_status(status: int) -> int:
    """The status that AWS gives where the emulator gives this one: a crashed handler is a 500."""
    return 500 if status == web.HTTPBadGateway.status_code else status


def new_request_id(headers: Mapping[str, str]) -> str:
    """The caller's own id when it is a decent one, else a new one."""
    given = headers.get(REQUEST_ID, "")
    decent = 0 < len(given) <= 128 and given.isascii() and given.isprintable()  # noqa: PLR2004
    return given if decent else str(uuid.uuid4())

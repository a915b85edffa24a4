"""What programs ask of the sandbox, and the refusal of what cannot be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.door.answers import REQUEST_ID, new_request_id

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_FOUND = 404


async def body_of(request: web.Request) -> Any:
    """The JSON of a request.

    Only what calls itself JSON: a page of another origin must ask before it may send that, and is
    refused; a form or a text it may send at once.

    Raises:
        ValueError: it is none.
    """
    if request.content_type != "application/json":
        raise ValueError("Send the body with the content type application/json.")
    try:
        return json.loads(await request.read())
    except ValueError:
        raise ValueError("The body is no JSON.") from None


def refused(request: web.Request, sentence: str, status: int = 400) -> web.Response:
    """A refusal in the shape of the API's own: a 400, or a 404."""
    request_id = new_request_id(request.headers)
    body: Mapping[str, Any] = {
        "success": False,
        "error": sentence,
        "code": "NOT_FOUND" if status == NOT_FOUND else "VALIDATION_FAILED",
        "request_id": request_id,
    }
    return web.json_response(body, status=status, headers={REQUEST_ID: request_id})

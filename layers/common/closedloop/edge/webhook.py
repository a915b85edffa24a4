"""The frame of a vendor's webhook: verify, parse, act, and 2xx only once it is written down.

403 (or 401, as the vendor's contract has it) for a request that is not the vendor's own, 400 for
one that can never be carried out, 413 for one that no vendor sends, 5xx where the vendor should
repeat.
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl

from closedloop import wiring
from closedloop.core import deadline
from closedloop.core.errors import ClosedLoopError
from closedloop.edge import headers, log

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ParsedT = TypeVar("ParsedT")
Response = dict[str, Any]

MAX_BODY_BYTES = 256 * 1024
"""More than any vendor sends; a larger body is refused before its signature is computed."""


class UnreadableError(Exception):
    """The vendor does not send this: it can never be carried out."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A request as the vendor signed it. Header names are lower case.

    `url` is the address as the vendor knows it, path and query as they came; `body` is the bytes
    that were sent.
    """

    url: str
    body: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str]

    @classmethod
    def read(cls, event: Mapping[str, Any]) -> Webhook:
        """The event as a request; nothing is verified yet.

        Raises:
            UnreadableError: the body is not what the gateway says that it is.
        """
        query = dict(parse_qsl(event.get("rawQueryString", ""), keep_blank_values=True))
        return cls(_url(event), _body(event), headers.lower(event), query)


def webhook(
    name: str,
    *,
    verify: Callable[[Webhook], bool],
    parse: Callable[[Webhook], ParsedT],
    act: Callable[[str, ParsedT], Response],
    not_its_own: int = 403,
) -> Callable[..., Response]:
    """A function that a vendor calls.

    `verify` says whether the request is the vendor's own; `parse` makes it a typed value, and
    `act` is given that value and the function's name and answers once everything is written down.
    Whatever does not verify is answered `not_its_own`.
    Both of the first may raise UnreadableError (400). A ClosedLoopError of `act` is a 503 and any
    other error a 500, after which the vendor repeats.
    """
    if wiring.in_lambda():
        wiring.store()

    def answer(event: Mapping[str, Any]) -> Response:
        request = Webhook.read(event)
        if len(request.body) > MAX_BODY_BYTES:
            return said(413)
        return act(name, parse(request)) if verify(request) else said(not_its_own)

    def handler(event: Mapping[str, Any], _: object = None) -> Response:
        with log.line(name, event["requestContext"]["requestId"]) as line, deadline.shared():
            response = _mapped(line, answer, event)
            line.facts["status"] = response["statusCode"]
            return response

    return handler


def said(status_code: int) -> Response:
    """An answer without words."""
    return {"statusCode": status_code}


def _mapped(
    line: log.Line, answer: Callable[[Mapping[str, Any]], Response], event: Mapping[str, Any]
) -> Response:
    try:
        response = answer(event)
    except UnreadableError:
        response = said(400)
    except ClosedLoopError as trouble:
        line.facts["code"] = trouble.code
        response = said(503)
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the vendor is asked to repeat
        line.fault(error)
        response = said(500)
    line.outcome = _outcome(response["statusCode"])
    return response


def _outcome(status: int) -> str:
    if status < 400:  # noqa: PLR2004 - HTTP's own
        return "Done"
    return "Refused" if status < 500 else "Failed"  # noqa: PLR2004 - HTTP's own


def _url(event: Mapping[str, Any]) -> str:
    base: str = (
        os.environ.get("WEBHOOK_BASE_URL") or f"https://{event['requestContext']['domainName']}"
    )
    query = event.get("rawQueryString")
    path = str(event["rawPath"])
    return f"{base}{path}?{query}" if query else base + path


def _body(event: Mapping[str, Any]) -> bytes:
    body = event.get("body") or ""
    try:
        # The gateway hands over in base64 what it does not take for text: forms, for one.
        return base64.b64decode(body, validate=True) if event["isBase64Encoded"] else body.encode()
    except (binascii.Error, UnicodeEncodeError) as error:
        raise UnreadableError from error

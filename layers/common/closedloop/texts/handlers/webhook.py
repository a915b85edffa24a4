"""The edge of Twilio's webhooks: verify, read, carry out, and 2xx only once it is written down.

403 for a signature that is not Twilio's, 400 for what cannot be read, 5xx where Twilio should
repeat (which it does for addresses that end in `#rc=5&rp=all`).
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from closedloop import wiring
from closedloop.core import deadline
from closedloop.core.errors import ClosedLoopError
from closedloop.edge import headers, log
from closedloop.edge.apply import apply, by_itself
from closedloop.texts import wiring as texts
from closedloop.texts.handlers.inbound import customer_text
from closedloop.texts.status import Report, reported

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Response = dict[str, Any]
_ID = re.compile(r"[A-Za-z0-9_\-:.]{1,64}")
_SID = re.compile(r"[A-Za-z0-9]{1,64}")
_PHONE = re.compile(r"\+[1-9]\d{1,14}")


class UnreadableError(Exception):
    """Twilio does not send this: it can never be carried out."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A request that was verified."""

    form: Mapping[str, str]
    query: Mapping[str, str]

    def take(self, source: str, name: str, pattern: re.Pattern[str]) -> str:
        """A parameter of the form or the query.

        Raises:
            UnreadableError: it is missing or of another shape.
        """
        text = (self.form if source == "form" else self.query).get(name, "")
        if not pattern.fullmatch(text):
            raise UnreadableError
        return text


def twilio(name: str, act: Callable[[str, Webhook], Response]) -> Callable[..., Response]:
    """A function that Twilio calls."""
    if wiring.in_lambda():
        wiring.store()

    def handler(event: Mapping[str, Any], _: object = None) -> Response:
        started = time.perf_counter()
        request_id = event["requestContext"]["requestId"]
        with deadline.shared():
            ended, response = _answer(name, event, act, request_id)
        log.invocation(
            name,
            ended,
            request_id=request_id,
            milliseconds=round((time.perf_counter() - started) * 1000, 3),
            status=response["statusCode"],
        )
        return response

    return handler


def status(name: str, webhook: Webhook) -> Response:
    """Keep what Twilio says of a text. A report that is old or not ours changes nothing."""
    code = webhook.form.get("ErrorCode", "")
    report = Report(
        org_id=webhook.take("query", "org", _ID),
        id=webhook.take("query", "sms", _ID),
        attempt=int(webhook.take("query", "attempt", re.compile(r"\d{1,6}"))),
        sid=webhook.take("form", "MessageSid", _SID),
        status=webhook.take("form", "MessageStatus", re.compile(r"[a-z_]{1,32}")),
        error_code=int(code) if code.isascii() and code.isdigit() else None,
    )
    context = by_itself(name, report.org_id)
    apply(context, lambda asked: reported(report, asked))
    return {"statusCode": 204}


def inbound(name: str, webhook: Webhook) -> Response:
    """Take a customer's text and answer it with TwiML."""
    ours = webhook.take("form", "To", _PHONE)
    org_id = wiring.lookups().org_of_credential(credential(ours))
    if org_id is None:
        return _twiml(None)  # no business has this number: asking again would change nothing
    answer = customer_text(
        name,
        org_id,
        sid=webhook.take("form", "MessageSid", _SID),
        phone=webhook.take("form", "From", _PHONE),
        our_number=ours,
        body=webhook.form.get("Body", ""),
        opt_out_type=webhook.form.get("OptOutType"),
    )
    return _twiml(answer)


def credential(number: str) -> str:
    """Under what an org's number is found: the row `number#<number>` of orgs holds it."""
    return sha256(f"twilio#{number}".encode()).hexdigest()


def _answer(
    name: str,
    event: Mapping[str, Any],
    act: Callable[[str, Webhook], Response],
    request_id: str,
) -> tuple[str, Response]:
    try:
        webhook = _verified(event)
        return ("Refused", _said(403)) if webhook is None else ("Done", act(name, webhook))
    except UnreadableError:
        return "Refused", _said(400)
    except ClosedLoopError:
        return "Failed", _said(503)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one record, the others go out
        log.fault(name, error, request_id=request_id)
        return "Failed", _said(500)


def _verified(event: Mapping[str, Any]) -> Webhook | None:
    """The request, None if its signature is not Twilio's."""
    params = _params(event)
    if not texts.signed_by_twilio(_url(event), params, headers.lower(event)):
        return None
    query = dict(parse_qsl(event.get("rawQueryString", ""), keep_blank_values=True))
    return Webhook(dict(params), query)


def _params(event: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """The form's parameters, blank ones too: Twilio signs whatever it sends."""
    body = event.get("body") or ""
    try:
        # The gateway hands forms over in base64.
        text = base64.b64decode(body, validate=True).decode() if event["isBase64Encoded"] else body
        return parse_qsl(text, keep_blank_values=True, max_num_fields=200)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError from error


def _url(event: Mapping[str, Any]) -> str:
    """The address as Twilio signed it: ours as it is known outside, path and query as they came."""
    base: str = (
        os.environ.get("WEBHOOK_BASE_URL") or f"https://{event['requestContext']['domainName']}"
    )
    query = event.get("rawQueryString")
    path = str(event["rawPath"])
    return f"{base}{path}?{query}" if query else base + path


def _said(status_code: int) -> Response:
    return {"statusCode": status_code}


def _twiml(answer: str | None) -> Response:
    content = f"<Message>{escape(answer)}</Message>" if answer else ""
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "text/xml; charset=utf-8"},
        "body": f'<?xml version="1.0" encoding="UTF-8"?><Response>{content}</Response>',
    }

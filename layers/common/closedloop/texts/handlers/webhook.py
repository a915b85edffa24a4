"""Twilio's webhooks: what becomes of our texts, and what customers write.

Twilio repeats what was answered with 5xx where its address ends in `#rc=5&rp=all`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from closedloop import wiring
from closedloop.edge import webhook
from closedloop.edge.apply import apply, by_itself
from closedloop.edge.webhook import Response, UnreadableError, Webhook
from closedloop.texts import wiring as texts
from closedloop.texts.handlers.inbound import customer_text
from closedloop.texts.status import Report, reported

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_ID = re.compile(r"[A-Za-z0-9_\-:.]{1,64}")
_SID = re.compile(r"(SM|MM)[0-9a-f]{32}")
_ATTEMPT = re.compile(r"[0-9]{1,6}")
_ERROR_CODE = re.compile(r"[0-9]{1,6}")
_STATUS = re.compile(r"[a-z_]{1,32}")
_LONGEST = 1600  # Twilio hands over no longer one; an item of the database has its limit too
_PHONE = re.compile(r"\+[1-9]\d{1,14}")


@dataclass(frozen=True, slots=True)
class Form:
    """What a request of Twilio's holds: a form, and the query of the address that we gave it."""

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


def twilio(name: str, act: Callable[[str, Form], Response]) -> Callable[..., Response]:
    """A function that Twilio calls."""
    return webhook.webhook(name, verify=_signed, parse=_form, act=act)


def status(name: str, form: Form) -> Response:
    """Keep what Twilio says of a text. A report that is old or not ours changes nothing."""
    code = form.form.get("ErrorCode", "")
    report = Report(
        org_id=form.take("query", "org", _ID),
        id=form.take("query", "sms", _ID),
        attempt=int(form.take("query", "attempt", _ATTEMPT)),
        sid=form.take("form", "MessageSid", _SID),
        status=form.take("form", "MessageStatus", _STATUS),
        error_code=int(code) if _ERROR_CODE.fullmatch(code) else None,
    )
    context = by_itself(name, report.org_id, who="twilio")
    apply(context, lambda asked: reported(report, asked))
    return webhook.said(204)


def inbound(name: str, form: Form) -> Response:
    """Take a customer's text and answer it with TwiML."""
    ours = form.take("form", "To", _PHONE)
    org_id = wiring.lookups().org_of_credential(credential(ours))
    if org_id is None:
        return _twiml(None)  # no business has this number: asking again would change nothing
    answer = customer_text(
        name,
        org_id,
        sid=form.take("form", "MessageSid", _SID),
        phone=form.take("form", "From", _PHONE),
        our_number=ours,
        body=form.form.get("Body", "")[:_LONGEST],
        opt_out_type=form.form.get("OptOutType"),
    )
    return _twiml(answer)


def credential(number: str) -> str:
    """Under what an org's number is found: the row `number#<number>` of orgs holds it."""
    return sha256(f"twilio#{number}".encode()).hexdigest()


def _signed(request: Webhook) -> bool:
    """By its signature, and by the account it names: one signature fits more than one form."""
    params = _params(request)
    ours = dict(params).get("AccountSid") == texts.credentials()["account_sid"]
    return ours and texts.signed_by_twilio(request.url, params, request.headers)


def _form(request: Webhook) -> Form:
    return Form(dict(_params(request)), request.query)


def _params(request: Webhook) -> Sequence[tuple[str, str]]:
    """The form's parameters, blank ones too: Twilio signs whatever it sends."""
    try:
        return parse_qsl(request.body.decode(), keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        raise UnreadableError from error


def _twiml(answer: str | None) -> Response:
    content = f"<Message>{escape(answer)}</Message>" if answer else ""
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "text/xml; charset=utf-8"},
        "body": f'<?xml version="1.0" encoding="UTF-8"?><Response>{content}</Response>',
    }

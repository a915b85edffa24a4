"""The frame of webhooks, with a vendor of its own: what is verified, what each end is answered."""

from __future__ import annotations

import base64
import json
from io import StringIO
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger

from closedloop.core.errors import ServiceUnavailableError
from closedloop.edge.webhook import MAX_BODY_BYTES, UnreadableError, Webhook, said, webhook

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRET = "secret words"


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What the functions write to their log."""
    lines = StringIO()
    logger = Logger(service=f"test-{uuid4()}", stream=lines, location=None)
    monkeypatch.setattr("closedloop.edge.log._logger", lambda: logger)
    return lines


def event(body: str | bytes, **fields: Any) -> dict[str, Any]:
    """A request as the gateway hands it over."""
    encoded = isinstance(body, bytes)
    return {
        "rawPath": "/api/webhooks/vendor",
        "rawQueryString": "b=2&a=%20",
        "headers": {"X-Signature": "ok"},
        "requestContext": {"requestId": "r1", "domainName": "api.example.com"},
        "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": encoded,
        **fields,
    }


def parsed(request: Webhook) -> Any:
    """The body as JSON."""
    try:
        return json.loads(request.body)
    except ValueError as error:
        raise UnreadableError from error


def act(name: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """As the message says."""
    assert name == "vendor"
    match message["do"]:
        case "busy":
            raise ServiceUnavailableError(SECRET)
        case "defect":
            raise RuntimeError(SECRET)
    return said(200)


vendor = webhook(
    "vendor",
    verify=lambda request: request.headers.get("x-signature") == "ok",
    parse=parsed,
    act=act,
)


@pytest.mark.parametrize(
    ("sent", "status", "outcome"),
    [
        (event('{"do": "well"}'), 200, "Done"),
        (event(b'{"do": "well"}'), 200, "Done"),
        (event("no json"), 400, "Refused"),
        (event("%%%", isBase64Encoded=True), 400, "Refused"),
        (event("\ud800"), 400, "Refused"),
        (event('{"do": "well"}', headers={}), 403, "Refused"),
        (event("x" * (MAX_BODY_BYTES + 1)), 413, "Refused"),
        (event('{"do": "busy"}'), 503, "Failed"),
        (event('{"do": "defect"}'), 500, "Failed"),
    ],
)
def test_each_end_has_its_answer(
    logged: StringIO, sent: dict[str, Any], status: int, outcome: str
) -> None:
    """2xx once it is done, 4xx for what never can be, 5xx to be repeated; one line says so."""
    assert vendor(sent) == {"statusCode": status}
    *faults, line = (json.loads(each) for each in logged.getvalue().splitlines())
    assert (line["message"], line["status"], line["request_id"]) == (outcome, status, "r1")
    assert [each["error"] for each in faults] == (["RuntimeError"] if status == 500 else [])
    assert SECRET not in logged.getvalue()


def test_what_the_vendor_signed_is_what_is_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address as it is known outside, its query as it came, the very bytes of the body."""
    raw = b'{"do": "\xc3\xa9"}'
    assert Webhook.read(event(raw)) == Webhook(
        "https://api.example.com/api/webhooks/vendor?b=2&a=%20",
        raw,
        {"x-signature": "ok"},
        {"b": "2", "a": " "},
    )
    monkeypatch.setenv("WEBHOOK_BASE_URL", "https://hooks.example.org")
    here = Webhook.read(event(raw.decode(), rawQueryString=""))
    assert (here.url, here.body) == ("https://hooks.example.org/api/webhooks/vendor", raw)


def test_a_request_that_is_too_large_is_not_verified() -> None:
    """No signature is computed over megabytes of a stranger."""

    def verify(_: Webhook) -> bool:
        raise AssertionError("verified")

    function = webhook("vendor", verify=verify, parse=parsed, act=act)
    assert function(event("x" * (MAX_BODY_BYTES + 1))) == {"statusCode": 413}

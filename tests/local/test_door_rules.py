"""CORS and the gateway's own answers, without a network."""

from __future__ import annotations

import json

import pytest

from local.door import answers
from local.door.cors import Cors

CORS = Cors.of(
    {
        "AllowOrigins": ["http://localhost:5173"],
        "AllowMethods": ["GET", "POST"],
        "AllowHeaders": ["authorization"],
        "ExposeHeaders": ["x-request-id"],
        "MaxAge": 600,
    }
)


def test_a_configured_origin_may_read_an_answer() -> None:
    """Its own name comes back, in the caller's spelling, and caches are told."""
    assert CORS.answer("http://LOCALHOST:5173") == {
        "Access-Control-Allow-Origin": "http://LOCALHOST:5173",
        "Access-Control-Expose-Headers": "x-request-id",
        "Vary": "Origin",
    }


@pytest.mark.parametrize("origin", [None, "", "null", "http://localhost:51730", "http://evil"])
def test_nobody_else_gets_a_header(origin: str | None) -> None:
    """Neither for an answer nor for a preflight."""
    assert CORS.answer(origin) == CORS.preflight(origin) == {}


def test_a_preflight_is_told_what_is_allowed() -> None:
    """Methods, headers and for how long."""
    headers = CORS.preflight("http://localhost:5173")
    assert headers["Access-Control-Allow-Methods"] == "GET,POST"
    assert headers["Access-Control-Allow-Headers"] == "authorization"
    assert headers["Access-Control-Max-Age"] == "600"


def test_an_api_for_everybody_says_so() -> None:
    """A star is answered with a star."""
    headers = Cors.of({"AllowOrigins": ["*"]}).answer("http://anywhere")
    assert headers["Access-Control-Allow-Origin"] == "*"


def test_without_settings_nothing_is_allowed() -> None:
    """An API that configures no CORS."""
    assert Cors.of({}).answer("http://localhost:5173") == {}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, b'{"message":"Unauthorized"}', True),
        (502, b'{"errorMessage":"secret","errorType":"KeyError"}', True),
        (500, b"", True),
        (409, b'{"success":false,"code":"SLOT_TAKEN"}', False),
        (200, b'{"message":"fine"}', False),
        (404, b"<html>not json</html>", False),
    ],
)
def test_a_failure_without_success_is_the_gateways(
    status: int,
    body: bytes,
    *,
    expected: bool,
) -> None:
    """What a handler answered is never rewritten."""
    assert answers.is_of_the_gateway(status, body) is expected


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "UNAUTHORIZED"),
        (403, "FORBIDDEN"),
        (404, "NOT_FOUND"),
        (413, "PAYLOAD_TOO_LARGE"),
        (429, "RATE_LIMITED"),
        (500, "INTERNAL"),
        (503, "SERVICE_UNAVAILABLE"),
        (504, "INTERNAL"),
    ],
)
def test_a_refusal_has_the_shape_of_all_answers(status: int, code: str) -> None:
    """A sentence for a person, a code for a program, and the request's id twice."""
    response = answers.refusal(status, "r-1")
    assert isinstance(response.text, str)
    body = json.loads(response.text)
    assert body["success"] is False
    assert body["error"].endswith(".")
    assert (body["code"], body["request_id"]) == (code, "r-1")
    assert response.headers["X-Request-Id"] == "r-1"


@pytest.mark.parametrize("given", ["", "x" * 129, "naïve", "two\nlines"])
def test_a_bad_request_id_is_replaced(given: str) -> None:
    """It would end up in logs and headers."""
    made = answers.new_request_id({"X-Request-Id": given})
    assert made != given
    assert len(made) == 36


def test_a_good_request_id_is_kept() -> None:
    """The caller can find its request again."""
    assert answers.new_request_id({"X-Request-Id": "click-7"}) == "click-7"

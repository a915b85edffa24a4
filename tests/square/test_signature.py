"""Square's signature: over one address and the bytes, by one of two keys, before anything else."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from square.utils.webhooks_helper import verify_signature

from closedloop.edge.webhook import MAX_BODY_BYTES
from closedloop.square.clients.signature import signed_with
from local.sandbox.square.webhooks import signature
from tests.square.town import HEADER
from tests.support.actions import event_of
from tests.template.test_policies_used import asked
from tools.events import SQUARE_KEY, SQUARE_URL

if TYPE_CHECKING:
    from tests.square.town import Town


VECTOR_URL = "https://example.com/webhooks/square"


VECTOR = b'{"merchant_id":"M","type":"booking.created","event_id":"e1"}'


SIGNED = "MWP/SBeFzK3lI23K3PhSdW5BVjbFaHIKmO6uO7DSXuo="


def test_square_s_own_vector() -> None:
    """The address and the body, by the subscription's key."""
    assert signed_with(VECTOR_URL, VECTOR, {HEADER: SIGNED}, {"current": "asdf1234"}) == "current"


@given(body=st.text(st.characters(codec="utf-8"), min_size=1), other=st.text())
def test_we_and_square_agree_on_every_body(body: str, other: str) -> None:
    """Round trip with Square's own helper; another body, address, key or signature fits nothing."""
    known = {"current": SQUARE_KEY}
    signed = signature(SQUARE_KEY, SQUARE_URL, body.encode())
    assert verify_signature(
        request_body=body,
        signature_header=signed,
        signature_key=SQUARE_KEY,
        notification_url=SQUARE_URL,
    )
    raw, headers = body.encode(), {HEADER: signed}
    assert signed_with(SQUARE_URL, raw, headers, known) == "current"
    assert signed_with(SQUARE_URL, raw + b" ", headers, known) is None
    assert signed_with(SQUARE_URL + "/", raw, headers, known) is None
    assert signed_with(SQUARE_URL, raw, headers, {"current": SQUARE_KEY + "x"}) is None
    assert signed_with(SQUARE_URL, raw, {HEADER: other}, known) is None or other == signed


def test_an_empty_key_signs_nothing() -> None:
    """A stack that was never set up takes no notification at all."""
    headers = {HEADER: signature("", SQUARE_URL, VECTOR)}
    assert signed_with(SQUARE_URL, VECTOR, headers, {"current": "", "previous": ""}) is None
    headers = {HEADER: signature(SQUARE_KEY, "", VECTOR)}
    assert signed_with("", VECTOR, headers, {"current": SQUARE_KEY}) is None


ADDRESSES = {
    "exact": (SQUARE_URL, 200),
    "http": (SQUARE_URL.replace("https", "http"), 401),
    "slash at the end": (SQUARE_URL + "/", 401),
    "a stage": (SQUARE_URL.replace("/api/", "/prod/api/"), 401),
    "the stage twice": (SQUARE_URL.replace("/api/", "/prod/prod/api/"), 401),
    "port": (SQUARE_URL.replace(".com", ".com:443"), 401),
    "upper case": (SQUARE_URL.replace("api.example.com", "API.EXAMPLE.COM"), 401),
    "a query": (SQUARE_URL + "?a=1", 401),
}


@pytest.mark.parametrize(("url", "status"), ADDRESSES.values(), ids=ADDRESSES)
def test_one_address_is_signed(town: Town, url: str, status: int) -> None:
    """The one that is configured, to the letter; the log names it where another was signed."""
    assert town.post(town.body(), url=url) == status
    assert town.said().get("expected_url") == (None if status == 200 else SQUARE_URL)
    assert bool(town.jobs()) is (status == 200)


@pytest.mark.parametrize(
    "came_by",
    [
        {"rawPath": "/prod/api/webhooks/square"},
        {"rawPath": "/api/webhooks/square/", "rawQueryString": "a=1"},
        {"requestContext": {"requestId": "r", "domainName": "x.execute-api.example.com"}},
    ],
    ids=str,
)
def test_how_it_came_in_does_not_matter(town: Town, came_by: dict[str, Any]) -> None:
    """Host, stage and path of the request are no part of what is verified."""
    assert town.post(town.body(), **came_by) == 200
    assert len(town.jobs()) == 1


def test_the_bytes_are_signed_and_not_what_they_mean(town: Town) -> None:
    """é and its escape, spaces, 1.0: as they came, in base64 or as text."""
    sent = json.loads(town.body())
    sent["data"]["object"]["booking"] |= {"seller_note": "é", "x": 1.0}
    forms = [
        json.dumps(sent, ensure_ascii=False).encode(),
        json.dumps(sent, ensure_ascii=True, indent=3).encode(),
        json.dumps(sent, sort_keys=True, separators=(" , ", " : ")).encode() + b"\n",
    ]
    for body in forms:
        assert town.post(body) == 200
        assert town.post(body, body=body.decode(), isBase64Encoded=False) == 200
        assert town.post(body, body=body.decode() + " ", isBase64Encoded=False) == 401
    (job,) = town.jobs()
    assert job["seller_note"] == "é"


@pytest.mark.parametrize(
    "odd",
    [
        {"headers": {}},
        {"headers": {HEADER: ""}},
        {"headers": {HEADER: "é\ud800"}},
        {"headers": {"x-square-signature": SIGNED}},
        {"body": "", "isBase64Encoded": False},
        {"body": None, "isBase64Encoded": False},
        {"body": base64.b64encode(b"\xff\xfe{}").decode()},
    ],
    ids=str,
)
def test_what_is_not_square_s_own(town: Town, odd: dict[str, Any]) -> None:
    """No header, no body, no text: 401 without a word, before anything is read or written."""
    with asked() as requests:
        assert town.call({**event_of("square_webhook", "forged"), **odd}) == 401
    assert requests == set()
    assert "error" not in town.log.getvalue()


def test_a_body_that_is_too_large(town: Town) -> None:
    """No signature is computed over it."""
    assert town.post(b"x" * (MAX_BODY_BYTES + 1)) == 413


def test_a_key_is_rotated_without_a_gap(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the secret holds both, what either has signed is taken, and the log names the key."""
    shared = {"signature_key": "new", "previous_signature_key": SQUARE_KEY}
    monkeypatch.setattr("closedloop.square.wiring.application", lambda: shared)
    assert town.post(town.body()) == 200
    assert town.said()["signed_with"] == "previous"
    shared = {"signature_key": "new", "previous_signature_key": ""}
    monkeypatch.setattr("closedloop.square.wiring.application", lambda: shared)
    assert town.post(town.body()) == 401

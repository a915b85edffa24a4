"""A request as it is read and checked, without any handler."""

from __future__ import annotations

import base64
import json
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict

from closedloop.core.errors import (
    ForbiddenError,
    IdempotencyKeyInvalidError,
    IdempotencyKeyRequiredError,
    PayloadTooLargeError,
    UnauthorizedError,
    UnsupportedMediaTypeError,
    ValidationFailedError,
)
from closedloop.edge import request as incoming
from closedloop.edge.request import MAX_BODY_BYTES, Request

KEY, OTHER = "12345678", "87654321"


def _short(text: str) -> str:
    if len(text) > 3:
        raise ValueError("ab is as long as it gets.")
    return text


class Move(BaseModel):
    """A command of these tests."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: str
    name: Annotated[str, AfterValidator(_short)] = "x"


def request(
    body: str | None = '{"id": "a"}', *, headers: dict[str, str] | None = None, **event: Any
) -> Request:
    """What the gateway hands over, with this body and these headers."""
    sent = {"Content-Type": "application/json"} if headers is None else headers
    about = {"requestId": "r1", **event.pop("about", {})}
    return Request.read(
        {"routeKey": "POST /x", "requestContext": about, "headers": sent, "body": body, **event}
    )


def by(**claims: str) -> Request:
    """A request whose token has these claims."""
    return request(about={"authorizer": {"jwt": {"claims": claims}}})


def test_an_event_is_read_as_it_came() -> None:
    """Header names in lower case; what the gateway leaves out is empty."""
    bare = request()
    assert (bare.route, bare.request_id, bare.headers) == (
        "POST /x", "r1", {"content-type": "application/json"},
    )  # fmt: skip
    assert (bare.path, bare.query, bare.claims, bare.base64) == ({}, {}, {}, False)
    full = request(pathParameters={"id": "a"}, queryStringParameters={"limit": "5"})
    assert (full.path, full.query) == ({"id": "a"}, {"limit": "5"})


def test_the_token_alone_says_who_asks() -> None:
    """Subject, e-mail, org and those groups that are roles of ours."""
    groups = "[owner guest staff]"
    claims = {"sub": "s" * 255, "custom:org_id": "o" * 64, "cognito:groups": groups}
    who = incoming.actor(by(**claims, email="a@example.com"))
    assert (who.id, who.email, who.org_id) == ("s" * 255, "a@example.com", "o" * 64)
    assert who.roles == {"owner", "staff"}
    assert incoming.actor(by(**claims)).email == ""


@pytest.mark.parametrize(
    ("claims", "refusal"),
    [
        ({}, UnauthorizedError),
        ({"sub": ""}, UnauthorizedError),
        ({"sub": "alice"}, ForbiddenError),
        ({"sub": "alice", "custom:org_id": "a b"}, ForbiddenError),
        ({"sub": "s" * 256, "custom:org_id": "demo"}, ForbiddenError),
    ],
)
def test_a_token_that_opens_nothing(claims: dict[str, str], refusal: type[Exception]) -> None:
    """No subject, no business, or a subject that is too long for a key."""
    with pytest.raises(refusal):
        incoming.actor(by(**claims))


@pytest.mark.parametrize(
    ("ours", "standard", "key"),
    [
        (KEY, None, KEY),
        (None, KEY, KEY),
        (None, f'"{KEY}"', KEY),
        (KEY, KEY, KEY),
        (KEY, f'"{KEY}"', KEY),
        (f'"{KEY}"', None, f'"{KEY}"'),
        (None, f'"{KEY}', f'"{KEY}'),
        (None, f'{KEY}"', f'{KEY}"'),
        (None, f'0"{KEY}"', f'0"{KEY}"'),
    ],
)
def test_a_key_is_read_from_either_header(ours: str | None, standard: str | None, key: str) -> None:
    """The standard's may be quoted, by a pair of quotes around all of it."""
    sent = {"X-Idempotency-Key": ours, "Idempotency-Key": standard}
    headers = {name: text for name, text in sent.items() if text is not None}
    assert incoming.idempotency_key(request(headers=headers)) == key


@pytest.mark.parametrize(
    ("headers", "refusal"),
    [
        ({}, IdempotencyKeyRequiredError),
        ({"X-Idempotency-Key": "1234567"}, IdempotencyKeyInvalidError),
        ({"Idempotency-Key": '""'}, IdempotencyKeyInvalidError),
        ({"Idempotency-Key": '"'}, IdempotencyKeyInvalidError),
        ({"Idempotency-Key": ""}, IdempotencyKeyInvalidError),
        ({"X-Idempotency-Key": KEY, "Idempotency-Key": OTHER}, IdempotencyKeyInvalidError),
        ({"X-Idempotency-Key": "", "Idempotency-Key": KEY}, IdempotencyKeyInvalidError),
    ],
)
def test_a_key_that_is_none(headers: dict[str, str], refusal: type[Exception]) -> None:
    """Missing, malformed, or two that differ: a repeat could not be told from a second press."""
    with pytest.raises(refusal):
        incoming.idempotency_key(request(headers=headers))


@pytest.mark.parametrize(
    ("ours", "standard", "sentence"),
    [
        ("", '""', IdempotencyKeyInvalidError.sentence),
        ('"', '"', IdempotencyKeyInvalidError.sentence),
        (KEY, OTHER, "Two different idempotency keys were sent."),
        (KEY, f'"{OTHER}"', "Two different idempotency keys were sent."),
    ],
)
def test_two_headers_are_told_what_is_wrong(ours: str, standard: str, sentence: str) -> None:
    """Headers that agree on what is no key do not differ."""
    headers = {"X-Idempotency-Key": ours, "Idempotency-Key": standard}
    with pytest.raises(IdempotencyKeyInvalidError) as refused:
        incoming.idempotency_key(request(headers=headers))
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("attempt", "repeated"),
    [
        (None, False), ("", False), ("0", False), ("1", False), ("01", False), ("x", False),
        ("-2", False), ("\u00b2", False), ("2.5", False), ("2", True), ("02", True), ("11", True),
        ("10", True),
    ],
)  # fmt: skip
def test_a_repeat_says_so(attempt: str | None, *, repeated: bool) -> None:
    """A number above one; what cannot be read is a first attempt."""
    headers = {} if attempt is None else {"X-Attempt": attempt}
    assert incoming.repeated(request(headers=headers)) is repeated


def test_path_and_body_make_one_command() -> None:
    """The path fills in what the body leaves out; the two may agree but not contradict."""
    path = {"id": "a"}
    for body in ("{}", '{"id": "a"}'):
        assert incoming.command(request(body, pathParameters=path), Move).id == "a"
    with pytest.raises(ValidationFailedError) as refused:
        incoming.command(request('{"id": "b"}', pathParameters=path), Move)
    assert refused.value.body["fields"] == [
        {"path": "id", "message": "The body contradicts the path."}
    ]


def test_query_and_path_make_one_question() -> None:
    """The path counts where both name a field."""
    asked = request(queryStringParameters={"name": "Al", "id": "b"}, pathParameters={"id": "a"})
    assert incoming.query(asked, Move) == Move(id="a", name="Al")


def test_what_does_not_fit_is_named_in_sentences() -> None:
    """A sentence for each field: a capital, one full stop, and none of what was sent."""
    with pytest.raises(ValidationFailedError) as refused:
        incoming.validated(Move, {"name": "+13125550100"})
    assert refused.value.body["fields"] == [
        {"path": "id", "message": "Field required."},
        {"path": "name", "message": "Ab is as long as it gets."},
    ]


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON ; charset=utf-8"])
def test_json_is_read(kind: str) -> None:
    """Whatever the case and the parameters of its type, plain or in base64."""
    headers = {"content-type": kind}
    assert incoming.command(request(headers=headers), Move).id == "a"
    packed = base64.b64encode(b'{"id": "a"}').decode()
    sent = request(packed, headers=headers, isBase64Encoded=True)
    assert incoming.command(sent, Move).id == "a"


@pytest.mark.parametrize("kind", ["", "text/plain", "text/plain; application/json"])
def test_another_type_is_not_read(kind: str) -> None:
    """A body that does not call itself JSON."""
    with pytest.raises(UnsupportedMediaTypeError):
        incoming.command(request(headers={"content-type": kind}), Move)


@pytest.mark.parametrize("body", [None, "", "[]", '{"id": NaN}', '{"id": "\ud800"}'])
def test_a_body_that_is_no_json_object(body: str | None) -> None:
    """Nothing at all, another root, a number that JSON has not, text that is no text."""
    with pytest.raises(ValidationFailedError) as refused:
        incoming.command(request(body), Move)
    (field,) = refused.value.body["fields"]
    assert (field["path"], field["message"].startswith("The body ")) == ("", True)


def test_base64_is_taken_as_it_is() -> None:
    """A sign that is none of its alphabet is not skipped over."""
    packed = base64.b64encode(b'{"id": "a"}').decode()
    with pytest.raises(ValidationFailedError):
        incoming.command(request(packed[:4] + "%" + packed[4:], isBase64Encoded=True), Move)


@pytest.mark.parametrize(
    ("over", "refusal"), [(0, ValidationFailedError), (1, PayloadTooLargeError)]
)
def test_the_largest_body(over: int, refusal: type[Exception]) -> None:
    """64 KB are read, and refused for what they hold; one byte more is not read."""
    body = json.dumps({"id": "a", "more": ""})
    body = json.dumps({"id": "a", "more": "x" * (MAX_BODY_BYTES - len(body) + over)})
    assert len(body) - MAX_BODY_BYTES == over
    with pytest.raises(refusal):
        incoming.command(request(body), Move)

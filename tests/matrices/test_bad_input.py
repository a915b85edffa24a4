"""Bad input: a clear 4xx, nothing kept, never a 500. Bodies come from the action's own model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.support.examples import freely
from tests.support.wire import wire

if TYPE_CHECKING:
    from pydantic import BaseModel

    from tests.support.actions import ActionCase, Answer, Press
    from tests.support.database import Database

NO_TIMES = ("0", "1795186800", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00")
"""Pydantic by itself takes each for a time."""

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=200)
    | st.sampled_from(NO_TIMES)
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
FREELY = freely(60)


def spoiled(good: dict[str, Any], model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """The good body with fields dropped, replaced by anything, and unknown ones added."""
    names = sorted({field.alias or name for name, field in model.model_fields.items()})
    replaced = st.dictionaries(st.sampled_from(names), ANYTHING)
    added = st.dictionaries(st.text(min_size=1, max_size=12), ANYTHING, max_size=2)
    dropped = st.sets(st.sampled_from(names))
    return st.builds(
        lambda drop, replace, add: (
            {name: value for name, value in good.items() if name not in drop} | replace | add
        ),
        dropped,
        replaced,
        added,
    )


@FREELY
@given(data=st.data())
def test_a_body_that_does_not_fit_is_refused(
    case: ActionCase, db: Database, data: st.DataObject
) -> None:
    """Whatever the fields hold: 400 with the fields named, or a body that really fits."""
    org = f"org-{uuid4().hex[:12]}"
    press = case.press(org)
    body = data.draw(spoiled(press.json, case.command))
    with wire() as watched:
        answer = press.body(json.dumps(body)).sent_to(case)
    if _fits(case.command, body, press):
        assert answer.status == 404
    else:
        assert (answer.status, answer.code) == (400, "VALIDATION_FAILED")
        assert all({"path", "message"} == set(field) for field in answer.json["fields"])
        assert all(_is_sentence(field["message"]) for field in answer.json["fields"])
        assert watched.requests == []


@FREELY
@given(text=st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_a_body_that_is_no_json_object_is_refused(
    case: ActionCase, db: Database, org: str, text: str
) -> None:
    """Any other text at all as the body is refused with a sentence."""
    assume(not _is_object(text))
    _assert_refused(case.press(org).body(text).sent_to(case), 400, "VALIDATION_FAILED")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '"text"',
        "NaN",
        '{"a": NaN}',
        '{"a": 1e999}',
        "[" * 100_00,
        '{"a":' * 10_000,
        '{"appointmentId": "\\ud800"}',
        '{"appointmentId": "a\\u0000"}',
        "9" * 5000,
        '{"a": ' + "9" * 5000 + "}",
        "\ud800",
        "{'a': 1}",
        '{"a": 1,}',
        "\ufeff{}",
    ],
)
def test_hostile_json_is_refused(case: ActionCase, db: Database, org: str, text: str) -> None:
    """Depth, surrogates, huge numbers, NaN, other roots: refused, never a fault."""
    _assert_refused(case.press(org).body(text).sent_to(case), 400, "VALIDATION_FAILED")


def test_a_body_over_64_kb_is_413(case: ActionCase, db: Database, org: str) -> None:
    """One byte too many is refused before it is parsed; 64 KB are not too large."""
    press = case.press(org)
    room = 64 * 1024 - len(json.dumps(press.json | {"x": ""}))
    fits, over = (json.dumps(press.json | {"x": "a" * size}) for size in (room, room + 1))
    _assert_refused(press.body(fits).sent_to(case), 400, "VALIDATION_FAILED")
    _assert_refused(press.body(over).sent_to(case), 413, "PAYLOAD_TOO_LARGE")
    wide = json.dumps({"x": "é" * 40_000}, ensure_ascii=False)
    _assert_refused(press.body(wide).sent_to(case), 413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_another_content_type_is_415(
    case: ActionCase, db: Database, org: str, kind: str | None
) -> None:
    """A body that does not call itself JSON is not read."""
    answer = case.press(org).header("content-type", kind).sent_to(case)
    _assert_refused(answer, 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
def test_a_charset_is_welcome(case: ActionCase, db: Database, org: str, kind: str) -> None:
    """The parameters and the case of the content type do not matter."""
    assert case.press(org).header("content-type", kind).sent_to(case).status == 404


def test_a_base64_body_is_read(case: ActionCase, db: Database, org: str) -> None:
    """The gateway hands some bodies over in base64; one that is none is refused."""
    press = case.press(org)
    press.event["isBase64Encoded"] = True
    _assert_refused(press.body("%%%").sent_to(case), 400, "VALIDATION_FAILED")


@pytest.mark.signed_in
@pytest.mark.parametrize("key", [None])
def test_a_missing_key_is_400(case: ActionCase, db: Database, org: str, key: None) -> None:
    """Without a key nothing is done, for a repeat could not be told from a second press."""
    _assert_refused(case.press(org).key(key).sent_to(case), 400, "IDEMPOTENCY_KEY_REQUIRED")


@pytest.mark.parametrize("key", ["", "1234567", "x" * 129, "with space", "é" * 8, "tab\tinside"])
def test_a_malformed_key_is_400(case: ActionCase, db: Database, org: str, key: str) -> None:
    """8 to 128 visible ASCII characters."""
    _assert_refused(case.press(org).key(key).sent_to(case), 400, "IDEMPOTENCY_KEY_INVALID")


def test_two_keys_that_differ_are_400(case: ActionCase, db: Database, org: str) -> None:
    """Our header and the standard's must agree."""
    press = case.press(org).key("12345678").header("idempotency-key", "87654321")
    _assert_refused(press.sent_to(case), 400, "IDEMPOTENCY_KEY_INVALID")


@pytest.mark.parametrize("key", ["12345678", "x" * 128, "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~"])
def test_any_visible_ascii_is_a_key(case: ActionCase, db: Database, org: str, key: str) -> None:
    """The edges of what a key may be."""
    assert case.press(org).key(key).sent_to(case).status == 404


def _assert_refused(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer.code) == (status, code)
    assert answer.json["success"] is False
    assert answer.json["error"].endswith((".", "d"))
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def _is_sentence(text: str) -> bool:
    return text[0].isupper() and text.endswith(".") and not text.startswith("Value error")


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _fits(model: type[BaseModel], body: dict[str, Any], press: Press) -> bool:
    path = press.event.get("pathParameters", {})
    try:
        model.model_validate(body | path)
    except ValidationError:
        return False
    return all(body.get(name, text) == text for name, text in path.items())

"""Whose call it is: by token, secret or signature, before anything is parsed."""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.voice import credentials
from closedloop.voice import wiring as voice
from tests.support.actions import Answer, Press, event_of, handlers, tools
from tests.support.wire import wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.support.database import Database
    from tests.voice.world import World

TOKEN = "a-token-of-the-business-1"
KEYS = ("key-that-was", "key-that-comes")
BODY = '{"date": "2029-06-04"}'


def asked(
    headers: Mapping[str, str], body: str = BODY, query: Mapping[str, str] | None = None
) -> Answer:
    """What a request with these headers and no others of proof is answered."""
    event = event_of("check_availability", "a_day")
    event["headers"].pop("x-vapi-secret")
    event["headers"] |= headers
    event["queryStringParameters"] = dict(query or {})
    return Answer.of(handlers()["check_availability"](Press(event).body(body).event))


def signed(
    at: float, key: str = KEYS[0], scale: int = 1, changed: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The headers of a signature that was made then, in seconds or milliseconds."""
    stamp = str(int(at * scale))
    digest = hmac.digest(key.encode(), f"{stamp}.{BODY}".encode(), "sha256").hex()
    return {"x-signature": digest, "x-timestamp": stamp, **(changed or {})}


@pytest.fixture
def known(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The business has a token, and a credential whose Vapi signs with either of two keys."""
    rows = [
        {"id": "credential#vapi#1", "credential_hash": credentials.of_token(TOKEN)},
        {"id": "credential#vapi#2", "credential_hash": credentials.of_id(world.org)},
    ]
    world.db.put(world.org, {"orgs": rows})
    monkeypatch.setattr(
        "closedloop.voice.wiring._secret", lambda: {"signing_keys": {world.org: list(KEYS)}}
    )
    return world


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"Bearer {TOKEN}"},
        {"authorization": f"bearer {TOKEN}"},
        {"authorization": TOKEN},
        {"x-vapi-secret": TOKEN},
        {"x-vapi-secret": TOKEN, "authorization": "Bearer another"},
    ],
)
def test_a_token_or_secret_opens(known: World, headers: dict[str, str]) -> None:
    """In either header, with or without its prefix."""
    assert asked(headers).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": f"Bearer {TOKEN}x"},
        {"authorization": f"Bearer {TOKEN[:-1]}"},
        {"authorization": f"Basic {TOKEN}"},
        {"x-vapi-secret": "é" * 20},
        {"x-vapi-secret": "x" * 5000},
        {"x-vapi-signature": TOKEN},
        {"x-vapi-secret": "+13125550100"},
    ],
)
def test_without_a_credential_nothing_is_parsed(known: World, headers: dict[str, str]) -> None:
    """401 and the same words, whatever the body; nothing is written."""
    before = known.db.snapshot(known.org)
    answers = [asked(headers, body) for body in (BODY, "{broken", "[" * 9999, "x" * 2_000_000)]
    assert {(each.status, each.json["error"], each.code) for each in answers} == {
        (401, "Sign in first.", "UNAUTHORIZED")
    }
    assert known.db.snapshot(known.org) == before


def test_without_any_the_database_is_not_asked(known: World) -> None:
    """A flood without a credential costs nothing."""
    with wire() as watched:
        assert asked({}).status == 401
    assert watched.requests == []


def test_every_tool_asks(db: Database, org: str) -> None:
    """No function of theirs forgets to."""
    for case in tools():
        press = case.press(org).header("x-vapi-secret", None)
        assert press.sent_to(case).status == 401
    event = Press(event_of("vapi_webhook", "two_tools")).header("x-vapi-secret", None).event
    assert Answer.of(handlers()["vapi_webhook"](event)).status == 401


def test_a_number_of_the_business_is_no_credential(known: World) -> None:
    """Numbers are found by the same index, under hashes of another kind."""
    from closedloop.texts.handlers import webhook  # noqa: PLC0415

    number = "+13125550100-long-enough"
    row = {"id": f"number#{number}", "credential_hash": webhook.credential(number)}
    known.db.put(known.org, {"orgs": [row]})
    for secret in (number, f"twilio#{number}", row["credential_hash"]):
        assert asked({"x-vapi-secret": secret}).status == 401


def test_two_tokens_are_valid_while_one_follows_the_other(known: World) -> None:
    """The new one is there before the old one goes; a revoked one ends within a minute."""
    old, new = f"{known.org}-old-token", f"{known.org}-new-token"
    for number, token in enumerate((old, new), 3):
        row = {"id": f"credential#vapi#{number}", "credential_hash": credentials.of_token(token)}
        known.db.put(known.org, {"orgs": [row]})
    assert [asked({"x-vapi-secret": each}).status for each in (old, new)] == [200, 200]
    known.db.put(known.org, {"orgs": [{"id": "credential#vapi#3", "revoked": "yes"}]})
    voice._known.clear()  # noqa: SLF001 - what a minute does
    assert [asked({"x-vapi-secret": each}).status for each in (old, new)] == [401, 200]


def test_a_token_is_looked_up_once_a_minute(known: World) -> None:
    """The answer within a call does not wait for it."""
    asked({"x-vapi-secret": TOKEN})
    with wire() as watched:
        asked({"x-vapi-secret": TOKEN})
    assert watched.requests == ["Query"]  # of the calendar


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("scale", [1, 1000])
@pytest.mark.parametrize("late", [-299, 0, 299])
def test_a_signature_opens(known: World, key: str, scale: int, late: int) -> None:
    """Of either key, in seconds or milliseconds, at most five minutes off."""
    headers = signed(known.at.timestamp() - late, key, scale=scale)
    assert asked(headers, query={"credential": known.org}).status == 200


def test_a_prefix_of_a_signature_is_known(known: World) -> None:
    """`sha256=` before it, as some senders write."""
    headers = signed(known.at.timestamp())
    headers["x-signature"] = "sha256=" + headers["x-signature"].upper()
    assert asked(headers, query={"credential": known.org}).status == 200


SPOILED: dict[str, Callable[[Any], tuple[dict[str, str], str, dict[str, str]]]] = {
    "old": lambda w: (signed(w.at.timestamp() - 302), BODY, {"credential": w.org}),
    "from the future": lambda w: (signed(w.at.timestamp() + 302), BODY, {"credential": w.org}),
    "another key": lambda w: (signed(w.at.timestamp(), "other"), BODY, {"credential": w.org}),
    "another body": lambda w: (signed(w.at.timestamp()), BODY + " ", {"credential": w.org}),
    "another time": lambda w: (
        signed(w.at.timestamp(), changed={"x-timestamp": str(int(w.at.timestamp()) + 1)}),
        BODY,
        {"credential": w.org},
    ),
    "no credential": lambda w: (signed(w.at.timestamp()), BODY, {}),
    "an unknown one": lambda w: (signed(w.at.timestamp()), BODY, {"credential": "other"}),
    "an odd one": lambda w: (signed(w.at.timestamp()), BODY, {"credential": "a#b"}),
    "no time": lambda w: (
        signed(w.at.timestamp(), changed={"x-timestamp": ""}), BODY, {"credential": w.org},
    ),
    "no number": lambda w: (
        signed(w.at.timestamp(), changed={"x-timestamp": "²" * 10}), BODY, {"credential": w.org},
    ),
    "half of it": lambda w: (
        signed(w.at.timestamp(), changed={"x-signature": "ab"}), BODY, {"credential": w.org},
    ),
    "a bad one beside a good token": lambda w: (
        {"x-vapi-secret": TOKEN, **signed(w.at.timestamp(), "other")}, BODY, {"credential": w.org},
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_signature_opens_nothing(known: World, how: str) -> None:
    """Body, time and key all count, and a replay is old after five minutes."""
    headers, body, query = SPOILED[how](known)
    assert asked(headers, body, query).status == 401


def test_secrets_are_stored_hashed(known: World) -> None:
    """Whoever reads the table cannot call."""
    stored = json.dumps(known.db.rows("orgs", known.org), default=str)
    assert TOKEN not in stored
    assert not any(key in stored for key in KEYS)


def test_the_keys_come_from_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """One or two for a credential; none for an unknown one."""
    kept = {"signing_keys": {"a": "one", "b": ["one", "two"]}}
    monkeypatch.setattr("closedloop.voice.wiring._secret", lambda: kept)
    assert [voice.signing_keys(each) for each in "abc"] == [["one"], ["one", "two"], []]


def test_a_body_of_a_megabyte_is_too_large(known: World) -> None:
    """An envelope carries a whole conversation, and no more; it is said to whom we know alone."""
    headers = {"x-vapi-secret": TOKEN}
    for size, status in ((900_000, 204), (1_100_000, 413)):
        message = {"message": {"type": "transcript", "transcript": "x" * size}}
        assert asked(headers, json.dumps(message)).status == status

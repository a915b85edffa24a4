"""How much one connection may have, send and how long it lasts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from closedloop import wiring
from closedloop.realtime import subscriptions
from tests.realtime.support import held, opened, send, stored

if TYPE_CHECKING:
    from tests.support.database import Database


def test_twenty_subscriptions_are_all(db: Database, connection: str) -> None:
    """One more is refused as a whole; what there is stays; the same again is no more."""
    ids = [f"id-{number}" for number in range(19)]
    assert send(connection, {"action": "subscribe", "tables": ["leads"], "ids": ids})["tables"]
    assert send(connection, {"action": "subscribe", "tables": ["jobs"]})["type"] == "SUBSCRIBED"
    answer = send(connection, {"action": "subscribe", "tables": ["calls", "leads"]})
    assert (answer["type"], answer["code"]) == ("ERROR", "LIMIT_EXCEEDED")
    assert held(db, connection) == {"jobs", *(f"leads#{each}" for each in ids)}
    assert send(connection, {"action": "subscribe", "tables": ["jobs"]})["type"] == "SUBSCRIBED"


def test_a_message_may_have_32_kb(db: Database, connection: str) -> None:
    """To the byte, counted as it comes over the wire."""
    room = subscriptions.MESSAGE_BYTES - len(json.dumps({"action": "x", "a": ""}))
    fits = json.dumps({"action": "x", "a": "a" * room})
    assert send(connection, fits, raw=True)["code"] == "UNKNOWN_ACTION"
    assert send(connection, fits + " ", raw=True)["code"] == "LIMIT_EXCEEDED"
    wide = json.dumps({"action": "x", "a": "é" * (room // 2 + 1)}, ensure_ascii=False)
    assert send(connection, wide, raw=True)["code"] == "LIMIT_EXCEEDED"


def test_sixty_messages_a_minute_are_all(
    db: Database, connection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pings and subscriptions count alike; the next minute begins anew."""
    now = datetime(2100, 1, 1, 12, 0, 30, tzinfo=UTC)
    _never_ends(db, connection)
    monkeypatch.setattr("closedloop.wiring.now", lambda: now)
    for _ in range(58):
        assert send(connection, {"action": "ping"}) == {"type": "PONG"}
    send(connection, {"action": "subscribe", "tables": ["leads"]})
    send(connection, {"action": "unsubscribe", "tables": ["jobs"]})
    for message in ({"action": "ping"}, {"action": "subscribe", "tables": ["jobs"]}):
        assert send(connection, message)["code"] == "RATE_LIMITED"
    assert held(db, connection) == {"leads"}
    later = now + timedelta(seconds=30)
    monkeypatch.setattr("closedloop.wiring.now", lambda: later)
    assert send(connection, {"action": "ping"}) == {"type": "PONG"}
    row = stored(db, connection)
    assert row is not None
    assert list(row["messages"].values()) == [1]


def test_a_rate_is_a_connections_own(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that shouts does not silence another."""
    now = datetime(2100, 1, 1, tzinfo=UTC)
    one, other = opened(org, uuid4().hex), opened(org, uuid4().hex)
    for each in (one, other):
        _never_ends(db, each)
    monkeypatch.setattr("closedloop.wiring.now", lambda: now)
    answers = [send(one, {"action": "ping"})["type"] for _ in range(62)]
    assert answers == ["PONG"] * 60 + ["ERROR"] * 2
    assert send(other, {"action": "ping"}) == {"type": "PONG"}


@pytest.mark.parametrize("action", ["ping", "subscribe"])
def test_a_connection_whose_time_is_over_is_gone(
    db: Database, connection: str, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After two hours and ten minutes, row or no row."""
    message = {"action": action} | ({"tables": ["leads"]} if action == "subscribe" else {})
    later = wiring.now() + timedelta(hours=2, minutes=11)
    monkeypatch.setattr("closedloop.wiring.now", lambda: later)
    assert send(connection, message)["code"] == "UNAUTHORIZED"
    assert held(db, connection) == set()
    assert send(uuid4().hex, message)["code"] == "UNAUTHORIZED"


def _never_ends(db: Database, connection: str) -> None:
    db.client.update_item(
        TableName=db.prefix + "connections",
        Key={"connection_id": {"S": connection}},
        UpdateExpression="SET expires_at = :end",
        ExpressionAttributeValues={":end": {"N": "99999999999"}},
    )

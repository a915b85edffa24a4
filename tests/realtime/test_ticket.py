"""Tickets: one for whoever is signed in, good once, for half a minute, for one org."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger
from hypothesis import given
from hypothesis import strategies as st

from closedloop import wiring
from closedloop.dynamo.codec import item, row
from tests.realtime.support import connect, issued, stored
from tests.support.actions import ALICE, BOB, Answer, Press, event_of, handlers
from tests.support.database import PREFIX
from tests.support.examples import freely
from tests.support.wire import Killed, kill, lose_answer, wire

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from tests.support.database import Database


def ask(press: Press) -> Answer:
    """The answer to a request for a ticket."""
    return Answer.of(handlers()["realtime_ticket"](press.event))


def press(org: str) -> Press:
    """Alice of this org asks for a ticket."""
    return Press(event_of("realtime_ticket", "issued")).by(ALICE, org)


def kept(db: Database, ticket: str) -> Row | None:
    """What is stored of a ticket."""
    key = "ticket#" + hashlib.sha256(ticket.encode()).hexdigest()
    found = db.client.get_item(TableName=PREFIX + "system", Key=item({"id": key}))
    return row(found["Item"]) if "Item" in found else None


def test_a_ticket_is_answered_and_only_its_hash_is_kept(db: Database, org: str) -> None:
    """The reply has ticket, time and URL; the table holds whom it lets in, never the ticket."""
    before = int(wiring.now().timestamp())
    answer = ask(press(org))
    ticket = answer.json["ticket"]
    assert answer.json == {
        "success": True,
        "ticket": ticket,
        "expires_in": 30,
        "url": "wss://sockets.example.com/live",
    }
    assert len(ticket) == 43
    assert answer.headers["Cache-Control"] == "no-store"
    found = kept(db, ticket)
    assert found is not None
    assert 30 <= found.pop("expiration") - before <= 45  # a slow machine answers late
    assert ticket not in str(found)
    assert {name: found[name] for name in ("org_id", "actor", "roles")} == {
        "org_id": org,
        "actor": {"id": ALICE, "email": f"{ALICE}@example.com"},
        "roles": ["staff"],
    }


def test_it_takes_one_request_and_no_key(db: Database, org: str) -> None:
    """One request; nothing in the audit log, no idempotency record, another ticket each time."""
    with wire() as watched:
        first, second = ask(press(org)), ask(press(org).key("key-12345678"))
    assert watched.requests == ["TransactWriteItems", "TransactWriteItems"]
    assert first.json["ticket"] != second.json["ticket"]
    assert (db.audit(org), db.records(org)) == ([], [])


@pytest.mark.parametrize(
    ("claims", "status", "code"),
    [
        (None, 401, "UNAUTHORIZED"),
        ({"cognito:groups": "[staff]", "custom:org_id": "x"}, 401, "UNAUTHORIZED"),
        ({"sub": "u", "cognito:groups": "[staff]"}, 403, "FORBIDDEN"),
        ({"sub": "u", "cognito:groups": "[staff]", "custom:org_id": "a b"}, 403, "FORBIDDEN"),
        ({"sub": "u", "cognito:groups": "[guest]", "custom:org_id": "x"}, 403, "FORBIDDEN"),
        ({"sub": "u", "custom:org_id": "x"}, 403, "FORBIDDEN"),
    ],
)
def test_who_is_not_signed_in_gets_none(
    db: Database, org: str, claims: dict[str, str] | None, status: int, code: str
) -> None:
    """No identity, no business, no role: nothing is asked of the database."""
    with wire() as watched:
        answer = ask(press(org).claims(claims))
    assert (answer.status, answer.code, watched.requests) == (status, code, [])


@pytest.mark.parametrize("role", ["owner", "manager", "staff"])
def test_any_role_gets_one(db: Database, org: str, role: str) -> None:
    """Everybody's screen shows changes."""
    assert ask(press(org).by(ALICE, org, f"[{role}]")).status == 200


@freely(30)
@given(text=st.text(min_size=1) | st.binary(min_size=1).map(lambda raw: raw.decode("latin-1")))
def test_a_body_that_says_anything_is_refused(db: Database, org: str, text: str) -> None:
    """The caller cannot name an org, a user or a time; only an empty object passes."""
    event = Press(event_of("realtime_ticket", "issued_empty_object")).by(ALICE, org)
    answer = ask(event.body(text))
    if text.strip(" \t\r\n") != "{}":
        assert (answer.status, answer.code) == (400, "VALIDATION_FAILED")


def test_a_body_over_64_kb_is_413(db: Database, org: str) -> None:
    """As for every route."""
    event = Press(event_of("realtime_ticket", "issued_empty_object")).by(ALICE, org)
    assert ask(event.body(json.dumps({"x": "a" * 70_000}))).code == "PAYLOAD_TOO_LARGE"


def test_a_ticket_opens_one_socket_of_its_org(db: Database, org: str) -> None:
    """The connection is the ticket's user's and org's; the ticket is gone."""
    connection = uuid4().hex
    ticket = issued(org, BOB)
    with wire() as watched:
        assert connect(connection, ticket) == 200
    assert watched.requests == ["DeleteItem", "UpdateItem", "PutItem"]
    found = stored(db, connection)
    assert found is not None
    now = wiring.now().timestamp()
    assert 7790 <= found.pop("expires_at") - now <= 7800
    assert found.pop("connected_at")[:4].isdigit()
    assert found == {
        "connection_id": connection,
        "org_id": org,
        "actor": {"id": BOB, "email": f"{BOB}@example.com"},
        "messages": {},
        "subscriptions": {},
    }
    assert kept(db, ticket) is None
    assert connect(uuid4().hex, ticket) == 401


def test_twenty_at_once_open_one_socket(db: Database, org: str) -> None:
    """A ticket that leaked opens nothing that its owner does not miss."""
    ticket = issued(org)
    names = [uuid4().hex for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda name: connect(name, ticket), names))
    assert sorted(statuses) == [200] + [401] * 19
    assert [stored(db, name) is not None for name in names] == [each == 200 for each in statuses]


def test_a_crash_between_the_two_writes_leaves_no_ticket(db: Database, org: str) -> None:
    """The ticket goes first: killed after that, nobody connects with it any more."""
    ticket = issued(org)
    with wire() as watched:
        watched.after[0] = kill
        with pytest.raises(Killed):
            connect(uuid4().hex, ticket)
    assert connect(uuid4().hex, ticket) == 401


def test_a_lost_answer_never_lets_in_twice(db: Database, org: str) -> None:
    """When the answer of the redemption is lost, the ticket is too; the client asks for another."""
    ticket = issued(org)
    first = uuid4().hex
    with wire() as watched:
        watched.after[0] = lose_answer
        assert connect(first, ticket) == 401
    assert stored(db, first) is None
    assert connect(uuid4().hex, ticket) == 401


def test_an_expired_ticket_opens_nothing(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its own time, whether or not TTL has cleaned it away."""
    ticket = issued(org)
    later = wiring.now() + timedelta(seconds=31)
    monkeypatch.setattr("closedloop.wiring.now", lambda: later)
    assert connect(uuid4().hex, ticket) == 401
    assert kept(db, ticket) is not None


@pytest.mark.parametrize("ticket", [None, "", "x", "A" * 43, "é" * 43, "A" * 44, "A" * 5000])
def test_a_wrong_ticket_opens_nothing(db: Database, ticket: str | None) -> None:
    """Missing, malformed or never issued."""
    with wire() as watched:
        assert connect(uuid4().hex, ticket) == 401
    assert watched.requests == (["DeleteItem"] if ticket == "A" * 43 else [])


def test_neither_ticket_nor_token_is_logged(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line names route and outcome; nothing that opens anything."""
    lines = StringIO()
    logger = Logger(service=f"test-{uuid4()}", stream=lines, location=None)
    monkeypatch.setattr("closedloop.edge.log._logger", lambda: logger)
    asked = press(org).header("authorization", "Bearer SECRET")
    ticket = ask(asked).json["ticket"]
    for _ in range(2):
        connect(uuid4().hex, ticket, origin="https://app.example.com")
    written: list[dict[str, Any]] = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [line["message"] for line in written] == ["Done", "Done", "Refused"]
    assert [line["action"] for line in written] == ["realtime_ticket", *["socket_connect"] * 2]
    assert ticket not in lines.getvalue()
    assert "SECRET" not in lines.getvalue()
    assert "@example.com" not in lines.getvalue()

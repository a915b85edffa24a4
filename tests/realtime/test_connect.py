"""Which pages may open a socket, and how a connection ends."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closedloop.realtime import subscriptions
from tests.realtime.support import connect, issued, opened, send, stored
from tests.support.actions import event_of, handlers
from tests.support.wire import fail, throttle, wire

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tests.support.database import Database

OURS = "https://app.example.com"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (OURS, 200),
        ("http://localhost:5173", 200),
        ("HTTPS://APP.example.com", 200),
        (None, 200),
        ("https://evil.example.com", 403),
        ("https://app.example.com.evil.com", 403),
        ("http://app.example.com", 403),
        ("https://app.example.com:444", 403),
        ("null", 403),
        ("", 403),
        ("*", 403),
    ],
)
def test_the_origin_must_be_ours(db: Database, org: str, origin: str | None, status: int) -> None:
    """A browser's page of another origin is refused; a client without an origin is no page."""
    assert connect(uuid4().hex, issued(org), origin) == status


def test_a_strange_page_does_not_use_the_ticket_up(db: Database, org: str) -> None:
    """Refused before the ticket is looked at: its owner still gets in."""
    ticket = issued(org)
    with wire() as watched:
        assert connect(uuid4().hex, ticket, "https://evil.example.com") == 403
    assert watched.requests == []
    assert connect(uuid4().hex, ticket, OURS) == 200


@given(origin=st.text(), allowed=st.lists(st.text(min_size=1)))
def test_only_a_listed_origin_passes(origin: str, allowed: list[str]) -> None:
    """Whatever is sent: it is in the list, or the list allows all."""
    known = {each.strip().lower() for each in allowed}
    assert subscriptions.may_connect(origin, allowed) is (bool({origin.lower(), "*"} & known))


@pytest.mark.parametrize("trouble", [throttle, fail])
def test_while_the_database_is_away_nobody_gets_in(
    db: Database, org: str, trouble: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The upgrade is refused and the ticket stays good."""
    monkeypatch.setattr("closedloop.dynamo.transaction.time.sleep", lambda _: None)
    ticket = issued(org)
    with wire() as watched:
        watched.always = trouble
        assert connect(uuid4().hex, ticket) in {429, 503}
    assert connect(uuid4().hex, ticket) == 200


def test_a_connection_that_ends_is_forgotten(db: Database, org: str) -> None:
    """And once more does no harm."""
    connection = opened(org, uuid4().hex)
    event = event_of("socket_disconnect", "closed")
    event["requestContext"]["connectionId"] = connection
    for _ in range(2):
        assert handlers()["socket_disconnect"](event)["statusCode"] == 200
    assert stored(db, connection) is None
    assert send(connection, {"action": "ping"})["code"] == "UNAUTHORIZED"


def test_an_end_that_cannot_be_noted_is_no_fault(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Best effort: the row expires, or is found gone."""
    monkeypatch.setattr("closedloop.dynamo.transaction.time.sleep", lambda _: None)
    with wire() as watched:
        watched.always = fail
        event = event_of("socket_disconnect", "closed")
        assert handlers()["socket_disconnect"](event)["statusCode"] == 200


def test_a_message_cannot_pose_as_the_gateway(db: Database, org: str) -> None:
    """A client that names the gateway's own route sends a message: it has no ticket with it."""
    connection = opened(org, uuid4().hex, "leads")
    event = event_of("socket_message", "ping")
    event["requestContext"] |= {"connectionId": connection, "routeKey": "$connect"}
    event["body"] = '{"action": "$connect"}'
    assert handlers()["socket_connect"](event)["statusCode"] == 400
    assert send(connection, {"action": "$disconnect"})["code"] == "UNKNOWN_ACTION"
    row = stored(db, connection)
    assert row is not None
    assert row["subscriptions"] == {"leads": True}

"""Each rule of a connection at its borders, without any database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from closedloop.core.cursors import ChangeCursor
from closedloop.core.errors import RateLimitedError, UnauthorizedError
from closedloop.core.tables import TABLES
from closedloop.realtime import subscriptions
from closedloop.realtime.errors import LimitExceededError
from closedloop.realtime.mail import Reader
from closedloop.realtime.subscriptions import Connection, Ping, Subscribe, Unsubscribe

NOW = datetime(2026, 11, 20, 12, 0, 59, tzinfo=UTC)
MINUTE = int(NOW.timestamp()) // 60


def subscribe(**more: Any) -> Subscribe:
    """A message that subscribes to leads unless told otherwise."""
    return Subscribe.model_validate({"action": "subscribe", "tables": ["leads"], **more})


def test_what_is_kept_of_a_connection() -> None:
    """Org and person of the ticket, no subscription yet; forgotten a little after two hours."""
    actor = {"id": "alice", "email": "a@example.com"}
    row = subscriptions.connection_row("c1", {"org_id": "demo", "actor": actor, "x": 1}, NOW)
    assert row == {
        "connection_id": "c1",
        "org_id": "demo",
        "actor": actor,
        "connected_at": "2026-11-20T12:00:59.000Z",
        "expires_at": int(NOW.timestamp()) + 7800,
        "messages": {},
        "subscriptions": {},
    }
    assert subscriptions.connection(row) == Connection("c1", frozenset())
    row["subscriptions"] = {"leads": True, "packed": True}
    assert subscriptions.connection(row).reader == Reader("c1", packed=True)


@pytest.mark.parametrize(
    ("origin", "allowed", "may"),
    [
        (None, [], True),
        ("https://app.example.com", ["https://app.example.com"], True),
        ("https://APP.example.com", [" https://App.example.com "], True),
        ("https://evil.example.com", ["https://app.example.com"], False),
        ("https://any.example.com", ["*"], True),
        ("", ["https://app.example.com"], False),
        ("null", [], False),
    ],
)
def test_a_strange_page_opens_no_socket(
    origin: str | None, allowed: list[str], *, may: bool
) -> None:
    """Known origins whatever their case; without an origin the ticket alone decides."""
    assert subscriptions.may_connect(origin, allowed) is may


@pytest.mark.parametrize("held", [set(), {"packed"}])
def test_twenty_subscriptions_fit_and_no_more(held: set[str]) -> None:
    """Tables and rows count alike; that a client reads packed events is none."""
    ids = [f"l{i}" for i in range(20)]
    full = subscriptions.subscribed(subscribe(ids=ids), frozenset(held))
    assert full == {f"leads#{each}" for each in ids} | held
    assert subscriptions.subscribed(subscribe(ids=ids[:1]), full) == full
    with pytest.raises(LimitExceededError):
        subscriptions.subscribed(subscribe(), full)


def test_how_a_client_reads_is_said_once() -> None:
    """Said with any subscription, it stays, and nothing else is added by it."""
    first = subscriptions.subscribed(subscribe(packed=True), frozenset())
    assert first == {"leads", "packed"}
    assert subscriptions.subscribed(subscribe(tables=["jobs"]), first) == first | {"jobs"}
    assert subscriptions.subscribed(subscribe(), frozenset()) == {"leads"}


def test_a_subscription_ends_by_its_table() -> None:
    """Whole or by row, and no table whose name begins alike."""
    held = frozenset({"leads", "leads#a", "jobs#a", "packed"})
    message = Unsubscribe(action="unsubscribe", tables=["leads"])
    assert subscriptions.unsubscribed(message, held) == {"jobs#a", "packed"}


@pytest.mark.parametrize("seconds", [-1, 0, None])
def test_a_connection_whose_time_is_over_has_ended(seconds: int | None) -> None:
    """No row, or the very second that it ends in; a second before it is open."""
    ends = int(NOW.timestamp())
    row = None if seconds is None else {"expires_at": ends + seconds}
    with pytest.raises(UnauthorizedError):
        subscriptions.still_open(row, NOW)
    alive = {"expires_at": ends + 1}
    assert subscriptions.still_open(alive, NOW) is alive


@pytest.mark.parametrize("messages", [{}, {str(MINUTE): 59}, {str(MINUTE - 1): 60}])
def test_sixty_messages_a_minute(messages: dict[str, int]) -> None:
    """Counted by the minute of the clock: those of the last one do not matter."""
    row = {"messages": messages}
    assert subscriptions.within_rate(row, NOW) is row
    with pytest.raises(RateLimitedError, match="60 messages a minute"):
        subscriptions.within_rate({"messages": {str(MINUTE): 60}}, NOW)
    assert subscriptions.rate(NOW) == {"minute": MINUTE, "limit": 60}


def test_a_subscription_is_answered_with_where_to_catch_up_from() -> None:
    """Now for a new client; its own cursor, and perhaps more, for one that was away."""
    new = subscriptions.subscribed_reply(subscribe(), NOW)
    now = str(ChangeCursor.at(NOW))
    assert new == {
        "type": "SUBSCRIBED", "tables": ["leads"], "cursor": now, "resync": False, "more": False,
    }  # fmt: skip
    since = str(ChangeCursor.at(NOW - timedelta(hours=1)))
    away = subscriptions.subscribed_reply(subscribe(since=since), NOW)
    assert (away["cursor"], away["resync"], away["more"]) == (since, False, True)


def test_a_cursor_that_is_too_old_starts_anew() -> None:
    """Read the lists again, and go on from now."""
    since = str(ChangeCursor.at(NOW - timedelta(days=3650)))
    old = subscriptions.subscribed_reply(subscribe(since=since), NOW)
    assert (old["cursor"], old["resync"], old["more"]) == (str(ChangeCursor.at(NOW)), True, False)


def test_a_change_goes_to_those_who_asked_for_it() -> None:
    """By table or row, as positions in order; who wants none is left out."""
    rows = [("leads", "a"), ("jobs", "a"), ("leads", "b")]
    some = [
        Connection("all", frozenset({"leads", "jobs"})),
        Connection("one", frozenset({"leads#b", "packed"})),
        Connection("same", frozenset({"leads#b", "packed"})),
        Connection("none", frozenset({"calls"})),
    ]
    assert subscriptions.addressed(some, rows) == {
        Reader("all"): (0, 1, 2),
        Reader("one", packed=True): (2,),
        Reader("same", packed=True): (2,),
    }


@pytest.mark.parametrize(
    ("action", "model"),
    [
        ("subscribe", Subscribe), ("unsubscribe", Unsubscribe), ("ping", Ping),
        ("Ping", None), (None, None), (["ping"], None), (1, None),
    ],
)  # fmt: skip
def test_a_message_is_known_by_its_action(action: object, model: object) -> None:
    """Whatever else stands there is no message, and no fault."""
    assert subscriptions.message_of(action) is model


def test_every_table_that_screens_follow_can_be_subscribed_to_at_once() -> None:
    """The bound of a message grows with the tables."""
    assert subscribe(tables=list(TABLES)).tables == list(TABLES)

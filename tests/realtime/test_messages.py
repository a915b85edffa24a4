"""What a client may send over its socket, and what it is answered: never a fault."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closedloop import wiring
from closedloop.core.cursors import ChangeCursor
from tests.realtime.support import connect, held, issued, opened, send, stored
from tests.support.asking import ask
from tests.support.clock import IN_TIME, Clock
from tests.support.examples import freely
from tests.support.wire import fail, lose_answer, throttle, wire

if TYPE_CHECKING:
    from tests.support.database import Database

ALL = ["appointments", "calls", "contacts", "jobs", "leads", "sms_logs"]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
FREELY = freely(60)


def test_subscribing_is_committed_before_it_is_answered(db: Database, connection: str) -> None:
    """One write, then the answer: what commits from then on is announced to this connection."""
    with wire() as watched:
        answer = send(connection, {"action": "subscribe", "tables": ["leads", "jobs"]})
    assert watched.requests == ["UpdateItem"]
    cursor = answer.pop("cursor")
    assert answer == {
        "type": "SUBSCRIBED",
        "tables": ["leads", "jobs"],
        "resync": False,
        "more": False,
    }
    assert held(db, connection) == {"leads", "jobs"}
    assert not ChangeCursor.parse(cursor).is_too_old(wiring.now())


def test_subscriptions_add_up_and_go_by_table(db: Database, connection: str) -> None:
    """Rows and tables side by side; unsubscribing ends a table with all its rows."""
    send(connection, {"action": "subscribe", "tables": ["leads", "jobs"], "ids": ["a", "b"]})
    with wire() as watched:
        send(connection, {"action": "subscribe", "tables": ["leads"]})
    assert watched.requests == ["UpdateItem", "UpdateItem"]
    assert held(db, connection) == {"leads#a", "leads#b", "jobs#a", "jobs#b", "leads"}
    answer = send(connection, {"action": "unsubscribe", "tables": ["leads", "calls"]})
    assert answer == {"type": "UNSUBSCRIBED", "tables": ["leads", "calls"]}
    assert held(db, connection) == {"jobs#a", "jobs#b"}


def test_a_ping_is_one_write_and_a_pong(db: Database, connection: str) -> None:
    """It changes no subscription, so the index of the org is not written."""
    send(connection, {"action": "subscribe", "tables": ["leads"]})
    with wire() as watched:
        assert send(connection, {"action": "ping"}) == {"type": "PONG"}
    assert watched.requests == ["UpdateItem"]
    assert held(db, connection) == {"leads"}


def test_messages_at_once_undo_nothing(db: Database, connection: str) -> None:
    """Four subscriptions race: whoever is told yes is in the row."""
    tables = ALL[:4]
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(
            lambda table: send(connection, {"action": "subscribe", "tables": [table]}), tables
        )
    accepted = {each["tables"][0] for each in answers if each["type"] == "SUBSCRIBED"}
    assert accepted
    assert held(db, connection) == accepted


def test_a_cursor_says_where_to_catch_up(db: Database, org: str, connection: str) -> None:
    """`since` comes back with `more`: the changes are asked for, not pushed."""
    since = ask("changes", org).json["cursor"]
    answer = send(connection, {"action": "subscribe", "tables": ["leads"], "since": since})
    assert (answer["cursor"], answer["more"], answer["resync"]) == (since, True, False)
    assert ask("changes", org, since=answer["cursor"], tables="leads").status == 200


def test_a_cursor_of_last_week_says_resync(db: Database, connection: str) -> None:
    """Past a week: read the lists anew and go on from the cursor of now, subscribed."""
    old = str(ChangeCursor.at(datetime.now(UTC) - timedelta(days=7, seconds=5)))
    answer = send(connection, {"action": "subscribe", "tables": ["leads"], "since": old})
    assert (answer["more"], answer["resync"]) == (False, True)
    assert not ChangeCursor.parse(answer["cursor"]).is_too_old(wiring.now())
    assert held(db, connection) == {"leads"}


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ({"action": "subscribe"}, "tables"),
        ({"action": "subscribe", "tables": []}, "tables"),
        ({"action": "subscribe", "tables": "leads"}, "tables"),
        ({"action": "subscribe", "tables": ["orgs"]}, "tables.0"),
        ({"action": "subscribe", "tables": ["system"]}, "tables.0"),
        ({"action": "subscribe", "tables": ["leads"] * 8}, "tables"),
        ({"action": "subscribe", "tables": ["leads"], "ids": []}, "ids"),
        ({"action": "subscribe", "tables": ["leads"], "ids": ["a b"]}, "ids.0"),
        ({"action": "subscribe", "tables": ["leads"], "ids": ["a#b"]}, "ids.0"),
        ({"action": "subscribe", "tables": ["leads"], "ids": ["a"] * 21}, "ids"),
        ({"action": "subscribe", "tables": ["leads"], "since": "x"}, "since"),
        ({"action": "subscribe", "tables": ["leads"], "since": ""}, "since"),
        ({"action": "subscribe", "tables": ["leads"], "org_id": "other"}, "org_id"),
        ({"action": "unsubscribe", "tables": ["leads"], "ids": ["a"]}, "ids"),
        ({"action": "ping", "tables": ["leads"]}, "tables"),
    ],
)
def test_what_does_not_fit_is_named(
    db: Database, connection: str, message: dict[str, Any], field: str
) -> None:
    """The field is named, nothing is written, and the org can be nowhere but in the ticket."""
    with wire() as watched:
        answer = send(connection, message)
    assert (answer["type"], answer["code"]) == ("ERROR", "VALIDATION_FAILED")
    assert field in [each["path"] for each in answer["fields"]]
    assert watched.requests == []


@pytest.mark.parametrize(
    "message",
    [{}, {"action": None}, {"action": 1}, {"action": ["subscribe"]}, {"action": {}},
     {"action": "Subscribe"}, {"action": "$connect"}, {"action": "publish"}],
)  # fmt: skip
def test_an_unknown_action_is_said(connection: str, message: dict[str, Any]) -> None:
    """With a code of its own."""
    assert send(connection, message)["code"] == "UNKNOWN_ACTION"


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", '"ping"', "NaN", '{"action": NaN}', "[" * 10_000, '{"a":' * 6_000,
     "9" * 5000, "\ud800", '{"action": "\\ud800"}', '{"action": "ping",}', "\ufeff{}"],
)  # fmt: skip
def test_hostile_text_is_refused(connection: str, text: str) -> None:
    """Depth, surrogates, huge numbers, other roots: an answer, never a fault."""
    assert send(connection, text, raw=True)["code"] in {"VALIDATION_FAILED", "UNKNOWN_ACTION"}


@FREELY
@given(message=ANYTHING | st.dictionaries(st.sampled_from(["action", "tables", "ids"]), ANYTHING))
def test_any_json_is_answered(db: Database, connection: str, message: object) -> None:
    """Whatever a client sends: a message of a known type, and nothing of what it sent in it."""
    answer = send(connection, message)
    assert (answer["type"], answer["code"] in {"VALIDATION_FAILED", "UNKNOWN_ACTION"}) == (
        "ERROR",
        True,
    )


@FREELY
@given(
    tables=st.lists(st.sampled_from(ALL), min_size=1, max_size=6),
    ids=st.none() | st.lists(st.text(alphabet="ab:._-9", min_size=1, max_size=64), max_size=25),
    since=st.none() | st.text(max_size=90) | st.from_regex(r"c-\d{1,20}", fullmatch=True),
)
def test_any_subscription_is_held_or_refused(
    db: Database, org: str, tables: list[str], ids: list[str] | None, since: str | None
) -> None:
    """Either all of it is in the row, or nothing of it and the answer says why."""
    connection = opened(f"{org}-{uuid4().hex[:8]}", uuid4().hex)
    sent = {"action": "subscribe", "tables": tables, "ids": ids, "since": since}
    answer = send(connection, {name: each for name, each in sent.items() if each is not None})
    pairs = set(tables) if ids is None else {f"{table}#{each}" for table in tables for each in ids}
    if answer["type"] == "SUBSCRIBED":
        assert held(db, connection) == pairs
        assert len(pairs) <= 20
    else:
        assert answer["code"] in {"VALIDATION_FAILED", "LIMIT_EXCEEDED"}
        assert held(db, connection) == set()


def test_a_connection_says_nothing_for_another(db: Database, org: str) -> None:
    """Two orgs subscribe to the same table and row: each row stays its own org's."""
    names = {each: uuid4().hex for each in (org, f"{org}-other")}
    for each, name in names.items():
        assert connect(name, issued(each)) == 200
        send(name, {"action": "subscribe", "tables": ["leads"], "ids": ["a"]})
    rows = {each: stored(db, name) for each, name in names.items()}
    assert {each: row["org_id"] for each, row in rows.items() if row} == {
        each: each for each in names
    }


def test_trouble_is_answered_too(
    db: Database, connection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database away, an answer lost, a defect of ours: a message each time."""
    monkeypatch.setattr("closedloop.dynamo.transaction.time.sleep", lambda _: None)
    subscribe = {"action": "subscribe", "tables": ["leads"]}
    with wire() as watched:
        watched.after[0] = lose_answer
        assert send(connection, subscribe)["type"] == "SUBSCRIBED"
    with wire() as watched:
        watched.always = fail
        assert send(connection, subscribe)["code"] == "SERVICE_UNAVAILABLE"
    monkeypatch.setattr("closedloop.realtime.subscriptions.message_of", lambda _: 1 / 0)
    assert send(connection, subscribe)["code"] == "INTERNAL"


def test_slow_trouble_is_answered_in_time(
    db: Database, connection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rounds and repeats have one deadline, and what was not done then can be asked for again."""
    send(connection, {"action": "subscribe", "tables": ["jobs"]})
    subscribe, clock = {"action": "subscribe", "tables": ["leads"]}, Clock(monkeypatch)
    with wire() as watched:
        watched.always = clock.slow(throttle, tries=2)
        assert send(connection, subscribe)["code"] == "RATE_LIMITED"
    assert clock.seconds <= IN_TIME
    assert held(db, connection) == {"jobs"}
    clock.seconds = 0
    assert send(connection, subscribe)["type"] == "SUBSCRIBED"

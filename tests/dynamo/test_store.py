"""Commits with a key and without: what a key's entry keeps, and what a refused commit tells."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools.utilities.idempotency.exceptions import IdempotencyKeyError

from closedloop import wiring
from closedloop.core import journal
from closedloop.core.decision import Actor, Context, Plan, StaleError
from closedloop.core.errors import IdempotencyKeyReusedError
from closedloop.core.writes import Change
from closedloop.dynamo.store import Store

if TYPE_CHECKING:
    from closedloop.dynamo.idempotency import Keyed
    from tests.support.database import Database

DAY = 86_400
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEY = "key-12345678"
REPLY = {"status": 200, "body": '{"success":true}'}


@pytest.fixture
def store(db: Database) -> Store:
    """A store that keeps its entries for a day."""
    return Store(wiring.dynamodb(), db.prefix, DAY)


def plan(org: str, status: str = "won") -> Plan:
    """Alice moves a lead that is new."""
    context = Context(Actor("alice", "a@example.com", org, frozenset()), "act", KEY, NOW)
    writes = (Change("leads", "l1", {"status": status}, {"status": "new"}),)
    return Plan(context, writes, journal.entries(context, writes))


def keyed(store: Store, body: Any = None, key: str = KEY) -> Keyed:
    """What Alice's key stands for."""
    return store.keyed("act#alice", {"key": key, "body": body or {"status": "won"}})


@pytest.fixture
def lead(db: Database, org: str) -> dict[str, Any]:
    """A lead that is new, as it is stored."""
    db.put(org, {"leads": [{"id": "l1", "status": "new"}]})
    (row,) = db.rows("leads", org)
    return row


@pytest.mark.usefixtures("lead")
def test_a_keys_entry_keeps_its_reply_for_as_long_as_it_is_kept(
    db: Database, org: str, store: Store
) -> None:
    """The reply's bytes, the hash of the command, and when both are forgotten."""
    key, before = keyed(store), int(time.time())
    key.commit(plan(org), REPLY)
    (entry,) = db.rows("journal", org)
    assert ("journal", entry["id"]) == key.entry
    assert {name: entry[name] for name in REPLY} == REPLY
    assert (len(entry["hash"]), entry["result"]) == (32, "ok")
    assert before + DAY <= entry["expires_at"] <= int(time.time()) + DAY
    assert keyed(store).kept(entry) is entry
    with pytest.raises(IdempotencyKeyReusedError):
        keyed(store, {"status": "lost"}).kept(entry)


@pytest.mark.usefixtures("lead")
def test_a_second_commit_with_a_key_is_shown_the_first(
    db: Database, org: str, store: Store
) -> None:
    """Nothing is written, and what stands against it comes back: the entry and the row."""
    keyed(store).commit(plan(org), REPLY)
    kept = (db.rows("journal", org), db.rows("leads", org))
    again = keyed(store)
    with pytest.raises(StaleError) as stale:
        again.commit(plan(org, "lost"), {"status": 200, "body": "{}"})
    assert stale.value.rows == {again.entry: kept[0][0], ("leads", "l1"): kept[1][0]}
    assert (db.rows("journal", org), db.rows("leads", org)) == kept


def test_a_commit_whose_row_has_changed_is_told_that_its_key_is_new(
    db: Database, org: str, store: Store
) -> None:
    """The key's condition has held, so nobody need ask for its entry."""
    db.put(org, {"leads": [{"id": "l1", "status": "won"}]})
    key = keyed(store)
    with pytest.raises(StaleError) as stale:
        key.commit(plan(org), REPLY)
    assert stale.value.rows == {key.entry: None, ("leads", "l1"): db.rows("leads", org)[0]}
    assert db.rows("journal", org) == []


@pytest.mark.usefixtures("lead")
def test_another_keys_entry_stands_against_a_commit(db: Database, org: str, store: Store) -> None:
    """`unless`: it is shown, and the row's condition has held, so the row is not."""
    whole, step = keyed(store, key="the-whole-key"), keyed(store)
    whole.commit(plan(org), REPLY)
    db.put(org, {"leads": [{"id": "l1", "status": "new"}]})
    with pytest.raises(StaleError) as stale:
        step.commit(plan(org), REPLY, (whole.entry,))
    (entry,) = db.rows("journal", org)
    assert stale.value.rows == {step.entry: None, whole.entry: entry}


@pytest.mark.usefixtures("lead")
def test_a_commit_without_a_key_is_kept_as_long(db: Database, org: str, store: Store) -> None:
    """It keeps no reply, and two of them have two entries."""
    before = int(time.time())
    store.commit(plan(org))
    (entry,) = db.rows("journal", org)
    assert before + DAY <= entry["expires_at"] <= int(time.time()) + DAY
    assert not {"hash", "status", "body"} & entry.keys()
    db.put(org, {"leads": [{"id": "l1", "status": "new"}]})
    store.commit(plan(org))
    assert len(db.rows("journal", org)) == 2


def test_a_key_is_of_its_action_and_person(store: Store) -> None:
    """Their names stand before the key's hash, which takes 43 signs; the body is no part of it."""
    named = store.keyed("act#bob", {"key": KEY, "body": {}}).entry
    assert named[0] == "journal"
    assert named[1].startswith("act#bob#")
    assert len(named[1]) == len("act#bob#") + 43
    ours = keyed(store).entry
    assert ours == keyed(store, {"status": "lost"}).entry
    assert len({ours, named, keyed(store, key="key-87654321").entry}) == 3


def test_without_a_key_nothing_is_done_once(store: Store) -> None:
    """A press without a key would be another one each time: that it came here is a defect."""
    with pytest.raises(IdempotencyKeyError):
        store.keyed("act#alice", {"key": None, "body": {}})

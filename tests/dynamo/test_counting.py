"""Counting within a transaction: sliding windows, and what an org has for a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from closedloop import wiring
from closedloop.core.decision import Actor, Context, Plan
from closedloop.core.writes import Change, Refund, Spend, Tally
from closedloop.dynamo import expressions
from closedloop.dynamo.codec import item, row
from closedloop.dynamo.transaction import ConditionFailedError, transact
from tests.support.database import PREFIX

if TYPE_CHECKING:
    from closedloop.core.writes import Write
    from tests.support.database import Database

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
EPOCH = int(NOON.timestamp())


def passes(planned: Write, org: str, milliseconds: int = 0) -> bool:
    """Whether one more is counted so long after noon."""
    now = NOON + timedelta(milliseconds=milliseconds)
    context = Context(Actor("alice", "", org, frozenset()), "act", "key-12345678", now)
    try:
        transact(wiring.dynamodb(), [expressions.write(PREFIX, planned, context)])
    except ConditionFailedError:
        return False
    return True


def stored(db: Database, counter: str) -> dict[str, Any]:
    """What is kept of a counter, without its id."""
    found = db.client.get_item(TableName=PREFIX + "system", Key=item({"id": counter}))
    kept = row(found["Item"])
    assert kept.pop("id") == counter
    return kept


def test_a_window_slides(db: Database, org: str) -> None:
    """Three a minute: the fourth waits until the first is a minute old, to the millisecond."""
    tally = Tally("texts#p1", 3, 60)
    assert [passes(tally, org, at) for at in (0, 10_000, 20_500)] == [True] * 3
    assert not passes(tally, org, 59_999)
    assert passes(tally, org, 60_000)
    assert not passes(tally, org, 69_999)
    assert passes(tally, org, 70_000)
    assert not passes(tally, org, 80_499)
    assert passes(tally, org, 80_500)


def test_a_window_keeps_its_latest_times(db: Database, org: str) -> None:
    """Newest first, nought for those that were not; forgotten when the window is over."""
    tally = Tally("texts#p1", 3, 60)
    passes(tally, org, 0)
    passes(tally, org, 1_500)
    assert stored(db, f"tally#{org}#texts#p1") == {
        "t0": EPOCH * 1000 + 1_500,
        "t1": EPOCH * 1000,
        "t2": 0,
        "expiration": EPOCH + 1 + 60,
    }


def test_a_window_of_one(db: Database, org: str) -> None:
    """There is nothing to shift: the last time alone counts."""
    tally = Tally("codes#p1", 1, 30)
    assert [passes(tally, org, at) for at in (0, 29_999, 30_000)] == [True, False, True]
    kept = {"t0": EPOCH * 1000 + 30_000, "expiration": EPOCH + 60}
    assert stored(db, f"tally#{org}#codes#p1") == kept


def test_windows_are_of_one_name_and_org(db: Database, org: str) -> None:
    """A full one stands in nobody else's way."""
    assert passes(Tally("codes#p1", 1, 30), org)
    assert not passes(Tally("codes#p1", 1, 30), org)
    assert passes(Tally("codes#p2", 1, 30), org)
    assert passes(Tally("codes#p1", 1, 30), f"{org}-other")


def test_what_is_given_back_is_counted(db: Database, org: str) -> None:
    """One for one, and the item is forgotten when the later of the two says."""
    spend = Spend("day-1", 2, EPOCH + 60)
    assert [passes(spend, org) for _ in range(3)] == [True, True, False]
    assert passes(Refund("day-1", EPOCH + 90), org)
    assert stored(db, f"spend#{org}#day-1") == {"used": 1, "expiration": EPOCH + 90}
    assert [passes(spend, org) for _ in range(2)] == [True, False]
    assert stored(db, f"spend#{org}#day-1") == {"used": 2, "expiration": EPOCH + 60}


@pytest.mark.parametrize("limit", [2, 3])
def test_a_refused_count_refuses_what_it_is_counted_for(db: Database, org: str, limit: int) -> None:
    """In one transaction with it, so that a crash neither loses nor doubles a count."""
    db.put(org, {"leads": [{"id": "l1", "status": "new"}]})
    context = Context(Actor("alice", "", org, frozenset()), "act", "key-12345678", NOON)
    for _ in range(2):
        passes(Spend("day-1", 2, EPOCH + 60), org)
    writes = (Change("leads", "l1", {"status": "won"}), Spend("day-1", limit, EPOCH + 60))
    entries = [{"org_id": org, "id": f"{i}", "version": i} for i in (1, 2)]
    unless = [("journal", "whole")]
    items = expressions.items(PREFIX, Plan(context, writes, entries), unless, 100)
    kinds = [next(iter(each)) for each in items]
    assert kinds == ["Put", "ConditionCheck", "Update", "Update", "Put"]
    if limit == 2:
        with pytest.raises(ConditionFailedError) as failed:
            transact(wiring.dynamodb(), items)
        assert list(failed.value.rows) == [3]
    else:
        transact(wiring.dynamodb(), items)
    ((lead,), entered) = (db.rows("leads", org), db.rows("journal", org))
    assert lead["status"] == ("new" if limit == 2 else "won")
    assert [each["id"] for each in entered] == ([] if limit == 2 else ["1", "2"])
    assert {each["expires_at"] for each in entered} <= {100}

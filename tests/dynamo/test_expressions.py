"""Every condition of dynamo/expressions.py: a write that it lets pass and one that it refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closedloop import wiring
from closedloop.core.decision import Actor, Context
from closedloop.core.writes import ABSENT, PRESENT, Change, Check, Create, OneOf
from closedloop.dynamo import expressions
from closedloop.dynamo.codec import item, row
from closedloop.dynamo.transaction import ConditionFailedError, transact
from tests.support.database import PREFIX

if TYPE_CHECKING:
    from closedloop.core.writes import Write
    from tests.support.database import Database

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PENDING = {"id": "a", "status": "pending"}


def context(org: str, now: datetime = NOW) -> Context:
    """Alice of this org decides at this time."""
    return Context(Actor("alice", "a@example.com", org, frozenset()), "act", "key-12345678", now)


def commit(planned: Write, org: str, now: datetime = NOW) -> None:
    """One write in a transaction of its own."""
    item = expressions.write(PREFIX, planned, context(org, now))
    transact(wiring.dynamodb(), [item])


def refused(planned: Write, org: str, now: datetime = NOW) -> dict[str, Any] | None:
    """The row that the refusal of this write shows."""
    with pytest.raises(ConditionFailedError) as failed:
        commit(planned, org, now)
    return failed.value.rows[0]


def test_a_change_writes_what_it_sets_and_its_stamp(db: Database, org: str) -> None:
    """The assumption holds: fields are set, others stay, and who, when and why are kept."""
    db.put(org, {"leads": [PENDING | {"name": "Ana", "version": 1}]})
    commit(Change("leads", "a", {"status": "won"}, {"status": "pending"}), org)
    (stored,) = db.rows("leads", org)
    assert (stored["status"], stored["name"]) == ("won", "Ana")
    assert stored["version"] == int(NOW.timestamp()) * 1_000_000
    assert stored["updated_by"] == {"id": "alice", "email": "a@example.com"}
    assert (stored["updated_at"], stored["idempotency_key"]) == (
        "2026-11-20T12:00:00.000Z",
        "key-12345678",
    )


@pytest.mark.parametrize(
    ("stored", "now"),
    [
        ({"status": "won", "version": 1}, NOW),
        ({"version": 1}, NOW),
        ({"status": "pending", "version": int(NOW.timestamp()) * 1_000_000}, NOW),
        ({"status": "pending", "version": int(NOW.timestamp()) * 1_000_000}, NOW - timedelta(1)),
    ],
    ids=["other status", "no status", "same version", "clock behind"],
)
def test_a_change_whose_assumption_is_wrong_shows_the_row(
    db: Database, org: str, stored: dict[str, Any], now: datetime
) -> None:
    """Another state, or a version that is not older: nothing is written, the row comes back."""
    db.put(org, {"leads": [{"id": "a", **stored}]})
    before = db.rows("leads", org)
    shown = refused(Change("leads", "a", {"status": "lost"}, {"status": "pending"}), org, now)
    assert shown is not None
    assert [shown] == before == db.rows("leads", org)


def test_a_field_without_a_value_is_not_kept(db: Database, org: str) -> None:
    """None removes one of a row that is there, and makes none of a new one."""
    db.put(org, {"leads": [PENDING | {"name": "Ana", "phone": "+1312", "email": "a@b.cc"}]})
    commit(Change("leads", "a", {"phone": None, "email": None, "name": "Eva"}), org)
    (stored,) = db.rows("leads", org)
    assert stored["name"] == "Eva"
    assert not {"phone", "email"} & stored.keys()
    commit(Create("calls", "c", {"status": "requested", "notes": None}), org)
    (created,) = db.rows("calls", org)
    assert created["status"] == "requested"
    assert "notes" not in created


@pytest.mark.parametrize(
    ("assume", "holds"),
    [
        ({"status": OneOf(("won", "pending"))}, True),
        ({"status": OneOf(("pending",))}, True),
        ({"status": OneOf(("won", "lost"))}, False),
        ({"phone": OneOf(("pending",))}, False),
        ({"phone": ABSENT, "status": PRESENT, "id": "a"}, True),
        ({"status": ABSENT}, False),
        ({"phone": PRESENT}, False),
        ({"phone": ABSENT, "id": "b"}, False),
    ],
)
def test_all_that_is_assumed_must_hold(
    db: Database, org: str, assume: dict[str, Any], *, holds: bool
) -> None:
    """One of several values, there, not there, just this one: of a change and of a check."""
    db.put(org, {"leads": [PENDING]})
    for planned in (Check("leads", "a", assume), Change("leads", "a", {"x": 1}, assume)):
        if holds:
            commit(planned, org)
        else:
            shown = refused(planned, org)
            assert shown is not None
            assert shown["status"] == "pending"


@pytest.mark.parametrize("planned", [Change("leads", "a", {"x": 1}), Check("leads", "a")])
def test_a_row_that_is_not_there_is_not_made(db: Database, org: str, planned: Write) -> None:
    """A change or a check of nothing is refused and shows nothing."""
    assert refused(planned, org) is None
    assert db.rows("leads", org) == []


def test_a_check_passes_and_refuses(db: Database, org: str) -> None:
    """As assumed it changes nothing; otherwise it shows the row."""
    db.put(org, {"leads": [PENDING]})
    before = db.rows("leads", org)
    commit(Check("leads", "a", {"status": "pending"}), org)
    assert db.rows("leads", org) == before
    assert refused(Check("leads", "a", {"status": "won"}), org) == before[0]
    maybe = Check("leads", "nobody", {"status": "won"}, or_none=True)
    commit(maybe, org)
    db.put(org, {"leads": [PENDING | {"id": "nobody"}]})
    assert refused(maybe, org) is not None


def test_a_row_is_created_once(db: Database, org: str) -> None:
    """The first makes it with its stamp; the second is refused and shows it."""
    commit(Create("calls", "c", {"status": "requested"}), org)
    (stored,) = db.rows("calls", org)
    assert (stored["created_at"], stored["status"]) == ("2026-11-20T12:00:00.000Z", "requested")
    assert refused(Create("calls", "c", {"status": "other"}), org) == stored
    assert db.rows("calls", org) == [stored]


def test_one_refused_write_refuses_all(db: Database, org: str) -> None:
    """Writes of one transaction happen together or not at all."""
    db.put(org, {"leads": [PENDING]})
    both: list[Write] = [
        Create("calls", "c", {}),
        Change("leads", "a", {"x": 1}, {"status": "won"}),
    ]
    planned = [expressions.write(PREFIX, each, context(org)) for each in both]
    with pytest.raises(ConditionFailedError) as failed:
        transact(wiring.dynamodb(), planned)
    assert list(failed.value.rows) == [1]
    assert db.rows("calls", org) == []


def test_an_entry_is_never_written_again(db: Database, org: str) -> None:
    """The journal is append only: a second entry with an id is refused and shows the first."""
    entry = {"org_id": org, "id": "act#alice#1", "version": 7, "hash": b"first"}
    transact(wiring.dynamodb(), [expressions.append(PREFIX, entry, 100)])
    with pytest.raises(ConditionFailedError) as failed:
        transact(wiring.dynamodb(), [expressions.append(PREFIX, entry | {"hash": b"x"}, 100)])
    assert failed.value.rows[0] == entry | {"expires_at": 100}
    assert db.rows("journal", org) == [entry | {"expires_at": 100}]


def test_another_keys_entry_stands_against_it(db: Database, org: str) -> None:
    """A step is taken while the whole request has no entry, and refused once it has."""
    check = expressions.no_entry(PREFIX, org, "act#alice#1")
    transact(wiring.dynamodb(), [check])
    entry = {"org_id": org, "id": "act#alice#1", "version": 7}
    transact(wiring.dynamodb(), [expressions.append(PREFIX, entry, 100)])
    with pytest.raises(ConditionFailedError) as failed:
        transact(wiring.dynamodb(), [check])
    assert failed.value.rows[0] == entry | {"expires_at": 100}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_what_is_stored_is_what_is_read(stored: dict[str, Any]) -> None:
    """Any row survives the way into DynamoDB's JSON and back."""
    assert row(item(stored)) == stored


@pytest.mark.parametrize("value", [1.5, {1, 2}, NOW])
def test_a_value_that_rows_do_not_hold_is_refused(value: object) -> None:
    """A float or a date in a row is a defect, found at once."""
    with pytest.raises(TypeError):
        item({"x": value})

"""Entries of the journal, as they are made of writes and refusals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core import journal
from closedloop.core.decision import Actor, Context
from closedloop.core.writes import (
    ABSENT,
    PRESENT,
    Change,
    Check,
    Create,
    OneOf,
    Refund,
    Spend,
    Tally,
)

if TYPE_CHECKING:
    from closedloop.core.writes import Write

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
VERSION = int(NOW.timestamp()) * 1_000_000
LEAD = Change("leads", "l1", {"status": "won"})
CALL = Create("calls", "c1", {"status": "requested"})
SETTINGS = Change("orgs", "settings", {"name": "Bright Finish"})
COUNT = Spend("refused", 3, 0)


def context(key: str = "key-12345678") -> Context:
    """Alice decides."""
    return Context(Actor("alice", "a@example.com", "demo", frozenset()), "act", key, NOW)


def test_an_entry_says_who_did_what_to_which_row_and_when() -> None:
    """All of it, and nothing else; its id is the version and twelve characters by chance."""
    entry = journal.done(context(), LEAD)
    version, _, chance = entry.pop("id").partition("#")
    assert (version, len(chance)) == (str(VERSION), 12)
    assert entry == {
        "org_id": "demo",
        "version": VERSION,
        "actor": {"id": "alice", "email": "a@example.com"},
        "action": "act",
        "result": "ok",
        "idempotency_key": "key-12345678",
        "row_key": f"leads#l1#{VERSION}",
        "after": {"status": "won"},
    }


def test_an_entry_without_a_key_names_none() -> None:
    """A step that nobody pressed a button for has no key, not an empty one: it is in an index."""
    assert "idempotency_key" not in journal.done(context(key=""), LEAD)


@pytest.mark.parametrize(
    ("writes", "rows"),
    [
        ([LEAD, CALL], [("leads", "l1"), ("calls", "c1")]),
        ([SETTINGS, LEAD, COUNT], [("leads", "l1")]),
        ([Check("contacts", "p1"), LEAD], [("leads", "l1")]),
        ([Check("contacts", "p1"), Check("contacts", "p2")], [("contacts", "p1")]),
        ([SETTINGS, COUNT], [("orgs", "settings")]),
        ([COUNT, SETTINGS], [("system", "spend#refused")]),
    ],
    ids=["each", "followed", "changed", "checked", "no screen's", "counted"],
)
def test_each_row_that_a_screen_follows_has_one_entry(
    writes: list[Write], rows: list[tuple[str, str]]
) -> None:
    """Where no screen follows any of the rows, the first write has the only one."""
    assert [journal.row_of(each) for each in journal.entries(context(), writes)] == rows


@pytest.mark.parametrize(
    ("write", "states"),
    [
        (Change("leads", "a", {"x": 1}, {"x": 0}), {"before": {"x": 0}, "after": {"x": 1}}),
        (Change("leads", "a", {"x": 1}, {"x": OneOf(("0", "2"))}), {"after": {"x": 1}}),
        (Change("leads", "a", {"x": 1}, {"x": ABSENT, "y": PRESENT}), {"after": {"x": 1}}),
        (
            Change("leads", "a", {"x": 1}, {"x": OneOf(("0",)), "y": 5, "z": ABSENT}),
            {"before": {"y": 5}, "after": {"x": 1}},
        ),
        (Create("calls", "a", {"x": 1}), {"after": {"x": 1}}),
        (Check("leads", "a", {"x": 1}), {"before": {"x": 1}}),
        (Check("leads", "a"), {}),
        (Spend("a", 3, 0), {}),
        (Tally("a", 3, 60), {}),
        (Refund("a", 0), {}),
    ],
)
def test_before_is_what_the_condition_proves_and_after_what_is_set(
    write: Write, states: dict[str, Any]
) -> None:
    """One of several values, there or not there: that proves no value, so none is told."""
    entry = journal.done(context(), write)
    assert {name: entry[name] for name in ("before", "after") if name in entry} == states


def test_a_refusal_is_an_entry_without_states() -> None:
    """Its result is the refusal's code; a request that met no row names none."""
    about = journal.refused(context(), "NOT_FOUND", ("leads", "l1"))
    assert (about["result"], about["row_key"]) == ("NOT_FOUND", f"leads#l1#{VERSION}")
    assert not {"before", "after"} & about.keys()
    nothing = journal.refused(context(), "FORBIDDEN", None)
    assert "row_key" not in nothing
    assert journal.row_of(nothing) is None


@pytest.mark.parametrize("row_id", ["l1", "optout#+13125550100", "a:b#", "#"])
def test_a_row_is_found_again_whatever_its_id(row_id: str) -> None:
    """An id may hold the sign that stands between table, id and version."""
    entry = journal.done(context(), Change("leads", row_id, {}))
    assert journal.row_of(entry) == ("leads", row_id)

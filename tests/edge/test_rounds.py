"""The loop that decides again: what it knows in each round, and when it gives up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core.deadline import ROUNDS
from closedloop.core.decision import Actor, Context, Find, NeedsError, StaleError
from closedloop.core.errors import RateLimitedError
from closedloop.edge.rounds import rounds
from tests.support.wire import wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.database import Database

LEAD, KEY, NONE = ("leads", "l1"), ("journal", "act#alice#1"), ("leads", "nobody")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def context(org: str, seen: Mapping[Any, Any] | None = None) -> Context:
    """Alice decides, with what was seen."""
    actor = Actor("alice", "a@example.com", org, frozenset())
    return Context(actor, "act", "key-12345678", LONG_AGO, seen or {})


def asking(*wants: Any) -> Any:
    """A rule that needs these, and answers with its context when it has them."""

    def attempt(given: Context) -> Context:
        given.know(*wants)
        return given

    return attempt


def test_what_is_decided_at_once_is_the_answer(org: str) -> None:
    """Nothing is asked, and the moment is that of the request."""
    asked = context(org)
    assert rounds(asked, lambda given: given) is asked


def test_a_rule_is_asked_again_with_the_row_as_it_is(org: str) -> None:
    """What an earlier round has seen stays known; what this one saw counts; the clock goes on."""
    found = iter([{LEAD: {"id": "l1", "version": 1}}, {LEAD: {"id": "l1", "version": 2}}])

    def attempt(given: Context) -> Context:
        for rows in found:
            raise StaleError(rows)
        return given

    last = rounds(context(org, {NONE: None}), attempt)
    assert last.seen == {NONE: None, LEAD: {"id": "l1", "version": 2}}
    assert last.now > LONG_AGO


def test_nobody_asks_for_ever(org: str) -> None:
    """A rule whose row keeps changing is asked so often, then the caller is told to come back."""
    asked = []

    def attempt(given: Context) -> None:
        asked.append(given)
        raise StaleError({})

    with pytest.raises(RateLimitedError):
        rounds(context(org), attempt)
    assert len(asked) == ROUNDS


def test_what_a_rule_needs_is_read_with_the_keys_entry(db: Database, org: str) -> None:
    """Rows, missing rows and the key's entry in one request, and one for a question."""
    db.put(org, {"leads": [{"id": "l1", "status": "new"}]})
    question = Find("leads", None, ("id", "a", "z"))
    with wire() as watched:
        known = rounds(context(org), asking(LEAD, NONE, question), also=KEY)
    assert watched.requests == ["BatchGetItem", "Query"]
    assert known.read(LEAD, NONE, KEY)[1:] == [None, None]
    assert known.need(*LEAD)["status"] == "new"
    assert [each["id"] for each in known.find(question)] == ["l1"]


def test_the_keys_entry_is_read_once(db: Database, org: str) -> None:
    """Where it is known it is not asked for again, and what is known of it stays."""
    known = rounds(context(org, {KEY: {"hash": b"x"}}), asking(LEAD), also=KEY)
    assert known.seen == {KEY: {"hash": b"x"}, LEAD: None}


def test_without_a_key_the_rows_alone_are_read(db: Database, org: str) -> None:
    """A step that nobody pressed a button for."""
    assert rounds(context(org), asking(LEAD)).seen == {LEAD: None}


def test_what_cannot_be_known_is_not_asked_for_ever(db: Database, org: str) -> None:
    """A rule that goes on needing what it was given ends as one whose row keeps changing."""

    def attempt(_: Context) -> None:
        raise NeedsError((LEAD,))

    with wire() as watched, pytest.raises(RateLimitedError):
        rounds(context(org), attempt)
    assert watched.requests == ["BatchGetItem"] * ROUNDS

"""What a rule may know, and what it is told when it asks for more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core.decision import Actor, Context, Find, NeedsError
from closedloop.core.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=UTC)
MICROSECONDS = int(NOW.timestamp()) * 1_000_000 + 123_456
LEAD, GONE, OTHER = ("leads", "l1"), ("leads", "gone"), ("leads", "other")
QUESTION = Find("leads", None, ("id", "a", "z"))


def context(seen: Mapping[Any, Any] | None = None, now: datetime = NOW, **who: str) -> Context:
    """Alice of demo decides, with what was seen."""
    named = {"id": "alice", "email": "a@example.com", "org_id": "demo", **who}
    return Context(Actor(**named, roles=frozenset()), "act", "key-12345678", now, seen or {})


@pytest.mark.parametrize(
    ("seen", "now", "version"),
    [
        ({}, NOW, MICROSECONDS),
        ({LEAD: {"version": 5}}, NOW, MICROSECONDS),
        ({LEAD: {"version": MICROSECONDS - 1}}, NOW, MICROSECONDS),
        ({LEAD: {"version": MICROSECONDS}}, NOW, MICROSECONDS + 1),
        ({LEAD: {"version": 5}, OTHER: {"version": MICROSECONDS + 7}}, NOW, MICROSECONDS + 8),
        ({GONE: None, QUESTION: [{"version": MICROSECONDS + 7}]}, NOW, MICROSECONDS),
        ({}, EPOCH, 0),
        ({LEAD: {"id": "l1"}}, EPOCH, 1),
    ],
)
def test_a_version_is_the_moment_above_all_rows_that_were_seen(
    seen: Mapping[Any, Any], now: datetime, version: int
) -> None:
    """So what is written now is newer than what it was decided on, also where a clock lags."""
    assert context(seen, now).version == version


def test_a_moment_is_told_to_the_millisecond() -> None:
    """As rows and answers carry it."""
    assert context().timestamp == "2026-11-20T12:00:00.123Z"


def test_a_row_may_be_assumed_until_it_was_looked_for() -> None:
    """Seen it is given, unseen it is None, and one that is known to be missing is refused."""
    row = {"id": "l1"}
    asked = context({LEAD: row, GONE: None})
    assert asked.row(*LEAD) is row
    assert asked.row(*OTHER) is None
    with pytest.raises(NotFoundError):
        asked.row(*GONE)


def test_what_is_needed_is_asked_for_together() -> None:
    """All that is not known, in the order asked for, and nothing that is."""
    asked = context({LEAD: {"id": "l1"}, GONE: None})
    asked.know(LEAD, GONE)
    with pytest.raises(NeedsError) as needs:
        asked.know(OTHER, LEAD, QUESTION, GONE)
    assert needs.value.wants == (OTHER, QUESTION)


def test_rows_and_entries_that_are_known_are_given() -> None:
    """Missing rows as None, unless the row must exist; questions with their entries."""
    row, entries = {"id": "l1"}, [{"id": "l2"}]
    asked = context({LEAD: row, GONE: None, QUESTION: entries})
    assert asked.read(LEAD, GONE, LEAD) == [row, None, row]
    assert asked.find(QUESTION) is entries
    assert asked.need(*LEAD) is row
    with pytest.raises(NotFoundError):
        asked.need(*GONE)
    for ask in (lambda: asked.need(*OTHER), lambda: asked.read(OTHER)):
        with pytest.raises(NeedsError):
            ask()


def test_an_id_follows_from_the_press_alone() -> None:
    """Not from the moment or what was seen; from org, person and kind, each."""
    ours = context().new_id("call")
    assert ours == "d4efa983-13d3-513c-890e-690ed962834a"  # a deploy must not change it
    assert context({LEAD: None}, NOW + timedelta(1)).new_id("call") == ours
    others = [context(org_id="x"), context(id="bob")]
    ids = {ours, context().new_id("sms"), *(each.new_id("call") for each in others)}
    assert len(ids) == 4

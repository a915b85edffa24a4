"""Steps without a key: written with their entry, again as often as the rows have moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from closedloop.core.decision import Decision, Reply
from closedloop.core.errors import NotFoundError
from closedloop.core.writes import Change
from closedloop.edge.apply import apply, by_itself
from tests.support.wire import wire

if TYPE_CHECKING:
    from closedloop.core.decision import Context
    from tests.support.database import Database


def finish(context: Context) -> Decision:
    """Move a lead that is open to won, or leave one that is won."""
    row = context.row("leads", "l1")
    if row and row["status"] == "won":
        return Decision((), Reply({"moved": False}))
    change = Change("leads", "l1", {"status": "won"}, {"status": "new"})
    if row:
        change = Change("leads", "l1", {"status": "won"}, {"status": row["status"]})
    return Decision((change,), Reply({"moved": True}))


@pytest.mark.parametrize(("stored", "requests"), [("new", 1), ("contacted", 2)])
def test_a_step_is_written_with_its_entry(
    db: Database, org: str, stored: str, requests: int
) -> None:
    """At once where the row is as assumed, else with the row as it is; who did it is told."""
    db.put(org, {"leads": [{"id": "l1", "status": stored}]})
    with wire() as watched:
        reply = apply(by_itself("settle", org, "key-of-a-press", who="sweep"), finish)
    assert reply.body == {"moved": True}
    assert watched.requests == ["TransactWriteItems"] * requests
    assert db.rows("leads", org)[0]["status"] == "won"
    (entry,) = db.audit(org)
    assert (entry["action"], entry["actor"]["id"]) == ("settle", "sweep")
    assert (entry["idempotency_key"], entry["row_id"]) == ("key-of-a-press", "l1")


def test_a_step_that_is_done_writes_nothing(db: Database, org: str) -> None:
    """Its own row says so: asked again, there is no second entry."""
    db.put(org, {"leads": [{"id": "l1", "status": "won"}]})
    seen = {("leads", "l1"): db.rows("leads", org)[0]}
    with wire() as watched:
        reply = apply(by_itself("settle", org, seen=seen, who="sweep"), finish)
    assert (reply.body, watched.requests, db.audit(org)) == ({"moved": False}, [], [])


def test_a_step_whose_row_is_gone_is_refused(db: Database, org: str) -> None:
    """Nothing is made and nothing is written down."""
    with pytest.raises(NotFoundError):
        apply(by_itself("settle", org, who="sweep"), finish)
    assert db.audit(org) == db.rows("leads", org) == []

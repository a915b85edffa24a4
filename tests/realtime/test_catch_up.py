"""Catch-up: whatever happens in between, a client ends with the server's rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from closedloop import wiring
from closedloop.core.cursors import ChangeCursor
from closedloop.realtime import catch_up
from tests.support.actions import ActionCase, handlers
from tests.support.asking import ask

if TYPE_CHECKING:
    from tests.support.database import Database

CONFIRM = ActionCase("confirm_booking", handlers()["confirm_booking"])


def test_the_first_answer_is_the_cursor_of_now(db: Database, org: str) -> None:
    """Without `since` there are no changes; with its cursor, all that came after."""
    db.put(org, CONFIRM.rows)
    first = ask("changes", org).json
    assert (first["changes"], first["more"]) == ([], False)
    CONFIRM.press(org).key("key-12345678").sent_to(CONFIRM)
    (change,) = ask("changes", org, since=first["cursor"]).json["changes"]
    (row,) = [row for row in db.rows("appointments", org) if row["id"] == "apt_pending"]
    assert (change["type"], change["table"], change["id"]) == (
        "UPDATE", "appointments", "apt_pending",
    )  # fmt: skip
    assert change["record"]["status"] == "confirmed"
    assert (change["version"], change["idempotency_key"]) == (row["version"], "key-12345678")
    assert change["actor"] == {"id": "user-alice", "email": "user-alice@example.com"}


def test_another_org_is_told_nothing(db: Database, org: str) -> None:
    """A cursor opens the caller's own org only."""
    db.put(org, CONFIRM.rows)
    cursor = ask("changes", org).json["cursor"]
    CONFIRM.press(org).sent_to(CONFIRM)
    assert ask("changes", f"{org}-other", since=cursor).json["changes"] == []


def test_a_day_later_it_says_resync(db: Database, org: str) -> None:
    """Past 24 hours the client is told to read its lists again, and given the cursor of now."""
    now = datetime.now(UTC)
    old = str(ChangeCursor.at(now - timedelta(hours=24, seconds=-5)))
    older = str(ChangeCursor.at(now - timedelta(hours=24, seconds=5)))
    assert "resync" not in ask("changes", org, since=old).json
    body = ask("changes", org, since=older).json
    assert (body["resync"], body["changes"]) == (True, [])
    assert "resync" not in ask("changes", org, since=body["cursor"]).json


def test_a_table_named_twice_is_told_once(db: Database, org: str) -> None:
    """And a list of hundreds is refused before anything is asked for."""
    db.put(org, CONFIRM.rows)
    cursor = ask("changes", org).json["cursor"]
    CONFIRM.press(org).sent_to(CONFIRM)
    answer = ask("changes", org, since=cursor, tables="appointments,leads,appointments")
    assert (answer.status, len(answer.json["changes"])) == (200, 1)
    assert ask("changes", org, since=cursor, tables=",".join(["leads"] * 100)).status == 400


def test_tables_narrow_it(db: Database, org: str) -> None:
    """Only the tables that were asked for, and only tables that there are."""
    db.put(org, CONFIRM.rows)
    cursor = ask("changes", org).json["cursor"]
    CONFIRM.press(org).sent_to(CONFIRM)
    assert ask("changes", org, since=cursor, tables="leads,contacts").json["changes"] == []
    assert len(ask("changes", org, since=cursor, tables="appointments").json["changes"]) == 1
    assert ask("changes", org, tables="appointments,system").status == 400


@pytest.mark.parametrize(
    "since", ["x", "c-", "c--1", "c-1-2", "p-1", "c-1e5", "c-٣", "c-" + "9" * 19]
)
def test_a_bad_cursor_is_a_400(db: Database, org: str, since: str) -> None:
    """What is not a cursor of changes is refused by name."""
    answer = ask("changes", org, since=since)
    assert (answer.status, answer.json["fields"][0]["path"]) == (400, "since")


class Rows:
    """A database in memory: rows appear in the index late, as they do in DynamoDB."""

    def __init__(self) -> None:
        self.visible: dict[tuple[str, str], dict[str, Any]] = {}

    def page(self, table: str, _: str, __: str, between: Any, *, limit: int) -> Any:
        """A stretch of the index `by_updated`."""
        found = sorted(
            (row for (where, _), row in self.visible.items() if where == table),
            key=lambda row: row["version"],
        )
        keys = [row for row in found if between[1] <= row["version"] <= between[2]][:limit]
        return type("Page", (), {"keys": keys})

    def rows(self, table: str, _: str, ids: list[str]) -> list[dict[str, Any]]:
        """Rows by id."""
        return [self.visible[table, row_id] for row_id in ids]


class CatchUp(RuleBasedStateMachine):
    """Commits that appear late and out of order, and a client that asks now and then."""

    @initialize()
    def start(self) -> None:
        """A client that knows everything as of now."""
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)
        self.server = Rows()
        self.late: list[tuple[datetime, str, dict[str, Any]]] = []
        self.truth: dict[tuple[str, str], int] = {}
        self.client: dict[tuple[str, str], int] = {}
        self.cursor = self._ask(None, 200)["cursor"]

    @rule(
        rows=st.sets(
            st.tuples(st.sampled_from(["leads", "contacts"]), st.integers(0, 5)), min_size=1
        ),
        delay=st.integers(0, 14_000),
    )
    def commit(self, rows: set[tuple[str, int]], delay: int) -> None:
        """A transaction over some rows; it appears up to 14 s after its version was chosen."""
        version = int(self.now.timestamp() * 1_000_000) + len(self.late) + len(self.truth)
        version = max([version, *(self.truth.get((t, str(i)), 0) + 1 for t, i in rows)])
        stamp = self.now.isoformat()
        for table, number in rows:
            row = {"id": str(number), "version": version, "created_at": stamp, "updated_at": stamp}
            self.truth[table, str(number)] = version
            self.late.append((self.now + timedelta(milliseconds=delay), table, row))

    @rule(milliseconds=st.integers(1, 20_000))
    def wait(self, milliseconds: int) -> None:
        """Time passes; what is due appears."""
        self.now += timedelta(milliseconds=milliseconds)
        due = [each for each in self.late if each[0] <= self.now]
        self.late = [each for each in self.late if each[0] > self.now]
        for _, table, row in due:
            shown = self.server.visible.get((table, row["id"]))
            if shown is None or shown["version"] < row["version"]:
                self.server.visible[table, row["id"]] = row

    @rule(limit=st.integers(1, 4), rounds=st.integers(1, 3))
    def catch_up_in_part(self, limit: int, rounds: int) -> None:
        """The client asks for a few pages and goes away again, perhaps in the middle."""
        for _ in range(rounds):
            if not self._merge(self._ask(self.cursor, limit))["more"]:
                return

    @invariant()
    def after_a_rest_the_client_knows_everything(self) -> None:
        """Once nothing is under way, asking to the end leaves the client with the truth.

        A client that stopped in the middle first finishes that answer: its position may be ahead
        of what has appeared since, but the cursor at the end of the answer is not.
        """
        if self.late:
            return
        client, cursor = dict(self.client), self.cursor
        self._ask_to_the_end()
        if cursor.startswith("p"):
            self._ask_to_the_end()
        assert self.client == self.truth
        self.client, self.cursor = client, cursor

    def _ask_to_the_end(self) -> None:
        for _ in range(200):
            if not self._merge(self._ask(self.cursor, 2))["more"]:
                return
        raise AssertionError("the answers never end")

    def _ask(self, since: str | None, limit: int) -> dict[str, Any]:
        question = catch_up.Changes(since=since, limit=limit)
        actor = type("Actor", (), {"org_id": "demo"})
        return catch_up.changes(question, actor, self.server, self.now)  # type: ignore[arg-type]

    def _merge(self, body: dict[str, Any]) -> dict[str, Any]:
        for event in body["changes"]:
            known = self.client.get((event["table"], event["id"]), 0)
            self.client[event["table"], event["id"]] = max(known, event["version"])
        self.cursor = body["cursor"]
        return body


TestCatchUp = CatchUp.TestCase
TestCatchUp.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)


def test_the_server_reads_its_own_clock() -> None:
    """The cursor of now is behind the clock by the overlap: what is under way will follow."""
    now = wiring.now()
    assert ChangeCursor.at(now).safe < int(now.timestamp() * 1_000_000) - 14_000_000

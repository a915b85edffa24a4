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
from closedloop.core.rows import Page, Row
from closedloop.realtime import catch_up
from tests.support.actions import ActionCase, handlers
from tests.support.asking import ask
from tests.support.examples import freely
from tests.support.wire import wire

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


def test_a_week_later_it_says_resync(db: Database, org: str) -> None:
    """Past seven days the client is told to read its lists again, and given the cursor of now."""
    now = datetime.now(UTC)
    old = str(ChangeCursor.at(now - timedelta(days=7, minutes=-1)))
    older = str(ChangeCursor.at(now - timedelta(days=7, minutes=1)))
    assert "resync" not in ask("changes", org, since=old).json
    body = ask("changes", org, since=older).json
    assert (body["resync"], body["changes"]) == (True, [])
    assert "resync" not in ask("changes", org, since=body["cursor"]).json


def test_a_page_is_one_query_whatever_the_tables(db: Database, org: str) -> None:
    """The journal is asked once; then come the rows that it names, one request a table."""
    db.put(org, CONFIRM.rows)
    cursor = ask("changes", org).json["cursor"]
    CONFIRM.press(org).sent_to(CONFIRM)
    with wire() as watched:
        ask("changes", org, since=cursor)
    assert watched.requests == ["Query", "BatchGetItem"]


def test_a_refused_press_is_no_change(db: Database, org: str) -> None:
    """It is in the journal, and its row is as it was."""
    db.put(org, CONFIRM.rows)
    cursor = ask("changes", org).json["cursor"]
    CONFIRM.press(org, "already_confirmed").sent_to(CONFIRM)
    assert len(db.audit(org)) == 1
    assert ask("changes", org, since=cursor).json["changes"] == []


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


class Server:
    """A database in memory: the journal's index shows an entry late, as DynamoDB's do."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], Row] = {}
        self.index: list[Row] = []

    def page(self, table: str, index: str, _: str, between: Any, *, limit: int) -> Page:
        """A stretch of the journal's `by_time`."""
        assert (table, index) == ("journal", "by_time")
        found = sorted(self.index, key=lambda entry: int(entry["version"]))
        within = [each for each in found if between[1] <= each["version"] <= between[2]]
        keys = within[:limit]
        return Page(keys, keys[-1] if len(within) > limit else None)

    def rows(self, table: str, _: str, ids: list[str]) -> list[Row]:
        """Rows by id, as they are now."""
        return [self.stored[table, each] for each in ids if (table, each) in self.stored]


class CatchUp(RuleBasedStateMachine):
    """Commits of people and workers that appear late and out of order, and a client that asks."""

    @initialize()
    def start(self) -> None:
        """A client that knows everything as of now."""
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)
        self.server = Server()
        self.under_way: list[tuple[datetime, datetime, dict[tuple[str, str], Row]]] = []
        self.lagging: list[tuple[datetime, Row]] = []
        self.truth: dict[tuple[str, str], int] = {}
        self.client: dict[tuple[str, str], int] = {}
        self.versions = 0
        self.cursor = self._ask(None, 200)["cursor"]

    @rule(
        rows=st.sets(
            st.tuples(st.sampled_from(["leads", "sms_logs"]), st.integers(0, 5)), min_size=1
        ),
        commits_after=st.integers(0, 10_000),
        index_lags=st.integers(0, 105_000),
        result=st.sampled_from(["ok", "ok", "ok", "NOT_FOUND"]),
    )
    def commit(
        self, rows: set[tuple[str, int]], commits_after: int, index_lags: int, result: str
    ) -> None:
        """A transaction: it commits within its function's time, and the index follows later."""
        self.versions += 1
        version = int(self.now.timestamp() * 1_000_000) + self.versions
        version = max([version, *(self.truth.get((t, str(i)), 0) + 1 for t, i in rows)])
        stamp = self.now.isoformat()
        keys = {(table, str(number)) for table, number in rows}
        if result == "ok":
            self.truth |= dict.fromkeys(keys, version)
        written = {
            (table, number): {
                "id": number,
                "version": version if result == "ok" else 0,
                "created_at": stamp,
                "updated_at": stamp,
                "result": result,
            }
            for table, number in keys
        }
        commits = self.now + timedelta(milliseconds=commits_after)
        shows = commits + timedelta(milliseconds=index_lags)
        self.under_way.append((commits, shows, written))

    @rule(milliseconds=st.integers(1, 130_000))
    def wait(self, milliseconds: int) -> None:
        """Time passes; what is due commits, and what has committed is shown by the index."""
        self.now += timedelta(milliseconds=milliseconds)
        for each in [each for each in self.under_way if each[0] <= self.now]:
            self.under_way.remove(each)
            for (table, row_id), row in each[2].items():
                self._store(table, row_id, row, each[1])
        for shows, entry in [each for each in self.lagging if each[0] <= self.now]:
            self.lagging.remove((shows, entry))
            self.server.index.append(entry)

    def _store(self, table: str, row_id: str, row: Row, shows: datetime) -> None:
        version = row["version"] or int(self.now.timestamp() * 1_000_000)
        key = f"{table}#{row_id}#{version}"
        entry = {"version": version, "row_key": key, "result": row["result"]}
        self.lagging.append((shows, entry))
        known = self.server.stored.get((table, row_id), {"version": 0})
        if row["version"] > known["version"]:
            self.server.stored[table, row_id] = row

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
        if self.under_way or self.lagging:
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
        found = catch_up.changes(question, actor, self.server, self.now)  # type: ignore[arg-type]
        return dict(found)

    def _merge(self, body: dict[str, Any]) -> dict[str, Any]:
        for event in body["changes"]:
            known = self.client.get((event["table"], event["id"]), 0)
            self.client[event["table"], event["id"]] = max(known, event["version"])
        self.cursor = body["cursor"]
        return body


TestCatchUp = CatchUp.TestCase
TestCatchUp.settings = settings(freely(60), stateful_step_count=30)


def test_the_server_reads_its_own_clock() -> None:
    """The cursor of now is behind the clock by the overlap: what is under way will follow."""
    now = wiring.now()
    assert ChangeCursor.at(now).safe < int(now.timestamp() * 1_000_000) - 119_000_000

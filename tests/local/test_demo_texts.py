"""The demo's conversations: shown like any other, and nothing is left to be done for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from closedloop.core.times import iso, parse
from closedloop.texts.model import TABLE
from local.demo.orgs import DETAILER
from local.demo.rows import demo_rows
from tests.support.asking import ask

if TYPE_CHECKING:
    from local.demo.rows import Rows
    from tests.support.database import Database

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
FINAL = {"received", "delivered", "undelivered"}


@pytest.fixture(scope="module")
def rows() -> Rows:
    """The demo data as of NOW."""
    return demo_rows(NOW)


@pytest.fixture
def shop(db: Database, org: str, rows: Rows) -> str:
    """An org with the auto detailer's people and texts."""
    for table in ("contacts", "leads", TABLE):
        mine = [each for each in rows[table] if each["org_id"] == DETAILER.id]
        db.put(org, {table: [{**each, "org_id": org} for each in mine]})
    return org


def test_every_text_is_over(rows: Rows) -> None:
    """No dispatcher, worker or sweep finds it: it is on no list, and no report can move it."""
    for row in rows[TABLE]:
        assert row["status"] in FINAL
        assert row.keys().isdisjoint({"outbox", "work", "work_at", "held_until", "deleted_at"})
        assert ("attention" in row) == ("error" in row) == (row["status"] == "undelivered")


def test_all_of_it_was_said_in_the_last_three_days(rows: Rows) -> None:
    """Nothing in the future, not even a report of Twilio; each text in the order of its thread."""
    for row in rows[TABLE]:
        times = [row[name] for name in row if name.endswith("_at") and name != "updated_at"]
        assert iso(NOW - timedelta(days=3)) < min(times)
        assert max(times) < iso(NOW)
        person = f"{row['person_table']}#{row['person_id']}"
        assert row["person_key"] == f"{person}#{row['created_at']}#{row['id']}"


def test_the_numbers_are_fiction_and_their_people_s(rows: Rows) -> None:
    """From us to them, or the other way round."""
    people = {each["id"]: each for each in (*rows["contacts"], *rows["leads"])}
    for row in rows[TABLE]:
        ends = (row["from"], row["to"])
        ours, theirs = ends if row["direction"] == "out" else ends[::-1]
        assert (ours, theirs) == (DETAILER.phone, people[row["person_id"]]["phone"])
        assert "55501" in theirs


def test_one_visit_was_asked_about(rows: Rows) -> None:
    """It is to come, still to be confirmed, and the text goes to the phone of its contact."""
    (asked,) = (row for row in rows[TABLE] if "question" in row)
    visit = next(v for v in rows["appointments"] if v["id"] == asked["question"]["appointment_id"])
    assert (visit["status"], visit["start"]) == ("pending", asked["question"]["start"])
    assert parse(visit["start"]) > NOW
    assert (visit["contact_id"], visit["contact_phone"]) == (asked["person_id"], asked["to"])


def test_the_inbox_shows_eight_conversations(shop: str) -> None:
    """The latest first; three wait for an answer, and a person's own thread has all of theirs."""
    threads = ask("sms/threads", shop).json["threads"]
    assert len(threads) == 8
    assert [each["at"] for each in threads] == sorted((t["at"] for t in threads), reverse=True)
    assert sum(each["unanswered"] for each in threads) == 3
    thread = ask("leads/{leadId}/sms-history", shop, leadId="lead_demo_292").json["sms_messages"]
    assert [each["direction"] for each in thread] == ["out", "in", "out", "in", "out"]


def test_issues_shows_the_text_that_failed(shop: str) -> None:
    """With its reason."""
    (failed,) = ask("sms/failed", shop, groups="[owner]").json["sms_messages"]
    assert failed["error"] == {"code": "30005", "reason": "The number is unknown."}

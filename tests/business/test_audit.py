"""Reading the audit log: whose, of which row, and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.actions import ALICE, BOB, ActionCase, handlers
from tests.support.asking import ask, pages

if TYPE_CHECKING:
    from tests.support.database import Database

CONFIRM = ActionCase("confirm_booking", handlers()["confirm_booking"])


@pytest.fixture
def history(db: Database, org: str) -> Database:
    """Alice confirmed an appointment; Bob tried the same one and one that is not there."""
    db.put(org, CONFIRM.rows)
    CONFIRM.press(org).sent_to(CONFIRM)
    CONFIRM.press(org).by(BOB, org).sent_to(CONFIRM)
    CONFIRM.press(org, "unknown_appointment").by(BOB, org).sent_to(CONFIRM)
    return db


@pytest.mark.parametrize("role", ["owner", "manager"])
def test_supervisors_see_all_newest_first(history: Database, org: str, role: str) -> None:
    """Refused presses are in it, page by page, newest first."""
    listed = pages("audit", org, groups=f"[{role}]", limit=1)
    found = [entry for page in listed for entry in page["audit"]]
    assert [entry["result"] for entry in found] == ["NOT_FOUND", "ALREADY_CONFIRMED", "ok"]
    assert [entry["actor"]["id"] for entry in found] == [BOB, BOB, ALICE]
    assert set(found[2]) == {
        "id", "at", "actor", "action", "table", "row_id", "idempotency_key", "result",
        "before", "after",
    }  # fmt: skip


def test_staff_see_their_own(history: Database, org: str) -> None:
    """The log of others is for owners and managers."""
    found = [entry for page in pages("audit", org, user=BOB, limit=1) for entry in page["audit"]]
    assert [entry["result"] for entry in found] == ["NOT_FOUND", "ALREADY_CONFIRMED"]


def test_a_rows_history(history: Database, org: str) -> None:
    """By table and id: that row alone; staff see of it what they did themselves."""
    row = {"table": "appointments", "id": "apt_pending"}
    found = ask("audit", org, groups="[owner]", **row).json["audit"]
    assert [entry["result"] for entry in found] == ["ALREADY_CONFIRMED", "ok"]
    own = [entry for page in pages("audit", org, **row, limit=1) for entry in page["audit"]]
    assert [entry["result"] for entry in own] == ["ok"]


def test_another_org_sees_no_entry(history: Database, org: str) -> None:
    """The same ids in another org have another history."""
    row = {"table": "appointments", "id": "apt_pending"}
    assert ask("audit", f"{org}-other", groups="[owner]", **row).json["audit"] == []
    assert ask("audit", f"{org}-other", groups="[owner]").json["audit"] == []


@pytest.mark.parametrize(
    "query", [{"table": "appointments"}, {"id": "a"}, {"table": "system", "id": "a"}]
)
def test_half_a_row_is_a_400(db: Database, org: str, query: dict[str, str]) -> None:
    """A table without an id, an id without a table, or a table that is none."""
    assert ask("audit", org, **query).status == 400


def test_what_only_the_backend_uses_is_not_told(db: Database, org: str) -> None:
    """Of a row's states as little as of the row itself."""
    case = ActionCase("retry_sms", handlers()["retry_sms"])
    db.put(org, case.rows)
    case.press(org).sent_to(case)
    (entry,) = ask("audit", org, groups="[owner]").json["audit"]
    assert (entry["before"]["attempt"], entry["after"]["attempt"]) == (1, 2)
    assert {"outbox", "work", "work_at", "lookups"} <= db.audit(org)[0]["after"].keys()
    assert not {"outbox", "work", "work_at", "lookups"} & entry["after"].keys()

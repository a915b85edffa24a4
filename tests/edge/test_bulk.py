"""Many rows in several commits: here two to a commit, so that five rows take three."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import wire as trouble
from tests.support.actions import ALICE, ActionCase, handlers
from tests.support.clock import Clock
from tests.support.wire import Killed, wire

if TYPE_CHECKING:
    from tests.support.actions import Press
    from tests.support.database import Database

CASE = ActionCase("update_lead_status", handlers()["update_lead_status"])
IDS = [f"l{i}" for i in range(5)]


@pytest.fixture(autouse=True)
def _two_to_a_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("closedloop.edge.bulk.ROWS", 2)


def press(db: Database, org: str, stored: dict[str, str] | None = None) -> Press:
    """A press that moves five leads to qualified, which are new unless stored otherwise."""
    kept = dict.fromkeys(IDS, "new") if stored is None else stored
    db.put(org, {"leads": [{"id": each, "status": status} for each, status in kept.items()]})
    return CASE.press(org).body(json.dumps({"leadIds": IDS, "status": "qualified"}))


def statuses(db: Database, org: str) -> dict[str, str]:
    """Each lead's status."""
    return {each["id"]: each["status"] for each in db.rows("leads", org)}


def test_all_are_moved_in_order_and_the_last_commit_keeps_the_reply(db: Database, org: str) -> None:
    """A commit for each two; a repeat is one request and the same bytes."""
    pressed = press(db, org)
    with wire() as watched:
        answer = pressed.sent_to(CASE)
    assert watched.requests == ["TransactWriteItems"] * 3
    assert (answer.status, answer.replayed, answer.json["updated"]) == (200, False, 5)
    assert [each["id"] for each in answer.json["leads"]] == IDS
    assert set(statuses(db, org).values()) == {"qualified"}
    kept = sorted(each["id"].rpartition("#")[0] for each in db.records(org))
    assert kept == [f"update_lead_status{part}#{ALICE}" for part in ("", "/0", "/1")]
    with wire() as watched:
        again = pressed.sent_to(CASE)
    assert (again.text, again.status, again.replayed) == (answer.text, 200, True)
    assert watched.requests == ["TransactWriteItems"]


def test_what_cannot_be_moved_is_told_across_commits(db: Database, org: str) -> None:
    """A refusal in the first, the middle and the last commit, each with an entry of its own."""
    pressed = press(db, org, {"l0": "new", "l1": "won", "l3": "qualified", "l2": "new"})
    answer = pressed.sent_to(CASE)
    assert (answer.status, answer.json["updated"], answer.json["failed"]) == (207, 2, 3)
    assert [(each["leadId"], each["code"]) for each in answer.json["failures"]] == [
        ("l1", "INVALID_TRANSITION"), ("l3", "ALREADY_HAS_STATUS"), ("l4", "NOT_FOUND"),
    ]  # fmt: skip
    results = {each["row_id"]: each["result"] for each in db.audit(org)}
    assert results == dict.fromkeys(["l0", "l2"], "ok") | {
        "l1": "INVALID_TRANSITION", "l3": "ALREADY_HAS_STATUS", "l4": "NOT_FOUND",
    }  # fmt: skip
    assert pressed.sent_to(CASE).text == answer.text


@pytest.mark.parametrize("position", range(3))
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_press_that_died_is_finished_by_its_repeat(
    db: Database, org: str, position: int, when: str
) -> None:
    """Whichever commit it died at: nobody is moved twice, nobody forgotten, all are told."""
    pressed = press(db, org)
    with wire() as watched:
        getattr(watched, when)[position] = trouble.kill
        with pytest.raises(Killed):
            pressed.sent_to(CASE)
    moved = {
        each["id"]: each["version"] for each in db.rows("leads", org) if each["status"] != "new"
    }
    assert len(moved) == min(5, 2 * (position + (when == "after")))
    answer = pressed.sent_to(CASE)
    assert (answer.status, answer.json["updated"], answer.json["failed"]) == (200, 5, 0)
    assert [each["id"] for each in answer.json["leads"]] == IDS
    now = {each["id"]: each["version"] for each in db.rows("leads", org)}
    assert {each["id"]: each["version"] for each in answer.json["leads"]} == now
    assert now | moved == now
    assert sorted(each["row_id"] for each in db.audit(org)) == IDS


def test_a_key_that_died_in_the_middle_is_of_its_body(db: Database, org: str) -> None:
    """Another list with it is refused by the entry of the first commit."""
    pressed = press(db, org)
    with wire() as watched:
        watched.before[1] = trouble.kill
        with pytest.raises(Killed):
            pressed.sent_to(CASE)
    other = pressed.body(json.dumps({"leadIds": IDS[:3], "status": "qualified"}))
    assert other.sent_to(CASE).code == "IDEMPOTENCY_KEY_REUSED"
    assert list(statuses(db, org).values()) == ["qualified"] * 2 + ["new"] * 3


def _pass(_: Any) -> None:
    return None


@pytest.mark.parametrize(
    ("stored", "done", "status", "code"),
    [
        (dict.fromkeys(IDS, "new"), 0, 429, "RATE_LIMITED"),
        (dict.fromkeys(IDS, "new"), 1, 503, "SERVICE_UNAVAILABLE"),
        (dict.fromkeys(IDS, "won"), 2, 503, "SERVICE_UNAVAILABLE"),
    ],
    ids=["nothing", "some moved", "some refused"],
)
def test_too_much_at_once(
    db: Database,
    org: str,
    monkeypatch: pytest.MonkeyPatch,
    stored: dict[str, str],
    done: int,
    status: int,
    code: str,
) -> None:
    """429 promises that nothing was done; once a commit is through, a repeat does the rest."""
    Clock(monkeypatch)
    pressed = press(db, org, stored)
    with wire() as watched:
        watched.before = dict.fromkeys(range(done), _pass)
        watched.always = trouble.conflict
        answer = pressed.sent_to(CASE)
    assert (answer.status, answer.code) == (status, code)
    assert bool(db.audit(org)) == (status == 503)
    repeated = pressed.sent_to(CASE)
    assert repeated.json["updated"] + repeated.json["failed"] == 5

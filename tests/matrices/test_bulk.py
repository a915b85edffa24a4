"""Many leads at once: partial results, crashes between the commits, other hands in the middle."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import wire as trouble
from tests.support.actions import ALICE, BOB, ActionCase, handlers
from tests.support.clock import Clock
from tests.support.examples import freely
from tests.support.wire import Killed, wire

if TYPE_CHECKING:
    from tests.support.actions import Answer, Press
    from tests.support.database import Database

CASE = ActionCase("update_lead_status", handlers()["update_lead_status"])
COMMITS_OF_500 = 11
"""500 leads are 11 transactions of up to 49; docs/spec.md allows 12 requests."""


def stored(db: Database, org: str, number: int, **fields: str) -> list[str]:
    """So many new leads in the org, and their ids."""
    ids = [f"lead_{i:03}" for i in range(number)]
    db.put(org, {"leads": [{"id": each, "status": "new", **fields} for each in ids]})
    return ids


def move(org: str, ids: list[str], status: str = "qualified", **more: Any) -> Press:
    """A press that moves these leads."""
    body = {"leadIds": ids, "status": status, **more}
    return CASE.press(org).body(json.dumps(body))


def statuses(db: Database, org: str) -> dict[str, str]:
    """Each lead's status."""
    return {row["id"]: row["status"] for row in db.rows("leads", org)}


@pytest.mark.thorough
def test_five_hundred_leads_take_eleven_requests(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are moved, each has its audit entry, and a replay is one request and the same bytes."""
    ids = stored(db, org, 500)
    press = move(org, ids)
    Clock(monkeypatch)  # the number of requests is the subject, not how busy this machine is
    with wire() as watched:
        answer = press.sent_to(CASE)
    assert watched.requests == ["TransactWriteItems"] * COMMITS_OF_500
    assert (answer.status, answer.json["updated"], answer.json["failed"]) == (200, 500, 0)
    assert answer.json["message"] == "500 leads updated to qualified"
    assert [lead["id"] for lead in answer.json["leads"]] == ids
    assert set(statuses(db, org).values()) == {"qualified"}
    assert sorted(entry["row_id"] for entry in db.audit(org)) == ids
    with wire() as watched:
        again = press.sent_to(CASE)
    assert (again.text, again.replayed, len(watched.requests)) == (answer.text, True, 1)


def test_some_fail_and_each_says_why(db: Database, org: str) -> None:
    """207 with a reason for each failure; the others are moved; twice named counts once."""
    ids = stored(db, org, 2)
    db.put(org, {"leads": [{"id": "won", "status": "won"}, {"id": "done", "status": "qualified"}]})
    answer = move(org, [*ids, "won", "nobody", "done", ids[0]]).sent_to(CASE)
    body = answer.json
    assert (answer.status, body["success"], body["updated"], body["failed"]) == (207, False, 2, 3)
    assert {each["leadId"]: each["code"] for each in body["failures"]} == {
        "won": "INVALID_TRANSITION",
        "nobody": "NOT_FOUND",
        "done": "ALREADY_HAS_STATUS",
    }
    assert body["message"].startswith("2 leads updated, 3 failed (")
    results = {entry["row_id"]: entry["result"] for entry in db.audit(org)}
    assert results == dict.fromkeys(ids, "ok") | {
        "won": "INVALID_TRANSITION", "nobody": "NOT_FOUND", "done": "ALREADY_HAS_STATUS",
    }  # fmt: skip


def test_another_orgs_leads_are_not_found(db: Database, org: str) -> None:
    """Ids of another org are failures like ids that never were; nothing of it changes."""
    ids = stored(db, org, 3)
    answer = move(f"{org}-other", ids).sent_to(CASE)
    assert {each["code"] for each in answer.json["failures"]} == {"NOT_FOUND"}
    assert set(statuses(db, org).values()) == {"new"}


@pytest.mark.parametrize("number", [1, 49, 50])
def test_atomic_moves_all_or_none(db: Database, org: str, number: int) -> None:
    """One transaction for all; with one that cannot be moved, none is and each reason is told."""
    ids = stored(db, org, number)
    db.put(org, {"leads": [{"id": "won", "status": "won"}]})
    refused = move(org, [*ids[1:], "won"], atomic=True).sent_to(CASE)
    assert (refused.status, refused.code) == (409, "BULK_REFUSED")
    assert refused.json["failures"][0]["leadId"] == "won"
    assert set(statuses(db, org).values()) == {"new", "won"}
    with wire() as watched:
        done = move(org, ids, atomic=True).sent_to(CASE)
    assert watched.requests == ["TransactWriteItems"]
    assert (done.status, done.json["updated"]) == (200, number)
    named = [entry["row_id"] for entry in db.audit(org) if entry["result"] == "ok"]
    assert sorted(named) == ids


@pytest.mark.thorough
@pytest.mark.parametrize("position", range(3))
@pytest.mark.parametrize("when", ["before", "after", "lost"])
def test_a_crash_between_commits_and_a_repeat(
    db: Database, org: str, position: int, when: str
) -> None:
    """Killed at any commit and repeated: nobody twice, nobody forgotten, the counts right."""
    ids = stored(db, org, 120)
    press = move(org, ids)
    with wire() as watched:
        if when == "before":
            watched.before[position] = trouble.kill
        else:
            watched.after[position] = trouble.kill if when == "after" else trouble.lose_answer
        first = _unless_killed(press)
    versions = {
        row["id"]: row["version"] for row in db.rows("leads", org) if row["status"] != "new"
    }
    answer = press.sent_to(CASE)
    assert first is None or first.text == answer.text
    assert (answer.status, answer.json["updated"], answer.json["failed"]) == (200, 120, 0)
    now = {row["id"]: row["version"] for row in db.rows("leads", org)}
    assert {row_id: now[row_id] for row_id in versions} == versions
    assert {lead["id"]: lead["version"] for lead in answer.json["leads"]} == now
    assert sorted(entry["row_id"] for entry in db.audit(org)) == ids


@pytest.mark.thorough
def test_other_hands_in_the_middle_are_told_apart(db: Database, org: str) -> None:
    """A lead that somebody moves on between crash and repeat is not moved again by the repeat."""
    ids = stored(db, org, 120)
    press = move(org, ids, "contacted")
    with wire() as watched:
        watched.before[1] = trouble.kill
        assert _unless_killed(press) is None
    other = {"leadId": ids[0], "status": "negotiating"}
    assert CASE.press(org).by(BOB, org).body(json.dumps(other)).sent_to(CASE).status == 200
    late = {"leadId": ids[100], "status": "contacted"}
    assert CASE.press(org).by(BOB, org).body(json.dumps(late)).sent_to(CASE).status == 200
    answer = press.sent_to(CASE)
    assert (answer.json["updated"], answer.json["failed"]) == (119, 1)
    assert answer.json["failures"][0] == {
        "leadId": ids[100], "code": "ALREADY_HAS_STATUS", "error": "Lead is already contacted",
    }  # fmt: skip
    assert statuses(db, org)[ids[0]] == "negotiating"
    mine = [entry["row_id"] for entry in db.audit(org) if entry["actor"]["id"] == ALICE]
    assert len(mine) == len(set(mine)) == 120


@pytest.mark.thorough
def test_the_key_is_of_one_body(db: Database, org: str) -> None:
    """Another list with the key is refused, also when the first one died in the middle."""
    ids = stored(db, org, 120)
    press = move(org, ids)
    with wire() as watched:
        watched.before[1] = trouble.kill
        assert _unless_killed(press) is None
    body = json.dumps({"leadIds": ids[:60], "status": "qualified"})
    assert press.body(body).sent_to(CASE).code == "IDEMPOTENCY_KEY_REUSED"
    press.sent_to(CASE)
    assert press.body(body).sent_to(CASE).code == "IDEMPOTENCY_KEY_REUSED"


@freely(25)
@given(
    kinds=st.lists(
        st.sampled_from(["new", "won", "lost", "qualified", None]), min_size=1, max_size=110
    ),
    deaths=st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=3),
)
def test_any_mixture_survives_any_deaths(
    db: Database, kinds: list[str | None], deaths: list[tuple[int, bool]]
) -> None:
    """Whatever the leads are and wherever it dies, each lead is moved once or told why not."""
    org = f"org-{abs(hash((*kinds, *deaths)))}-{len(kinds)}"
    ids = [f"l{i:03}" for i in range(len(kinds))]
    rows = [{"id": i, "status": kind} for i, kind in zip(ids, kinds, strict=True) if kind]
    db.put(org, {"leads": rows})
    press = move(org, ids)
    for position, before in deaths:
        with wire() as watched:
            (watched.before if before else watched.after)[position] = trouble.kill
            _unless_killed(press)
    body = press.sent_to(CASE).json
    movable = {i for i, kind in zip(ids, kinds, strict=True) if kind in {"new", "lost"}}
    assert {lead["id"] for lead in body["leads"]} == movable
    assert {each["leadId"] for each in body["failures"]} == set(ids) - movable
    done = [entry["row_id"] for entry in db.audit(org) if entry["result"] == "ok"]
    assert sorted(done) == sorted(movable)


def _unless_killed(press: Press) -> Answer | None:
    try:
        return press.sent_to(CASE)
    except Killed:
        return None

"""Isolation: another org's rows, keys and answers do not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.actions import ALICE

if TYPE_CHECKING:
    from tests.support.actions import ActionCase, Answer
    from tests.support.database import Database


def test_another_orgs_row_does_not_exist(case: ActionCase, ready: Database, org: str) -> None:
    """A stranger's press on a row of this org is the same 404 as on a row that never was."""
    stranger = f"{org}-other"
    before = ready.snapshot(org)
    theirs = case.press(stranger).sent_to(case)
    nobodys = case.press(f"{org}-third").sent_to(case)
    assert theirs.status == 404
    assert _without_id(theirs) == _without_id(nobodys)
    assert ready.snapshot(org) == before
    assert ready.snapshot(stranger) == ready.snapshot(f"{org}-third")


def test_equal_ids_stay_apart(case: ActionCase, ready: Database, org: str) -> None:
    """Two orgs that hold rows of the same ids: a press changes the presser's org alone."""
    other = f"{org}-other"
    ready.put(other, case.rows)
    before = ready.snapshot(other)
    assert case.press(org).sent_to(case).json["success"] is True
    assert ready.snapshot(other) == before
    assert ready.audit(other) == []


def test_a_key_is_known_in_its_org_alone(case: ActionCase, ready: Database, org: str) -> None:
    """The same user id and key in another org is answered from that org's rows."""
    other = f"{org}-other"
    press = case.press(org)
    press.sent_to(case)
    theirs = press.by(ALICE, other).sent_to(case)
    assert (theirs.status, theirs.replayed) == (404, False)


def test_no_row_changes_its_org(case: ActionCase, ready: Database, org: str) -> None:
    """Every row, audit entry and record that a press leaves names the presser's org."""
    case.press(org).sent_to(case)
    rows = [row for many in ready.snapshot(org).values() for row in many] + ready.audit(org)
    assert {row["org_id"] for row in rows} == {org}
    (record,) = ready.records(org)
    assert record["id"].startswith(f"{case.name}#{case.actor}#")


def _without_id(answer: Answer) -> dict[str, object]:
    return {name: value for name, value in answer.json.items() if name != "request_id"}

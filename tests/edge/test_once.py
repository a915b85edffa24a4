"""One press: what is asked of the database, and what is written of a press that is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core.errors import InvalidTransitionError
from closedloop.dynamo.codec import item, row
from tests.support.actions import ALICE, ActionCase, handlers
from tests.support.wire import wire

if TYPE_CHECKING:
    from closedloop.core.decision import Context
    from tests.support.database import Database

CONFIRM = ActionCase("confirm_booking", handlers()["confirm_booking"])
LEADS = ActionCase("update_lead_status", handlers()["update_lead_status"])
NOON = datetime(2026, 11, 20, 12, 0, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _rows(db: Database, org: str) -> None:
    db.put(org, CONFIRM.rows)


def refusing(case: ActionCase, *needs: tuple[str, str]) -> ActionCase:
    """The same button on a day on which its rule, having read these, allows nothing."""

    def use_case(_: Any, context: Context) -> Any:
        context.know(*needs)
        raise InvalidTransitionError

    return replace(case, action=replace(case.action, use_case=use_case))


def test_a_press_is_one_request_and_so_is_its_repeat(org: str) -> None:
    """New, repeated without and with a word of it: written, refused by the write, read."""
    press = CONFIRM.press(org)
    with wire() as watched:
        first = press.sent_to(CONFIRM)
        again = press.sent_to(CONFIRM)
        said = press.header("x-attempt", "2").sent_to(CONFIRM)
    assert watched.requests == ["TransactWriteItems", "TransactWriteItems", "BatchGetItem"]
    assert [each.replayed for each in (first, again, said)] == [False, True, True]
    assert first.text == again.text == said.text


def test_a_repeat_that_says_so_is_not_decided(org: str) -> None:
    """Its rule is not even asked: what it needs today costs nothing."""
    press = CONFIRM.press(org)
    first = press.sent_to(CONFIRM)
    again = press.header("x-attempt", "2").sent_to(refusing(CONFIRM))
    assert (again.text, again.replayed) == (first.text, True)


def test_the_keys_reply_comes_before_a_refusal(db: Database, org: str) -> None:
    """A rule may refuse today what it allowed then; the repeat is answered as the first time."""
    press = CONFIRM.press(org)
    first = press.sent_to(CONFIRM)
    with wire() as watched:
        again = press.sent_to(refusing(CONFIRM))
    assert (again.text, again.replayed) == (first.text, True)
    assert watched.requests == ["BatchGetItem"]
    assert [each["result"] for each in db.audit(org)] == ["ok"]


@pytest.mark.parametrize(
    ("needs", "about"),
    [
        ([("appointments", "apt_pending"), ("leads", "l1")], ("appointments", "apt_pending")),
        ([("orgs", "number"), ("leads", "l1")], ("leads", "l1")),
        ([("orgs", "number")], None),
        ([], None),
    ],
)
def test_a_refusal_is_about_the_first_row_that_a_screen_follows(
    db: Database, org: str, needs: list[tuple[str, str]], about: tuple[str, str] | None
) -> None:
    """Of those that the rule has seen; never about the journal or the settings themselves."""
    answer = CONFIRM.press(org).sent_to(refusing(CONFIRM, *needs))
    assert (answer.status, answer.code) == (409, "INVALID_TRANSITION")
    (entry,) = db.audit(org)
    assert (entry["result"], "hash" in entry) == ("INVALID_TRANSITION", False)
    assert ((entry["table"], entry["row_id"]) if "table" in entry else None) == about


def test_refusals_are_counted_until_the_minute_is_surely_over(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The count of a person and minute is forgotten two minutes after the minute began."""
    monkeypatch.setattr("closedloop.wiring.now", lambda: NOON)
    CONFIRM.press(org).sent_to(refusing(CONFIRM))
    began = int(NOON.timestamp()) - 20
    key = item({"id": f"spend#{org}#refused#{ALICE}#{began // 60}"})
    stored = db.client.get_item(TableName=db.prefix + "system", Key=key)["Item"]
    assert row(stored) == row(key) | {"used": 1, "expiration": began + 120}


def test_a_key_of_many_that_is_reused_is_told_at_once(db: Database, org: str) -> None:
    """Another list with the key of a done one: the write that met it, the entry of the refusal."""
    ids = ["l1", "l2"]
    db.put(org, {"leads": [{"id": each, "status": "new"} for each in ids]})
    press = LEADS.press(org).body(json.dumps({"leadIds": ids, "status": "won"}))
    assert press.sent_to(LEADS).status == 200
    other = press.body(json.dumps({"leadIds": ids[:1], "status": "won"}))
    with wire() as watched:
        answer = other.sent_to(LEADS)
    assert (answer.status, answer.code) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert watched.requests == ["TransactWriteItems"] * 2
    assert [each["result"] for each in db.audit(org)] == ["ok", "ok", "IDEMPOTENCY_KEY_REUSED"]


def test_a_key_is_of_one_body(org: str) -> None:
    """Where one request did it, another body with its key does nothing."""
    press = CONFIRM.press(org)
    press.sent_to(CONFIRM)
    assert CONFIRM.another(press).sent_to(CONFIRM).code == "IDEMPOTENCY_KEY_REUSED"

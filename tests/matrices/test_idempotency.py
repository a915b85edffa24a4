"""Once: every action, found by itself, answers a repeat as the first time and does nothing more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from closedloop.dynamo.codec import item
from tests.support.actions import ALICE, BOB, ActionCase, handlers
from tests.support.wire import wire

if TYPE_CHECKING:
    from tests.support.database import Database


def test_a_new_press_takes_effect(case: ActionCase, ready: Database, org: str) -> None:
    """The first press succeeds, changes rows, and leaves one entry, which keeps its reply."""
    before = ready.snapshot(org)
    answer = case.press(org).sent_to(case)
    assert (answer.status, answer.replayed) == (case.given["expect"][case.happy]["status"], False)
    assert answer.json["success"] is True
    assert ready.snapshot(org) != before
    assert [entry["result"] for entry in ready.audit(org)] == case.done
    assert len(ready.records(org)) == 1


def test_a_replay_is_the_same_bytes_and_no_effect(
    case: ActionCase, ready: Database, org: str
) -> None:
    """The same key and body again: same status, same bytes, the header, nothing written."""
    press = case.press(org)
    first = press.sent_to(case)
    after = ready.snapshot(org)
    second = press.sent_to(case)
    assert (second.status, second.text) == (first.status, first.text)
    assert (first.replayed, second.replayed) == (False, True)
    assert ready.snapshot(org) == after
    assert len(ready.audit(org)) == len(case.done)


def test_white_space_makes_no_other_body(case: ActionCase, ready: Database, org: str) -> None:
    """The same fields written differently are the same request."""
    press = case.press(org)
    first = press.sent_to(case)
    again = press.body(json.dumps(dict(reversed(press.json.items())), indent=4)).sent_to(case)
    assert (again.text, again.replayed) == (first.text, True)
    assert len(ready.audit(org)) == len(case.done)


def test_another_body_with_the_key_is_refused(case: ActionCase, ready: Database, org: str) -> None:
    """The key of a done request with another body: 422, no effect, and it is in the journal."""
    press = case.press(org)
    press.sent_to(case)
    after = ready.snapshot(org)
    answer = case.another(press).sent_to(case)
    assert (answer.status, answer.code) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert ready.snapshot(org) == after
    assert [entry["result"] for entry in ready.audit(org)] == [*case.done, "IDEMPOTENCY_KEY_REUSED"]


def test_a_refused_press_keeps_no_key(case: ActionCase, db: Database, org: str) -> None:
    """A key that was refused may be used again and then takes effect."""
    press = case.press(org)
    refused = press.sent_to(case)
    assert refused.status == 404
    assert db.records(org) == []
    db.put(org, case.rows)
    assert press.sent_to(case).json["success"] is True
    assert [entry["result"] for entry in db.audit(org)] == ["NOT_FOUND", *case.done]


@pytest.mark.signed_in
def test_the_key_of_another_user_is_another_key(
    case: ActionCase, ready: Database, org: str
) -> None:
    """Nobody is answered with what another user's key was answered with."""
    press = case.press(org)
    press.sent_to(case)
    assert not press.by(BOB, org).sent_to(case).replayed
    assert [entry["actor"]["id"] for entry in ready.audit(org)] == [ALICE, BOB]


def test_a_repeat_that_says_so_reads_one_entry(case: ActionCase, ready: Database, org: str) -> None:
    """With `X-Attempt: 2` a replay reads the key's entry and writes nothing."""
    press = case.press(org)
    first = press.sent_to(case)
    with wire() as watched:
        again = press.header("x-attempt", "2").sent_to(case)
    assert (again.text, again.replayed, watched.requests) == (first.text, True, ["BatchGetItem"])


def test_a_repeat_of_what_never_arrived_is_done(
    case: ActionCase, ready: Database, org: str
) -> None:
    """It says that it is a repeat, and it is the first to arrive."""
    answer = case.press(org).header("x-attempt", "2").sent_to(case)
    assert (answer.json["success"], answer.replayed) == (True, False)
    assert len(ready.records(org)) == 1


@pytest.mark.parametrize("attempt", ["", "0", "1", "01", "x", "-2", "²", "2.5"])
def test_an_attempt_that_is_none_changes_nothing(db: Database, org: str, attempt: str) -> None:
    """The header is a hint: what cannot be read is a first attempt."""
    case = ActionCase("confirm_booking", handlers()["confirm_booking"])
    db.put(org, case.rows)
    with wire() as watched:
        answer = case.press(org).header("x-attempt", attempt).sent_to(case)
    assert (answer.status, watched.requests) == (200, ["TransactWriteItems"])


def test_an_expired_key_is_decided_anew(case: ActionCase, ready: Database, org: str) -> None:
    """Once its entry is gone the row's state decides; what the key did is not done twice."""
    press = case.press(org)
    press.sent_to(case)
    after = ready.snapshot(org)
    (record,) = ready.records(org)
    key = item({"org_id": org, "id": record["id"]})
    ready.client.delete_item(TableName=ready.prefix + "journal", Key=key)
    late = press.sent_to(case)
    assert not late.replayed
    assert case.count_rows(ready.snapshot(org)) == case.count_rows(after)


def test_either_header_carries_the_key(case: ActionCase, ready: Database, org: str) -> None:
    """X-Idempotency-Key, Idempotency-Key and its quoted form are one key."""
    key = str(uuid4())
    first = case.press(org).key(key).sent_to(case)
    for standard in (key, f'"{key}"'):
        press = case.press(org).key(None).header("idempotency-key", standard)
        assert (press.sent_to(case).text, press.sent_to(case).replayed) == (first.text, True)


def test_the_database_is_asked_as_promised(case: ActionCase, ready: Database, org: str) -> None:
    """One TransactWriteItems, new and replayed, unless given.json names other `requests`."""
    press = case.press(org)
    for requests in (case.new_requests, case.replayed_requests):
        with wire() as watched:
            press.sent_to(case)
        assert watched.requests == requests

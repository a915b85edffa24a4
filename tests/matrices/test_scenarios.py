"""Every event file, given to its function as the gateway would."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger

from tests.support.actions import ALICE, Answer, Press, event_of, given, handlers, scenarios
from tests.support.times import wrong_in

if TYPE_CHECKING:
    from tests.support.database import Database


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What the functions write to their log."""
    lines = StringIO()
    logger = Logger(service=f"test-{uuid4()}", stream=lines, location=None)
    monkeypatch.setattr("closedloop.edge.log._logger", lambda: logger)
    return lines


@pytest.mark.parametrize(("function", "scenario"), scenarios())
def test_an_event_file_is_answered_as_expected(
    function: str, scenario: str, db: Database, org: str
) -> None:
    """The status and code that the scenario's name promises; stored times in their formats."""
    wanted = given(function)
    db.put(org, wanted["rows"])
    event = Press(event_of(function, scenario)).by(ALICE, org).event
    answer = Answer.of(handlers()[function](event))
    assert {"status": answer.status, "code": answer.code} == {
        "code": None,
        **wanted["expect"][scenario],
    }
    assert wrong_in(db, org) == []


def test_a_refusal_carries_the_row_as_it_is(db: Database, org: str) -> None:
    """A conflict shows the present row, so the screen can be put right, without our own fields."""
    rows = given("confirm_booking")["rows"]
    db.put(org, rows)
    event = Press(event_of("confirm_booking", "already_confirmed")).by(ALICE, org).event
    body = Answer.of(handlers()["confirm_booking"](event)).json
    assert body["error"] == "Appointment is already confirmed"
    shown = body["appointment"]
    assert (shown["id"], shown["status"]) == ("apt_confirmed", "confirmed")
    assert shown["version"] == 1_700_000_000_000_000
    assert "idempotency_key" not in shown


def test_a_confirmation_is_answered_as_written(db: Database, org: str) -> None:
    """The reply that docs/spec.md names, and the row and the audit entry that it speaks of."""
    db.put(org, given("confirm_booking")["rows"])
    event = Press(event_of("confirm_booking", "confirmed")).by(ALICE, org).event
    reply = Answer.of(handlers()["confirm_booking"](event)).json
    stored = {row["id"]: row for row in db.rows("appointments", org)}["apt_pending"]
    assert reply == {
        "success": True,
        "appointment": {
            "id": "apt_pending",
            "status": "confirmed",
            "confirmed_at": stored["confirmed_at"],
            "confirmed_by": ALICE,
            "version": stored["version"],
        },
    }
    assert stored["version"] > 1_700_000_000_000_000
    assert stored["updated_by"] == {"id": ALICE, "email": f"{ALICE}@example.com"}
    assert stored["confirmation_notes"] == "Confirmed by phone"
    assert stored["contact_name"] == "Dana Whitfield"
    (entry,) = db.audit(org)
    assert {name: entry[name] for name in ("action", "table", "row_id", "result", "before")} == {
        "action": "confirm_booking",
        "table": "appointments",
        "row_id": "apt_pending",
        "result": "ok",
        "before": {"status": "pending"},
    }
    assert entry["after"]["status"] == "confirmed"
    assert entry["idempotency_key"] == event["headers"]["x-idempotency-key"]


def test_the_token_gets_org_and_email() -> None:
    """Cognito's trigger puts both into the access token and nothing else."""
    answered = handlers()["pre_token_generation"](event_of("pre_token_generation", "sign_in"))
    override = answered["response"]["claimsAndScopeOverrideDetails"]["accessTokenGeneration"]
    assert override == {
        "claimsToAddOrOverride": {"custom:org_id": "demo", "email": "sam.rivera@example.com"}
    }


def test_a_log_line_tells_no_secret(db: Database, org: str, logged: StringIO) -> None:
    """Whatever a request carries, its line names the action and how it ended, and no more."""
    db.put(org, given("confirm_booking")["rows"])
    secret = "+13125550199 tok-SECRET call me"
    for scenario in ("confirmed", "already_confirmed", "malformed_json"):
        press = Press(event_of("confirm_booking", scenario)).by(ALICE, org)
        press = press.header("authorization", f"Bearer {secret}").header("x-note", secret)
        body = json.dumps({"appointmentId": "apt_pending", "notes": secret})
        handlers()["confirm_booking"](press.key(f"key-{scenario}").body(body).event)
        handlers()["confirm_booking"](press.body(f'{{"appointmentId": "{secret}"').event)
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert {line["message"] for line in lines} == {"Done", "Refused"}
    assert {line["action"] for line in lines} == {"confirm_booking"}
    for forbidden in ("5550199", "SECRET", "call me", "@example.com", "Bearer"):
        assert not any(forbidden in json.dumps(line) for line in lines)


def test_a_fault_is_a_500_that_says_nothing(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch, logged: StringIO
) -> None:
    """A defect of ours is logged by its kind and place; its words reach neither log nor caller."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("number +13125550199")

    monkeypatch.setattr("closedloop.edge.http.once", broken)
    event = Press(event_of("confirm_booking", "confirmed")).by(ALICE, org).event
    answer = Answer.of(handlers()["confirm_booking"](event))
    assert (answer.status, answer.code) == (500, "INTERNAL")
    out = logged.getvalue()
    assert "RuntimeError" in out
    assert "5550199" not in out + answer.text

"""What the sandbox refuses and answers, and where it agrees with the code beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.texts.handlers.webhook import credential
from local.demo.orgs import ORGS
from local.demo.rows import demo_rows
from local.sandbox.faults import Fault, Faults

if TYPE_CHECKING:
    from tests.sandbox.support import Sandbox


@pytest.mark.stack
@pytest.mark.parametrize(
    "wish",
    [
        [],
        {"target": "nobody", "mode": "500"},
        {"target": "twilio", "mode": "explode"},
        {"target": "twilio", "mode": "500", "count": 0},
        {"target": "twilio", "mode": "500", "count": True},
        {"target": "twilio", "mode": "500", "rate": 2},
        {"target": "twilio", "mode": "500", "count": 1, "rate": 0.5},
    ],
    ids=str,
)
def test_trouble_that_cannot_be_made_is_a_400_in_the_shape_of_the_api(
    sandbox: Sandbox, wish: Any
) -> None:
    """With a sentence that says what is wrong."""
    answer = sandbox.ask("POST", "/sandbox/faults", wish)
    assert (answer.status, answer.json["code"]) == (400, "VALIDATION_FAILED")
    assert set(answer.json) == {"success", "error", "code", "request_id"}


@pytest.mark.stack
def test_a_mode_may_be_a_number_and_is_cleared(sandbox: Sandbox) -> None:
    """429 and "429" are the same."""
    fault = {"target": "square", "mode": 429, "rate": 0.5}
    added = sandbox.ask("POST", "/sandbox/faults", fault).json["faults"]
    assert added == [{"target": "square", "mode": "429", "rate": 0.5, "happened": 0}]
    assert sandbox.ask("DELETE", "/sandbox/faults").json == {"faults": []}


@pytest.mark.stack
@pytest.mark.parametrize(
    "wish", [{}, {"from": "you", "body": "x"}, {"from": "+13125550143", "body": ""}], ids=str
)
def test_a_text_that_no_phone_sends_is_a_400(sandbox: Sandbox, wish: Any) -> None:
    """Nothing is handed over."""
    assert sandbox.ask("POST", "/sandbox/twilio/inbound", wish).status == 400


def test_each_business_is_found_by_its_number() -> None:
    """The demo's rows hold what the inbound webhook looks for."""
    rows = {row["id"]: row for row in demo_rows(datetime.now(UTC))["orgs"]}
    for org in ORGS:
        row = rows[f"number#{org.phone}"]
        assert (row["org_id"], row["credential_hash"]) == (org.id, credential(org.phone))
        assert org.settings()["sms_number"] == org.phone


def test_rates_of_one_target_add_up_and_a_count_is_spent_on_writes() -> None:
    """A call meets one fault at most."""
    drawn = iter([0.05, 0.15, 0.95, 0.5, 0.5, 0.5])
    faults = Faults(lambda: next(drawn))
    faults.add(Fault("twilio", "429", rate=0.1))
    faults.add(Fault("twilio", "500", rate=0.1))
    assert [faults.meet("twilio", writes=True) for _ in range(3)] == ["429", "500", None]
    faults.clear()
    faults.add(Fault("twilio", "500", count=1))
    met = [faults.meet("twilio", writes=writes) for writes in (False, True, True)]
    assert met == [None, "500", None]

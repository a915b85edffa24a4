"""Every line of every scenario: one line, short, in words, and "booked" only once it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from closedloop.edge import tool as edge
from closedloop.edge.tool import one_line
from closedloop.voice import refusals, spoken
from tests.support.actions import Answer, Press, event_of, given, handlers, scenarios
from tests.voice.lines import wrong_in

if TYPE_CHECKING:
    from tests.support.database import Database

FUNCTIONS = (
    "check_availability", "reserve_atomic", "send_otp", "verify_otp", "send_confirmation",
)  # fmt: skip
SCENARIOS = [each for each in scenarios() if each[0] in FUNCTIONS]


def enveloped(function: str, body: Any) -> Any:
    """A scenario's arguments as the agent's platform would send them."""
    if "message" in body:
        return body
    call = {"id": "call_1", "name": function, "arguments": json.dumps(body)}
    return {"message": {"type": "tool-calls", "toolCallList": [call], "call": {"id": str(uuid4())}}}


@pytest.mark.parametrize("address", ["its own", "the webhook"])
@pytest.mark.parametrize(("function", "scenario"), SCENARIOS)
def test_every_scenario_is_answered_with_a_line(
    function: str, scenario: str, address: str, db: Database, org: str
) -> None:
    """200, one result, and nothing in it that is not for the ear; refusals too."""
    db.put(org, given(function)["rows"])
    booked_before = len(db.rows("appointments", org))
    press = Press(event_of(function, scenario)).by("voice", org)
    press = press.body(json.dumps(enveloped(function, press.json)))
    answered_by = function if address == "its own" else "vapi_webhook"
    answer = Answer.of(handlers()[answered_by](press.event))
    (result,) = answer.json["results"]
    booked = function == "send_confirmation" or len(db.rows("appointments", org)) > booked_before
    booked = booked or scenario == "booked"
    assert answer.status == 200
    assert isinstance(result["result"], str)
    assert wrong_in(result["result"], booked=booked) == [], result["result"]


@pytest.mark.parametrize(
    "line",
    [*refusals.SAID.values(), refusals.UNKNOWN_TOOL, refusals.UNREADABLE, refusals.TOO_MANY,
     refusals.said(None)],
)  # fmt: skip
def test_every_ready_sentence_is_one(line: str) -> None:
    """What is said where no rule has words of its own."""
    assert wrong_in(line, booked=line == refusals.SAID["ALREADY_CONFIRMED"]) == []


@pytest.mark.parametrize(
    "line",
    [
        "At 14:00.", "On 2029-06-01.", "See https://x.", "The code is 4839.", "a\nb.", "x" * 301,
        "You're booked.", "[bcd-a] [bcd-b] [bcd-c] [bcd-d].", "Send a slotId.", "no end",
    ],
)  # fmt: skip
def test_a_wrong_line_is_found(line: str) -> None:
    """The check sees what it is for."""
    assert wrong_in(line)


@pytest.mark.parametrize("line", ["Held, not booked yet. [4f2c9d8e1234]", "It isn't booked yet."])
def test_a_right_line_is_right(line: str) -> None:
    """Ids in brackets are for the model, and not booked is not booked."""
    assert wrong_in(line) == []


def test_a_line_is_cut_between_words() -> None:
    """Should one grow too long, it stays one line of whole words."""
    cut = one_line("word " * 100)
    assert len(cut) <= edge.LONGEST_LINE == spoken.LONGEST
    assert cut.endswith("word.")
    assert one_line("a\r\n b\n\nc") == "a b c"

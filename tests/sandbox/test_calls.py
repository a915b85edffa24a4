"""Scripted calls of the voice agent, through the whole stack: from a free time to the text."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.sandbox.support import Sandbox

pytestmark = pytest.mark.stack

BOOKING: tuple[dict[str, Any], ...] = (
    {"name": "check-availability", "arguments": {"date": "tomorrow", "serviceId": "svc_wash"}},
    {
        "name": "reserve-atomic",
        "arguments": {"slotId": "$slots.0.slotId", "phone": "+17735550171", "name": "Ana Ortiz"},
    },
    {"name": "send-otp", "arguments": {"holdId": "$hold.id"}},
    {"name": "verify-otp", "arguments": {"holdId": "$hold.id", "code": "$code"}},
    {"name": "send-confirmation", "arguments": {"appointmentId": "$appointment.id"}},
)


def call(sandbox: Sandbox, phone: str, tools: Any, **more: Any) -> list[dict[str, Any]]:
    """Each request and each answer of a call from this number."""
    script = {"from": phone, "tools": list(tools), **more}
    answer = sandbox.ask("POST", "/sandbox/vapi/call", script)
    assert answer.status == 200, answer.json
    found: list[dict[str, Any]] = answer.json["exchanges"]
    return found


def booking(phone: str) -> list[dict[str, Any]]:
    """The five tools in their order, for this number."""
    steps = [{**each, "arguments": dict(each["arguments"])} for each in BOOKING]
    steps[1]["arguments"]["phone"] = phone
    return steps


def said(exchange: dict[str, Any]) -> str:
    """The only line of an answer."""
    (result,) = exchange["answer"]["body"]["results"]
    return str(result.get("result") or result.get("error"))


def test_a_call_books_from_a_free_time_to_the_text(sandbox: Sandbox) -> None:
    """Five tools; the caller reads the code from the phone, gets the text, and calls it off."""
    phone = "+17735550171"
    exchanges = call(sandbox, phone, booking(phone))
    assert [each["answer"]["status"] for each in exchanges] == [200] * 5
    assert "You're booked for" in said(exchanges[3])
    texts = eventually(lambda: sandbox.accepted(phone)[1:])
    assert len(texts) == 1
    assert "Ana" in texts[0]["body"]
    assert "1840 W Fulton St" in texts[0]["body"]
    assert texts[0]["body"].endswith("Reply C to confirm, X to cancel.")
    answered = sandbox.ask("POST", "/sandbox/twilio/inbound", {"from": phone, "body": "X"})
    assert answered.json["reply"] == "Your appointment is cancelled."
    secret = sandbox.stack.info["vapi"]["secret"]
    assert secret not in str(exchanges)
    code = re.findall(r"\d{4,8}", sandbox.accepted(phone)[0]["body"])[0]
    # An id or the end of the phone may hold the same digits.
    lines = re.sub(r"\[[^]]*]|ending in [\d, ]+", "", " ".join(map(said, exchanges)))
    assert code not in lines
    assert ", ".join(code) not in lines


def test_two_calls_race_for_one_time(sandbox: Sandbox) -> None:
    """One holds it, the other is offered others; both hear it with 200."""
    asked = call(sandbox, "+17735550172", [BOOKING[0]])
    slot = re.findall(r"\[([^\]]+)\]", said(asked[0]))[1]

    def reserve(phone: str) -> str:
        arguments = {"slotId": slot, "phone": phone, "serviceId": "svc_wash"}
        step = {"name": "reserve-atomic", "arguments": arguments}
        return said(call(sandbox, phone, [step])[0])

    with ThreadPoolExecutor(2) as pool:
        lines = sorted(pool.map(reserve, ["+17735550172", "+17735550173"]))
    assert "I'm holding" in lines[0]
    assert "isn't booked yet" in lines[0]
    assert "Nothing is held" in lines[1]


def test_a_call_that_timed_out_is_repeated_without_a_second_hold(sandbox: Sandbox) -> None:
    """The first answer is lost; the same call, with its own id, gets the same line again."""
    arguments = {"slotId": "$slots.2.slotId", "phone": "+17735550174", "serviceId": "svc_wash"}
    lost = {"name": "reserve-atomic", "arguments": arguments, "toolCallId": "call_1"}
    steps = [BOOKING[0], lost | {"timeoutSeconds": 0.001}, lost | {"repeat": 2, "atOnce": 3}]
    _, first, *again = call(sandbox, "+17735550174", steps, callId="call-that-timed-out")
    assert first["answer"]["timedOut"]
    lines = {said(each) for each in again}
    assert len(lines) == 1
    assert "I'm holding" in lines.pop()


@pytest.mark.parametrize("shape", ["string", "flat", "parameters", "nested"])
@pytest.mark.parametrize("auth", ["bearer", "secret", "hmac"])
def test_every_shape_and_proof_is_understood(sandbox: Sandbox, shape: str, auth: str) -> None:
    """By one address for all tools too, with two calls in one request."""
    steps = [BOOKING[0], [BOOKING[0], {"name": "order-pizza", "arguments": {}}]]
    alone, both = call(sandbox, "+17735550175", steps, shape=shape, auth=auth)
    assert "I have" in said(alone)
    results = both["answer"]["body"]["results"]
    assert [each["toolCallId"] for each in results] == [
        each["id"] if "id" in each else each["toolCall"]["id"]
        for each in next(
            both["request"]["body"]["message"][name]
            for name in ("toolCallList", "toolWithToolCallList")
            if name in both["request"]["body"]["message"]
        )
    ]
    assert "no tool by that name" in str(results[1])


def test_what_only_informs_is_taken_and_strangers_are_not(sandbox: Sandbox) -> None:
    """2xx for what wants no answer; 401 without the secret, before anything is read."""
    kinds = ("status-update", "transcript", "speech-update", "end-of-call-report", "hang")
    told = call(sandbox, "+17735550176", [{"message": kind} for kind in kinds])
    assert {each["answer"]["status"] // 100 for each in told} == {2}
    for auth in ("wrong", "none"):
        refused = call(sandbox, "+17735550176", [BOOKING[0]], auth=auth)
        assert refused[0]["answer"]["status"] == 401


@pytest.mark.parametrize(
    "script",
    [
        {},
        {"tools": []},
        {"from": 7, "tools": [{"name": "x"}]},
        {"tools": [{"arguments": {}}]},
        {"tools": [{"name": "x", "arguments": 5}]},
        {"tools": [{"name": "x", "repeat": 99}]},
        {"tools": [[]]},
        {"tools": [{"name": "x"}], "shape": "round"},
        {"tools": [{"name": "x"}], "org": "nobody"},
        [],
    ],
)
def test_a_script_that_cannot_be_read_is_refused(sandbox: Sandbox, script: Any) -> None:
    """With a sentence that says what is missing."""
    answer = sandbox.ask("POST", "/sandbox/vapi/call", script)
    assert (answer.status, answer.json["code"]) == (400, "VALIDATION_FAILED")

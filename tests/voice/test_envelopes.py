"""Vapi's envelopes: every shape is read, every call answered, and nothing sent causes a fault."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closedloop.edge.tool import MOST_CALLS
from tests.support.examples import freely
from tests.support.wire import fail, wire
from tests.voice.lines import wrong_in
from tests.voice.world import PHONE

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from tests.voice.world import World

DATE = {"date": "2029-06-04"}
SHAPES: dict[str, Row] = {
    "captured": {"toolCallList": [
        {"id": "c1", "type": "function",
         "function": {"name": "check-availability", "arguments": DATE}}]},
    "arguments as text": {"toolCallList": [
        {"id": "c1", "type": "function",
         "function": {"name": "check-availability", "arguments": json.dumps(DATE)}}]},
    "toolCalls alone": {"toolCalls": [
        {"id": "c1", "type": "function",
         "function": {"name": "check-availability", "arguments": DATE}}]},
    "flat arguments": {"toolCallList": [
        {"id": "c1", "name": "check-availability", "arguments": DATE}]},
    "flat parameters": {"toolCallList": [
        {"id": "c1", "name": "check-availability", "parameters": DATE}]},
    "flat parameters as text": {"toolCallList": [
        {"id": "c1", "name": "check-availability", "parameters": json.dumps(DATE)}]},
    "with its tool, by name": {"toolWithToolCallList": [
        {"name": "check-availability", "toolCall": {"id": "c1", "parameters": DATE}}]},
    "with its tool, by function": {"toolWithToolCallList": [
        {"function": {"name": "check-availability"}, "toolCall":
            {"id": "c1", "type": "function",
             "function": {"name": "check-availability", "arguments": DATE}}}]},
    "with its tool, parameters inside": {"toolWithToolCallList": [
        {"function": {"name": "check-availability"}, "toolCall":
            {"id": "c1", "function": {"name": "check-availability", "parameters": DATE}}}]},
    "an empty list before": {"toolCallList": [], "toolCalls": [
        {"id": "c1", "name": "checkAvailability", "arguments": DATE}]},
    "type with an underscore": {"type": "tool_calls", "toolCallList": [
        {"id": "c1", "name": "check_availability", "arguments": DATE}]},
}  # fmt: skip

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "name", "function", "arguments", "parameters", "toolCall", "type", "call",
                 "chat", "customer", "number", "message", "functionCall", "toolCallList",
                 "toolCalls", "toolWithToolCallList", "timestamp", "status"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)  # fmt: skip
LINE = "I have Monday, June 4th at 9 AM ["


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("function", ["vapi_webhook", "check_availability"])
def test_every_shape_is_read(world: World, shape: str, function: str) -> None:
    """Vapi's own pages disagree on where names and arguments stand."""
    message = {"type": "tool-calls", "call": {"id": "call-1"}, **SHAPES[shape]}
    answer = world.post({"message": message}, function)
    (result,) = answer.json["results"]
    assert (answer.status, result["toolCallId"]) == (200, "c1")
    assert result["result"].startswith(LINE)


@pytest.mark.parametrize(
    "body",
    [
        {"message": {"type": "function-call", "call": {"id": "call-1"},
                     "functionCall": {"name": "check-availability", "parameters": DATE}}},
        {"message": {"type": "function-call",
                     "functionCall": {"name": "check-availability",
                                      "parameters": json.dumps(DATE)}}},
        {"functionCall": {"functionName": "checkAvailability", "parameters": DATE}},
    ],
)  # fmt: skip
def test_the_old_format_is_answered_in_its_own(world: World, body: Row) -> None:
    """`{"result"}` without an id."""
    answer = world.post(body)
    assert (answer.status, set(answer.json)) == (200, {"result"})
    assert answer.json["result"].startswith(LINE)


def test_the_old_format_can_send_a_second_code(world: World) -> None:
    """It has no ids of calls: the time of its message tells a repeat from a new wish."""
    call = world.call()
    hold = call.hold()
    old: Row = {"type": "function-call", "call": {"id": call.id}}
    old["functionCall"] = {"name": "send-otp", "parameters": {"holdId": hold}}
    for stamp in (1_720_071_550_225, 1_720_071_550_225, "2029-06-01T15:02:00Z"):
        world.post({"message": {**old, "timestamp": stamp}})
        world.code()
        world.later(seconds=61)
    assert len(world.twilio.accepted) == 2


def test_several_calls_are_answered_in_their_order(world: World) -> None:
    """One request, one result for each, with its id; one that cannot be read stops no other."""
    call = world.call()
    asked: list[tuple[str, Any]] = [
        ("reserve-atomic", {"date": "tomorrow", "time": "3 pm"}),
        ("send-otp", {}),
        ("bookAppointment", {"day": "tomorrow"}),
        ("check-availability", "{broken"),
        ("check-availability", {"date": "tomorrow"}),
    ]
    body = call.envelope(*asked, ids=["z", "y", "x", "w", "v"])
    results = world.post(body).json["results"]
    assert [each["toolCallId"] for each in results] == ["z", "y", "x", "w", "v"]
    lines = [each["result"] for each in results]
    begins = ["I'm holding", "I sent", "I have no tool", "I could not read", "You already hold"]
    assert [line.startswith(begin) for line, begin in zip(lines, begins, strict=True)] == [True] * 5


def test_too_many_calls_are_asked_to_come_again(world: World) -> None:
    """Every call has its result; those beyond ten are not carried out."""
    body = world.call().envelope(*[("check-availability", DATE)] * (MOST_CALLS + 2))
    lines = [each["result"] for each in world.post(body).json["results"]]
    assert [line.startswith(LINE) for line in lines] == [True] * MOST_CALLS + [False] * 2


def test_a_tool_may_have_the_assistants_own_name(world: World) -> None:
    """On its own address; the name of another tool of ours is a mistake there."""
    for name, begins in (("findTimes", LINE), ("send_otp", "I have no tool")):
        message = {"toolCallList": [{"id": "c", "name": name, "arguments": DATE}]}
        answer = world.post({"message": message}, "check_availability")
        assert answer.json["results"][0]["result"].startswith(begins)


@pytest.mark.parametrize(
    "kind",
    ["status-update", "end-of-call-report", "hang", "conversation-update", "transcript",
     "speech-update", "user-interrupted", "assistant-request", "something new", ""],
)  # fmt: skip
@pytest.mark.parametrize("function", ["vapi_webhook", "send_otp"])
def test_what_wants_no_answer_gets_none(world: World, kind: str, function: str) -> None:
    """2xx and empty, and nothing is written."""
    before = world.db.snapshot(world.org)
    answer = world.post({"message": {"type": kind, "call": {"id": "call-1"}}}, function)
    assert (answer.status, answer.text) == (204, "")
    assert world.db.snapshot(world.org) == before


def test_arguments_are_trimmed_and_renamed(world: World) -> None:
    """Blanks are missing, numbers are texts, other spellings are known, the rest is left out."""
    call = world.call(None)
    line = call.ask(
        "reserve_atomic", slot_id="", Date=" tomorrow ", time="3 pm", phone_number=13125550142,
        name="  Ana  ", reason="dirty", serviceId=None,
    )  # fmt: skip
    assert line.startswith("I'm holding Saturday, June 2nd at 3 PM for Hand wash")
    (hold,) = world.holds()
    assert (hold["phone"], hold["name"]) == (PHONE, "Ana")


@pytest.mark.parametrize(
    ("tool", "arguments", "asked"),
    [
        ("check-availability", {}, "Which day would suit you?"),
        ("check-availability", {"date": ""}, "Which day would suit you?"),
        ("reserve-atomic", {}, "Which day and time shall I hold?"),
        ("send-otp", {}, "No time is held yet. Which day and time shall I hold?"),
        ("verify-otp", {}, "I still need the code, so nothing was done yet."),
        ("send-confirmation", {}, "I still need which visit you mean, so nothing was done yet."),
    ],
)  # fmt: skip
def test_what_is_missing_is_asked_for(world: World, tool: str, arguments: Row, asked: str) -> None:
    """In one sentence that names it; nothing is written."""
    before = world.db.snapshot(world.org)
    assert world.call().ask(tool, **arguments) == asked
    assert world.db.snapshot(world.org) == before


@pytest.mark.parametrize("number", ["anonymous", "restricted", "", "{{customer.number}}", "+1"])
def test_a_withheld_number_is_no_number(world: World, number: str) -> None:
    """The agent asks for one; nothing is held and nobody looked up by it."""
    for given_number in ({}, {"phone": number}):
        line = world.call(number).ask(
            "reserve-atomic", date="tomorrow", time="3 pm", **given_number
        )
        assert "number" in line
    assert world.holds() == []


def test_a_number_that_was_said_comes_before_the_callers(world: World) -> None:
    """Caller ID only fills the gap; a placeholder that nobody filled in is a gap."""
    world.call("+13125550101").hold(phone="312 555 0199")
    world.call("+13125550102").hold(phone="{{customer.number}}", time="4 pm")
    assert sorted(row["phone"] for row in world.holds()) == ["+13125550102", "+13125550199"]


def test_a_fault_is_a_sentence(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect in one call is said; the others of its envelope are answered."""

    def broken(*_: object) -> None:
        raise RuntimeError("number +13125550199")

    monkeypatch.setattr("closedloop.voice.reserving._phone", broken)
    body = world.call().envelope(
        ("reserve-atomic", {"date": "tomorrow", "time": "3 pm"}), ("check-availability", DATE)
    )
    answer = world.post(body)
    first, second = (each["result"] for each in answer.json["results"])
    assert first.startswith("I can't reach the calendar")
    assert second.startswith(LINE)
    assert "5550199" not in answer.text


def test_a_database_that_is_away_is_a_sentence(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 all the same: the platform would ignore anything else."""
    monkeypatch.setattr("closedloop.dynamo.transaction.time.sleep", lambda _: None)
    call = world.call()
    with wire() as watched:
        watched.always = fail
        assert call.ask("check-availability", **DATE).startswith("I can't reach the calendar")


@freely(150)
@given(message=JSON)
def test_whatever_stands_in_an_envelope_is_answered(world: World, message: Any) -> None:
    """No 500, and each result is a line with an id."""
    answer = world.post({"message": message})
    assert answer.status in {200, 204, 400}
    for each in answer.json.get("results", []) if answer.status == 200 else []:
        assert isinstance(each["toolCallId"], str)
        assert wrong_in(each["result"]) == []


@freely(100)
@given(arguments=st.dictionaries(
    st.sampled_from(["date", "time", "slotId", "phone", "name", "serviceId", "holdId", "code",
                     "appointmentId", "from", "to", "timezone", "callId"]),
    st.text(max_size=40) | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.none() | st.booleans()
    | st.sampled_from(["tomorrow", "3 pm", "2029-06-04", "+13125550142", "wash", "2029-06-04T99"]),
), tool=st.sampled_from(["check-availability", "reserve-atomic", "send-otp", "verify-otp",
                         "send-confirmation"]))  # fmt: skip
def test_whatever_arguments_come_are_answered(world: World, tool: str, arguments: Row) -> None:
    """With a line for the ear."""
    body = world.call().envelope((tool, arguments))
    (result,) = world.post(body).json["results"]
    assert wrong_in(result["result"]) == [], (arguments, result)

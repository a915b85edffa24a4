"""The assistant that is ready to be imported: its tools are ours, in the shape that Vapi takes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.edge.tool import Call
from closedloop.voice.availability import CheckAvailability
from closedloop.voice.confirming import SendConfirmation
from closedloop.voice.handlers.platform import fitted
from closedloop.voice.reserving import ReserveAtomic
from closedloop.voice.sending import SendOtp
from closedloop.voice.toolset import NAMES
from closedloop.voice.verifying import VerifyOtp
from local.settings import ROOT
from tests.api.support import document

if TYPE_CHECKING:
    from closedloop.core.command import Command

ASSISTANT: dict[str, Any] = json.loads((ROOT / "docs/api/vapi-assistant.json").read_text())
TOOLS: dict[str, Any] = {each["function"]["name"]: each for each in ASSISTANT["model"]["tools"]}
COMMANDS: dict[str, type[Command]] = {
    "check-availability": CheckAvailability,
    "reserve-atomic": ReserveAtomic,
    "send-otp": SendOtp,
    "verify-otp": VerifyOtp,
    "send-confirmation": SendConfirmation,
}
OF_THE_PLATFORM = {"callId"}
"""What an envelope says by itself: no model is to fill it in."""

KNOWN = {
    "": {"name", "firstMessage", "model", "transcriber", "voice", "server", "serverMessages",
         "keypadInputPlan", "endCallPhrases"},
    "model": {"provider", "model", "temperature", "maxTokens", "messages", "tools"},
    "tool": {"type", "async", "function", "server", "messages"},
    "function": {"name", "description", "strict", "parameters"},
    "parameters": {"type", "properties", "required"},
    "server": {"url", "timeoutSeconds", "credentialId", "backoffPlan"},
    "backoffPlan": {"type", "maxRetries", "baseDelaySeconds", "excludedStatusCodes"},
}  # fmt: skip
"""The fields that we use of Vapi's own (vapi_server_sdk 3.0.0); it refuses one that it lacks."""

each_tool = pytest.mark.parametrize("name", NAMES)


def test_it_has_the_five_tools_and_nothing_that_vapi_refuses() -> None:
    """Names as the routes have them; every field is one of Vapi's."""
    assert tuple(TOOLS) == NAMES
    assert ASSISTANT.keys() <= KNOWN[""]
    assert ASSISTANT["model"].keys() <= KNOWN["model"]
    assert ASSISTANT["model"]["maxTokens"] == 500
    for tool in TOOLS.values():
        assert tool.keys() <= KNOWN["tool"]
        assert tool["function"].keys() <= KNOWN["function"]
        assert tool["function"]["parameters"].keys() <= KNOWN["parameters"]


@each_tool
def test_its_parameters_are_those_of_the_tool(name: str) -> None:
    """Of the model that checks them, and of the API's description; all texts."""
    parameters = TOOLS[name]["function"]["parameters"]
    fields = COMMANDS[name].model_fields
    names = {field.alias or own for own, field in fields.items()} - OF_THE_PLATFORM
    assert parameters["properties"].keys() == names
    described = document()["components"]["schemas"][COMMANDS[name].__name__]["properties"]
    assert parameters["properties"].keys() == described.keys() - OF_THE_PLATFORM
    assert {each["type"] for each in parameters["properties"].values()} == {"string"}


@each_tool
def test_a_strict_model_may_leave_out_what_is_optional(name: str) -> None:
    """Strict: every parameter is named as required, and an empty text is none at all."""
    function = TOOLS[name]["function"]
    assert function["strict"] is True
    assert function["parameters"]["required"] == list(function["parameters"]["properties"])
    empty = dict.fromkeys(function["parameters"]["required"], "")
    assert fitted(Call("call_1", name, empty, None, {}), COMMANDS[name]) == {}
    needed = {own for own, field in COMMANDS[name].model_fields.items() if field.is_required()}
    optional = function["parameters"]["properties"].keys() - needed
    said = function["parameters"]["properties"]
    assert all("empty text" in said[each]["description"] for each in optional)


@each_tool
def test_each_tool_has_its_address_and_what_is_said_meanwhile(name: str) -> None:
    """A credential by id, never a secret; a repeat is safe; two seconds of silence at most."""
    tool = TOOLS[name]
    assert tool["async"] is False
    assert tool["server"]["url"].endswith(f"/api/vapi/tools/booking/{name}")
    for server in (tool["server"], ASSISTANT["server"]):
        assert server.keys() == KNOWN["server"]
        assert server["backoffPlan"].keys() == KNOWN["backoffPlan"]
        assert re.fullmatch(r"[0-]+4000-8000-0+", server["credentialId"])
        assert 401 in server["backoffPlan"]["excludedStatusCodes"]
    kinds = {each["type"]: each for each in tool["messages"]}
    assert kinds.keys() == {"request-start", "request-response-delayed", "request-failed"}
    assert kinds["request-response-delayed"]["timingMilliseconds"] == 2000


def test_the_end_of_a_call_is_told_and_the_prompt_keeps_the_rules() -> None:
    """The order of the tools, by the business's clock; held is not booked; no code is said."""
    assert ASSISTANT["server"]["url"].endswith("/api/vapi/webhook")
    assert {"tool-calls", "end-of-call-report"} <= set(ASSISTANT["serverMessages"])
    assert ASSISTANT["keypadInputPlan"]["enabled"]
    (message,) = ASSISTANT["model"]["messages"]
    prompt = message["content"]
    found = [prompt.index(each) for each in ("check-availability", *NAMES[1:])]
    assert found == sorted(found)
    for words in ('"now" | date:', "held, not booked yet", "Never say a code", "add a year"):
        assert words in prompt

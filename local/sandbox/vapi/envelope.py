"""What Vapi posts: its envelope in every shape that it is known in, with its own proof.

Source: docs/contracts.md, "Vapi": a request that was captured, and the pages that say otherwise.
"""

from __future__ import annotations

import hmac
import json
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local.sandbox.vapi.script import Script, Step, ToolCall

Json = dict[str, Any]
PLACE = "(the secret)"
"""What a report shows where the request had a secret."""


def tool_calls(script: Script, step: Step, our_number: str) -> Json:
    """A request that asks for tools, in the shape that the script wants."""
    calls = step.calls
    match script.shape:
        case "bare":
            return dict(_object(calls[0].arguments))
        case "legacy":
            function = {"name": calls[0].name, "parameters": calls[0].arguments}
            inner: Json = {"type": "function-call", "functionCall": function}
        case "flat" | "parameters":
            name = "arguments" if script.shape == "flat" else "parameters"
            flat = [{"id": each.id, "name": each.name, name: each.arguments} for each in calls]
            inner = {"type": "tool-calls", "toolCallList": flat}
        case "nested":
            inner = {"type": "tool-calls", "toolWithToolCallList": _nested(calls)}
        case _:
            as_text = script.shape == "string"
            listed = [_as_captured(each, as_text=as_text) for each in calls]
            whole = [_with_its_tool(each) for each in listed]
            inner = {
                "type": "tool-calls", "toolCalls": listed, "toolCallList": listed,
                "toolWithToolCallList": whole,
            }  # fmt: skip
    return _message(script, inner, our_number)


def information(script: Script, kind: str, our_number: str) -> Json:
    """A message that wants no answer: `status-update`, `end-of-call-report`, ..."""
    more: dict[str, Json] = {
        "status-update": {"status": "ended", "endedReason": "customer-ended-call"},
        "end-of-call-report": {
            "endedReason": "customer-ended-call", "durationSeconds": 61.5,
            "analysis": {"summary": "", "successEvaluation": "true"},
        },
        "transcript": {"role": "user", "transcriptType": "final", "transcript": "Hello?"},
        "speech-update": {"status": "started", "role": "assistant", "turn": 1},
    }  # fmt: skip
    return _message(script, {"type": kind, **more.get(kind, {})}, our_number)


def headers(auth: str, secret: str, body: bytes) -> dict[str, str]:
    """The headers of a request, by one of Vapi's ways to authenticate."""
    found = {"Content-Type": "application/json", "User-Agent": "axios/1.7.9"}
    match auth:
        case "bearer":
            return found | {"Authorization": f"Bearer {secret}"}
        case "secret":
            return found | {"X-Vapi-Secret": secret}
        case "wrong":
            return found | {"Authorization": f"Bearer {secret[::-1]}"}
        case "hmac":
            stamp = str(int(time.time() * 1000))
            digest = hmac.digest(secret.encode(), f"{stamp}.".encode() + body, "sha256").hex()
            return found | {"X-Signature": digest, "X-Timestamp": stamp}
    return found


def shown(sent: Mapping[str, str], secret: str) -> dict[str, str]:
    """Headers as a report shows them: without the secret."""
    hidden = (secret, secret[::-1])
    return {
        name: PLACE if any(each in value for each in hidden) else value
        for name, value in sent.items()
    }


def _message(script: Script, inner: Json, our_number: str) -> Json:
    now = int(time.time() * 1000)
    customer = {} if script.caller is None else {"customer": {"number": script.caller}}
    number = {
        "id": "4a5a0b1c-9d2e-4f3a-8b7c-6d5e4f3a2b1c",
        "number": our_number,
        "provider": "twilio",
    }
    call = {
        "id": script.call_id, "orgId": "379a13ec-f40d-4055-8959-797c4ee1694b",
        "type": "inboundPhoneCall" if script.caller else "webCall", "status": "in-progress",
        "phoneCallProvider": "twilio", "phoneCallTransport": "pstn",
        "phoneNumberId": number["id"], "assistantId": "c4a1b2d3-0e5f-4a6b-9c8d-7e6f5a4b3c2d",
        **customer, "assistant": {},
    }  # fmt: skip
    artifact: Json = {"messages": [], "messagesOpenAIFormatted": []}
    return {
        "message": {
            "timestamp": now, **inner, "call": call, "phoneNumber": number, **customer,
            "assistant": {}, "assistantVersion": None, "artifact": artifact, "chat": None,
        }
    }  # fmt: skip


def _as_captured(call: ToolCall, *, as_text: bool) -> Json:
    given = call.arguments
    if as_text and not isinstance(given, str):
        given = json.dumps(given)
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": given}}


def _with_its_tool(listed: Json) -> Json:
    function = {
        "name": listed["function"]["name"], "description": "",
        "parameters": {"type": "object", "properties": {}},
    }  # fmt: skip
    return {
        "type": "function", "async": False, "function": function,
        "server": {"url": "https://example.com/vapi", "timeoutSeconds": 20}, "messages": [],
        "toolCall": listed,
    }  # fmt: skip


def _nested(calls: Sequence[ToolCall]) -> list[Json]:
    return [
        {"name": each.name, "toolCall": {"id": each.id, "parameters": each.arguments}}
        for each in calls
    ]


def _object(arguments: Any) -> Json:
    return arguments if isinstance(arguments, dict) else {}

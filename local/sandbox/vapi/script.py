"""What a script of a call asks for: who calls, which tools the model uses, and how it is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Sequence

TOOLS = ("check-availability", "reserve-atomic", "send-otp", "verify-otp", "send-confirmation")
SHAPES = ("vapi", "string", "flat", "parameters", "nested", "legacy", "bare")
"""`vapi` is what it sends today; the others are what its documents and older assistants have."""

AUTHS = ("bearer", "secret", "hmac", "wrong", "none")
TARGETS = ("tool", "webhook")
_MOST_STEPS, _MOST_REPEATS, _LONGEST_SECONDS = 50, 20, 60.0
_ORG = re.compile(r"[a-z0-9-]{1,64}")


class UnreadableScriptError(ValueError):
    """No call can be made of it; the text says why."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool: the model's own id, and arguments that may hold `$` references."""

    name: str
    arguments: Any
    id: str = field(default_factory=lambda: f"call_{uuid4().hex[:24]}")


@dataclass(frozen=True, slots=True)
class Step:
    """One request: tool calls that are sent together, or a message that only informs.

    `repeats` are sent after it with the same ids, and `at_once` with it. Nobody waits for an
    answer longer than `timeout`.
    """

    calls: tuple[ToolCall, ...] = ()
    message: str | None = None
    repeats: int = 0
    at_once: int = 1
    timeout: float = 20.0


@dataclass(frozen=True, slots=True)
class Script:
    """A whole call."""

    caller: str | None
    steps: tuple[Step, ...]
    org: str = "demo"
    call_id: str = field(default_factory=lambda: str(uuid4()))
    shape: str = "vapi"
    auth: str = "bearer"
    target: str = "tool"


def read(wish: Any) -> Script:
    """The script that a request describes.

    Raises:
        UnreadableScriptError: a field is missing or of another kind.
    """
    if not isinstance(wish, dict):
        raise UnreadableScriptError("Send an object with from and tools.")
    tools = wish.get("tools")
    if not isinstance(tools, list) or not 0 < len(tools) <= _MOST_STEPS:
        raise UnreadableScriptError(f"tools is a list of 1 to {_MOST_STEPS} steps.")
    caller, org = wish.get("from"), wish.get("org", "demo")
    if caller is not None and not isinstance(caller, str):
        raise UnreadableScriptError("from is a text: what Vapi gives as the caller's number.")
    if not isinstance(org, str) or not _ORG.fullmatch(org):
        raise UnreadableScriptError("org is the id of a demo business.")
    return Script(
        caller=caller,
        steps=tuple(_step(each) for each in tools),
        org=org,
        call_id=_text(wish, "callId", str(uuid4())),
        shape=_one_of(wish, "shape", SHAPES),
        auth=_one_of(wish, "auth", AUTHS),
        target=_one_of(wish, "target", TARGETS),
    )


def _step(wish: Any) -> Step:
    if isinstance(wish, list):
        return Step(tuple(_call(each) for each in wish)) if wish else _wrong_step()
    if not isinstance(wish, dict):
        return _wrong_step()
    together = wish.get("together", [wish])
    if not isinstance(together, list) or not together:
        return _wrong_step()
    is_message = "message" in wish
    return Step(
        calls=() if is_message else tuple(_call(each) for each in together),
        message=_text(wish, "message", "") if is_message else None,
        repeats=int(_number(wish, "repeat", 0, _MOST_REPEATS)),
        at_once=int(_number(wish, "atOnce", 1, _MOST_REPEATS)),
        timeout=_number(wish, "timeoutSeconds", 20, _LONGEST_SECONDS),
    )


def _call(wish: Any) -> ToolCall:
    if not isinstance(wish, dict) or not isinstance(wish.get("name"), str):
        raise UnreadableScriptError("A tool is {name, arguments, toolCallId?}.")
    arguments = wish.get("arguments", {})
    if not isinstance(arguments, dict | str):
        raise UnreadableScriptError("arguments is an object, or a text to be sent as it is.")
    if wish.get("toolCallId") is None:
        return ToolCall(wish["name"], arguments)
    return ToolCall(wish["name"], arguments, _text(wish, "toolCallId", ""))


def _wrong_step() -> Step:
    raise UnreadableScriptError("A step is a tool, a list of tools sent together, or a message.")


def _text(wish: dict[str, Any], name: str, otherwise: str) -> str:
    found = wish.get(name, otherwise)
    if not isinstance(found, str):
        raise UnreadableScriptError(f"{name} is a text.")
    return found


def _one_of(wish: dict[str, Any], name: str, known: Sequence[str]) -> str:
    found = wish.get(name, known[0])
    if found not in known:
        raise UnreadableScriptError(f"{name} is one of {', '.join(known)}.")
    return str(found)


def _number(wish: dict[str, Any], name: str, otherwise: float, most: float) -> float:
    found = wish.get(name, otherwise)
    if type(found) not in {int, float} or not 0 <= found <= most:
        raise UnreadableScriptError(f"{name} is a number from 0 to {most:g}.")
    return float(found)

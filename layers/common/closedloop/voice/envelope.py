"""What Vapi sends, in every shape that it has been seen in (docs/contracts.md).

Its own pages disagree on where a call's name and arguments stand: all of them are read.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

from closedloop.voice.toolset import CALL_ID, said_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Json = dict[str, Any]
_CALL_ID = re.compile(CALL_ID)
_LONGEST = 500
"""Characters of one argument; a longer one was never said."""


def message_of(body: Mapping[str, Any]) -> Json | None:
    """The message of an envelope; None where the body is the bare arguments of a tool."""
    message = body.get("message")
    if isinstance(message, dict):
        return message
    return dict(body) if isinstance(body.get("functionCall"), dict) else None


def kind(message: Mapping[str, Any]) -> str:
    """What sort of message it is: `tool-calls`, `end-of-call-report`, ..."""
    return str(message.get("type") or "").replace("_", "-")


def is_legacy(message: Mapping[str, Any]) -> bool:
    """Whether it is the old format of one call."""
    return isinstance(message.get("functionCall"), dict)


def calls(message: Mapping[str, Any]) -> Iterator[tuple[str, str, Json | None]]:
    """Id, name and arguments of each call, in order; arguments that cannot be read are None."""
    if is_legacy(message):
        call = message["functionCall"]
        yield "", _text(call.get("name") or call.get("functionName")), _arguments(call, {})
        return
    for each in _listed(message):
        inner = _dict(each.get("function"))
        name = _text(inner.get("name") or each.get("name"))
        yield _text(each.get("id")), name, _arguments(inner, each)


def conversation(message: Mapping[str, Any]) -> str | None:
    """What names the conversation: the call's id, in a chat the chat's; None if nothing does."""
    for name in ("call", "chat"):
        if found := _text(_dict(message.get(name)).get("id")):
            return found if _CALL_ID.fullmatch(found) else _short(found)
    return None


def key(message: Mapping[str, Any], call_id: str) -> str | None:
    """What a repeat of this very call has in common with it; None where nothing tells.

    The old format has no ids: the time of its message stands for one.
    """
    talk = conversation(message)
    own = call_id or _text(message.get("timestamp"))
    return f"{talk}/{_short(own)}" if talk and own else None


def caller(message: Mapping[str, Any]) -> str | None:
    """The number that the platform gives for the caller; None if it is withheld or no number."""
    for holder in (message, _dict(message.get("call"))):
        number = _text(_dict(holder.get("customer")).get("number"))
        if number and said_number(number):
            return number
    return None


def _listed(message: Mapping[str, Any]) -> list[Json]:
    for name in ("toolCallList", "toolCalls"):
        if found := _dicts(message.get(name)):
            return found
    return [
        {"name": _dict(each.get("function")).get("name") or each.get("name"),
         **_dict(each.get("toolCall"))}
        for each in _dicts(message.get("toolWithToolCallList"))
    ]  # fmt: skip


def _arguments(inner: Json, outer: Json) -> Json | None:
    found = (
        place[name] for place in (inner, outer) for name in ("arguments", "parameters")
        if place.get(name) is not None
    )  # fmt: skip
    given: Any = next(found, {})
    if isinstance(given, str):
        try:
            given = json.loads(given) if given.strip() else {}
        except (ValueError, RecursionError):
            return None
    return given if isinstance(given, dict) else None


def plain(arguments: Mapping[str, Any]) -> dict[str, str]:
    """Arguments as texts, trimmed: a number as its digits; what is empty is left out."""
    texts = {name: _scalar(value) for name, value in arguments.items()}
    return {name: text for name, text in texts.items() if text}


def _scalar(value: Any) -> str:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - exact
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _encodable(str(value)[:_LONGEST]).strip()


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _text(value: Any) -> str:
    found = (
        value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""
    )
    return _encodable(found)


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]

"""What a model and its caller remember of a call: ids from spoken brackets, a code from the phone.

An argument of a script may refer to it: `$slots.0.slotId`, `$hold.id`, `$appointment.id`,
`$code`, `$from`.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from local.sandbox.twilio.messages import Message

_BRACKETS = re.compile(r"\[([^\[\]]+)\]")
_ROW_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CODE = re.compile(r"(?<!\d)\d{4,8}(?!\d)")
_PATIENCE_SECONDS = 30.0
_LOOK_SECONDS = 0.05


class NothingSuchError(LookupError):
    """A reference to what nobody has said yet."""


@dataclass(slots=True)
class Memory:
    """Everything that the answers of a call have said so far; `texts` are those to a number."""

    phone: str | None
    texts: Callable[[str], Sequence[Message]]
    known: dict[str, Any] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """What the phone got before the call is no code of this call."""
        self.read |= {each.sid for each in self._messages()}

    async def resolved(self, arguments: Any) -> Any:
        """Arguments with what they refer to.

        Raises:
            NothingSuchError: nobody has said it.
        """
        if isinstance(arguments, dict):
            return {name: await self.resolved(value) for name, value in arguments.items()}
        if not isinstance(arguments, str) or not arguments.startswith("$"):
            return arguments
        return await self._code() if arguments == "$code" else self._found(arguments)

    def learn(self, answer: Any) -> None:
        """Keep what an answer says, be it spoken or JSON."""
        if not isinstance(answer, dict):
            return
        for name in ("slots", "hold", "appointment"):
            if answer.get(name):
                self.known[name] = answer[name]
        lines = [each.get("result") for each in answer.get("results", ()) if isinstance(each, dict)]
        for line in (*lines, answer.get("result")):
            if isinstance(line, str):
                self._heard(line)

    def _heard(self, line: str) -> None:
        marks = _BRACKETS.findall(line)
        slots = [each for each in marks if not _ROW_ID.fullmatch(each)]
        rows = [each for each in marks if _ROW_ID.fullmatch(each)]
        if slots:
            self.known["slots"] = [{"slotId": each} for each in slots]
        if rows:
            # A hold's id is that of the appointment which it becomes.
            self.known["hold"] = self.known["appointment"] = {"id": rows[-1]}

    def _found(self, reference: str) -> Any:
        found: Any = self.known
        for part in reference.removeprefix("$").split("."):
            try:
                found = found[int(part)] if isinstance(found, list) else found[part]
            except (LookupError, TypeError, ValueError):
                raise NothingSuchError(f"Nobody has said {reference} yet.") from None
        return found

    async def _code(self) -> str:
        """The code in the newest text that came during the call, as the caller reads it."""
        for _ in range(int(_PATIENCE_SECONDS / _LOOK_SECONDS)):
            for each in reversed(self._messages()):
                found = None if each.sid in self.read else _CODE.search(each.body)
                if found:
                    self.read.add(each.sid)
                    self.known["code"] = found[0]
                    return found[0]
            await asyncio.sleep(_LOOK_SECONDS)
        if "code" in self.known:
            return str(self.known["code"])
        raise NothingSuchError("No code has come by text.")

    def _messages(self) -> list[Message]:
        return list(self.texts(self.phone)) if self.phone else []

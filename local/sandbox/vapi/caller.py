"""Makes a scripted call: posts each step as Vapi does, and keeps what was sent and answered."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from local.sandbox.vapi import envelope
from local.sandbox.vapi.memory import Memory, NothingSuchError
from local.sandbox.vapi.script import TOOLS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.sandbox.vapi.script import Script, Step

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Caller:
    """One call to one business. `secret` is also the key that signs."""

    door: str
    secret: str
    our_number: str
    session: ClientSession

    async def make(self, script: Script, memory: Memory) -> list[Json]:
        """Every step in order; what a step refers to comes from the steps before it."""
        exchanges: list[Json] = []
        for step in script.steps:
            exchanges += await self._step(script, step, memory)
        return exchanges

    async def _step(self, script: Script, step: Step, memory: Memory) -> list[Json]:
        try:
            calls = [
                replace(each, arguments=await memory.resolved(each.arguments))
                for each in step.calls
            ]
        except NothingSuchError as missing:
            names = [each.name for each in step.calls]
            return [{"tools": names, "request": None, "answer": None, "error": str(missing)}]
        step = replace(step, calls=tuple(calls))
        url, body = self._request(script, step)
        together = (self._post(url, body, script, step) for _ in range(max(step.at_once, 1)))
        found = list(await asyncio.gather(*together))
        found += [await self._post(url, body, script, step) for _ in range(step.repeats)]
        for each in found:
            memory.learn((each["answer"] or {}).get("body"))
        return found

    def _request(self, script: Script, step: Step) -> tuple[str, Json]:
        if step.message is not None:
            body = envelope.information(script, step.message, self.our_number)
            return self._url(script, None), body
        alone = step.calls[0].name if len(step.calls) == 1 and script.target == "tool" else None
        return self._url(script, alone), envelope.tool_calls(script, step, self.our_number)

    def _url(self, script: Script, tool: str | None) -> str:
        """A tool's own address; several tools, other messages and unknown tools have the one."""
        own = (tool or "").replace("_", "-")
        path = f"tools/booking/{own}" if own in TOOLS else "webhook"
        query = f"?credential={script.org}" if script.auth == "hmac" else ""
        return f"{self.door}/api/vapi/{path}{query}"

    async def _post(self, url: str, body: Json, script: Script, step: Step) -> Json:
        raw = json.dumps(body).encode()
        headers = envelope.headers(script.auth, self.secret, raw)
        shown = envelope.shown(headers, self.secret)
        begun = time.monotonic()
        answer = await self._answer(
            url, raw, headers, ClientTimeout(total=max(step.timeout, 0.001))
        )
        answer["seconds"] = round(time.monotonic() - begun, 3)
        return {
            "tools": [each.name for each in step.calls],
            "request": {"method": "POST", "url": url, "headers": shown, "body": body},
            "answer": answer,
        }

    async def _answer(
        self, url: str, raw: bytes, headers: Mapping[str, str], patience: ClientTimeout
    ) -> Json:
        """What came back; a connection that is given up leaves the function to its work."""
        try:
            async with self.session.post(
                url, data=raw, headers=headers, timeout=patience
            ) as response:
                return {"status": response.status, "body": _json(await response.text())}
        except TimeoutError:
            return {"status": None, "body": None, "timedOut": True}
        except ClientError as lost:
            return {"status": None, "body": None, "lost": type(lost).__name__}


def _json(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text

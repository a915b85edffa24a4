"""`POST /sandbox/vapi/call`: a call of the voice agent, scripted; each request and each answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession, web

from local.demo.orgs import ORGS
from local.sandbox.asking import body_of, refused
from local.sandbox.section import Sandbox, Section
from local.sandbox.vapi import script
from local.sandbox.vapi.caller import Caller
from local.sandbox.vapi.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Sequence

_PATH = "/sandbox/vapi/call"
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_NUMBERS = {org.id: org.phone for org in ORGS}


def _routes(sandbox: Sandbox) -> Sequence[web.AbstractRouteDef]:
    async def call(request: web.Request) -> web.Response:
        try:
            wanted = script.read(await body_of(request))
            secret = _secret(sandbox, wanted.org)
        except ValueError as wrong:
            return refused(request, str(wrong))
        log = sandbox.twilio.vendor.log
        memory = Memory(_phone(wanted), log.accepted, {"from": wanted.caller})
        async with ClientSession() as session:
            caller = Caller(str(request.url.origin()), secret, _NUMBERS[wanted.org], session)
            exchanges = await caller.make(wanted, memory)
        return web.json_response({"callId": wanted.call_id, "exchanges": exchanges})

    async def known(_: web.Request) -> web.Response:
        return web.json_response(
            {
                "tools": script.TOOLS,
                "shapes": script.SHAPES,
                "auths": script.AUTHS,
                "targets": script.TARGETS,
                "orgs": sorted(sandbox.voice),
            }
        )

    return [web.post(_PATH, call), web.get(_PATH, known)]


def _secret(sandbox: Sandbox, org: str) -> str:
    try:
        return sandbox.voice[org]
    except KeyError:
        raise script.UnreadableScriptError("org is the id of a demo business.") from None


def _phone(wanted: script.Script) -> str | None:
    """Whose phone gets the code: the first number that a tool is given, else the caller's."""
    given: list[Any] = [
        each.arguments.get("phone")
        for step in wanted.steps
        for each in step.calls
        if isinstance(each.arguments, dict)
    ]
    numbers = (each for each in given if isinstance(each, str) and _PHONE.fullmatch(each))
    return next(numbers, wanted.caller)


SECTION = Section(
    title="Calls",
    about="A scripted call of the voice agent: POST {from, tools: [{name, arguments}]}.",
    path=_PATH,
    routes=_routes,
)

"""From a commit to another client's socket, through the local stack."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any
from uuid import uuid4

import aiohttp

from bench.browser import ORG, Browser, store
from bench.clicks import Waited
from bench.wire import UnexpectedAnswerError

_WARM_UP = 5
_LONGEST_SECONDS = 30


def measure(stack: Any, presses: int) -> Waited:
    """So many confirmed bookings, each until a colleague's socket has told of it.

    Counted from the `version`, which is the moment of the decision: the commit itself is in it.
    """
    return Waited.of(asyncio.run(_told(stack, presses))[_WARM_UP:])


async def _told(stack: Any, presses: int) -> list[float]:
    info, browser = stack.info, Browser(stack.info)
    async with aiohttp.ClientSession() as http:
        address = await _address(http, info)
        async with http.ws_connect(address, origin=info["web_url"]) as socket:
            await socket.send_json({"action": "subscribe", "tables": ["appointments"]})
            await socket.receive_json(timeout=_LONGEST_SECONDS)
            return [await _one(stack, browser, socket) for _ in range(presses + _WARM_UP)]


async def _address(http: aiohttp.ClientSession, info: dict[str, Any]) -> str:
    """Of the colleague's socket, with a ticket."""
    headers = {"Authorization": f"Bearer {info['tokens'][ORG]['staff']}"}
    async with http.post(f"{info['api_url']}/realtime/ticket", headers=headers) as answer:
        ticket = await answer.json()
    return f"{ticket['url']}?ticket={ticket['ticket']}"


async def _one(stack: Any, browser: Browser, socket: aiohttp.ClientWebSocketResponse) -> float:
    appointment = str(uuid4())
    row = {"id": appointment, "status": "pending", "start": "2026-12-01T15:00:00.000Z"}
    await asyncio.to_thread(store, stack, "appointments", row)
    await _event(socket, appointment)
    body = json.dumps({"appointmentId": appointment})
    press = asyncio.to_thread(browser.press, "POST", "/api/bookings/confirm", body)
    told, _ = await asyncio.gather(_event(socket, appointment), press)
    return told


async def _event(socket: aiohttp.ClientWebSocketResponse, appointment: str) -> float:
    """How old the next event is, which is of this appointment: milliseconds."""
    event = await socket.receive_json(timeout=_LONGEST_SECONDS)
    age: float = time.time() - event["version"] / 1_000_000
    if event["id"] != appointment:
        raise UnexpectedAnswerError(f"told of {event['table']} {event['id']}")
    return age * 1000

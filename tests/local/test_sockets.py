"""The front door over WebSocket."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from local.door.apis import Apis
from local.door.sockets import SocketProxy
from tests.local.support import outputs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from local.stack import Stack

pytestmark = pytest.mark.stack

NAMED = "?name=a%20b"


def over_socket(
    url: str, conversation: Callable[[aiohttp.ClientWebSocketResponse], Awaitable[Any]]
) -> Any:
    """Runs a conversation over one socket."""

    async def run() -> Any:
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            return await conversation(socket)

    return asyncio.run(run())


async def two_messages(socket: aiohttp.ClientWebSocketResponse) -> list[Any]:
    """What comes back for one message: a post and a reply."""
    await socket.send_str("hello")
    return [json.loads(await socket.receive_str()) for _ in range(2)]


def test_messages_go_both_ways(lab: Stack) -> None:
    """A reply, and what the function posts to the connection by its management address."""
    assert over_socket(lab.info["ws_url"] + NAMED, two_messages) == [
        {"posted": "hello"},
        {"replied": "hello", "route": "$default"},
    ]


def test_the_address_in_the_template_leads_to_the_front_door(lab: Stack) -> None:
    """With the stage in it, as functions hand it to clients."""
    address = outputs(lab)["SocketUrl"]
    assert address == f"{lab.info['ws_url']}/default"
    assert len(over_socket(address + NAMED, two_messages)) == 2


def test_a_refused_handshake_is_an_http_error(lab: Stack) -> None:
    """The browser never sees an open socket."""
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        over_socket(lab.info["ws_url"], two_messages)
    assert refused.value.status == 403


def test_a_request_that_is_no_handshake_opens_nothing() -> None:
    """400, and the gateway never hears of it: nobody would close what it opened."""
    opened = []

    async def gateway(request: web.Request) -> web.Response:
        opened.append(request)
        return web.Response()

    async def run() -> int:
        upstream, door = web.Application(), web.Application()
        upstream.router.add_get("/", gateway)
        async with TestServer(upstream) as behind, aiohttp.ClientSession() as session:
            apis = Apis(socket=str(behind.make_url("/")))
            door.router.add_get("/ws", SocketProxy(session, apis).handle)
            async with TestClient(TestServer(door)) as client:
                return (await client.get("/ws")).status

    assert (asyncio.run(run()), opened) == (400, [])


def test_a_message_beyond_the_limit_closes_the_socket(lab: Stack) -> None:
    """128 KB, with the code that API Gateway gives."""

    async def too_much(socket: aiohttp.ClientWebSocketResponse) -> int | None:
        await socket.send_str("x" * (128 * 1024 + 1))
        await socket.receive()
        return socket.close_code

    assert over_socket(lab.info["ws_url"] + NAMED, too_much) == 1009


@pytest.mark.parametrize("action", ["$disconnect", "$connect", "$default"])
def test_no_message_runs_the_functions_of_the_gateways_own_events(lab: Stack, action: str) -> None:
    """A name with a dollar sign is the gateway's; the message goes where unknown ones go."""

    async def send(socket: aiohttp.ClientWebSocketResponse) -> str:
        await socket.send_str(json.dumps({"action": action}))
        await socket.receive_str()
        return str(json.loads(await socket.receive_str())["route"])

    assert over_socket(lab.info["ws_url"] + NAMED, send) == "$default"

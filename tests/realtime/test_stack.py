"""The whole way on the local stack: a press here, an event there, and not a word elsewhere."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

import aiohttp
import pytest

from closedloop.dynamo.codec import item
from closedloop.realtime.fanout import DIRECTLY
from closedloop.realtime.packing import unpacked
from local.stack import Stack
from tests.realtime.support import image

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.stack

Json = dict[str, Any]
LONG = 60
"""Seconds that an event may take on a machine that does much else: a bound, not a promise."""

FAR = 99_999_999_999
"""Epoch seconds of a time that no test sees."""

BOOKED_BY_VOICE: tuple[Json, ...] = (
    {"name": "check-availability", "arguments": {"date": "tomorrow", "serviceId": "svc_wash"}},
    {
        "name": "reserve-atomic",
        "arguments": {"slotId": "$slots.0.slotId", "phone": "+17735550190", "name": "Eva Marsh"},
    },
    {"name": "send-otp", "arguments": {"holdId": "$hold.id"}},
    {"name": "verify-otp", "arguments": {"holdId": "$hold.id", "code": "$code"}},
)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A running stack of our own."""
    with Stack(tmp_path_factory.mktemp("stack")) as started:
        yield started


class Screens:
    """Browsers of some people, each with a socket."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.info: Json = dict(stack.info)
        self._parts = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Ready to open sockets."""
        self._http = await self._parts.enter_async_context(aiohttp.ClientSession())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Closes them all."""
        await self._parts.aclose()

    async def post(self, org: str, role: str, path: str, body: Json, **headers: str) -> Json:
        """The answer to a press."""
        token = self.info["tokens"][org][role]
        headers["Authorization"] = f"Bearer {token}"
        address = self.info["api_url"] + path
        async with self._http.post(address, json=body, headers=headers) as response:
            answer: Json = await response.json()
            assert response.status == 200, answer
            return answer

    async def call(self, *tools: Json) -> None:
        """A caller of the voice agent, who asks for these tools one after the other."""
        script = {"from": "+17735550190", "tools": list(tools)}
        address = self.info["web_url"] + "/sandbox/vapi/call"
        async with self._http.post(address, json=script) as response:
            assert response.status == 200, await response.text()

    async def open(self, org: str, role: str, *tables: str) -> aiohttp.ClientWebSocketResponse:
        """A socket, subscribed to these tables."""
        ticket = await self.post(org, role, "/realtime/ticket", {})
        socket = await self._parts.enter_async_context(
            self._http.ws_connect(
                f"{ticket['url']}?ticket={ticket['ticket']}", origin=self.info["web_url"]
            )
        )
        await socket.send_json({"action": "subscribe", "tables": list(tables)})
        assert (await socket.receive_json(timeout=LONG))["type"] == "SUBSCRIBED"
        return socket

    async def confirm(self) -> tuple[str, str]:
        """Confirms one more pending appointment; its id and the press's key."""
        appointment, key = self.info["ids"]["demo"]["appointment_pending"].pop(), str(uuid4())
        body = {"appointmentId": appointment}
        await self.post("demo", "owner", "/bookings/confirm", body, **{"X-Idempotency-Key": key})
        return appointment, key


def put(stack: Stack, table: str, **row: Any) -> None:
    """Writes a row past all our code."""
    stack.client("dynamodb").put_item(TableName=stack.table_prefix + table, Item=item(row))


async def silent(socket: aiohttp.ClientWebSocketResponse) -> bool:
    """Whether nothing came before the answer to a ping, which is sent after all that is told."""
    await socket.send_json({"action": "ping"})
    return bool(await socket.receive_json(timeout=LONG) == {"type": "PONG"})


def test_both_screens_of_the_org_are_told(stack: Stack) -> None:
    """With the key of the press; the other org's screen hears nothing."""

    async def story() -> None:
        async with Screens(stack) as screens:
            presser = await screens.open("demo", "owner", "appointments")
            colleague = await screens.open("demo", "staff", "appointments", "leads")
            stranger = await screens.open("other", "staff", "appointments")
            appointment, key = await screens.confirm()
            for socket in (presser, colleague):
                event = await socket.receive_json(timeout=LONG)
                assert (event["type"], event["table"]) == ("UPDATE", "appointments")
                assert (event["id"], event["idempotency_key"]) == (appointment, key)
                assert event["record"]["status"] == "confirmed"
                assert event["old_record"]["status"] == "pending"
            assert await silent(stranger)
            assert await silent(presser)

    asyncio.run(story())


def test_a_call_shows_on_the_calendar(stack: Stack) -> None:
    """What a caller holds, and then has booked, is told to the staff's screens."""

    async def story() -> None:
        async with Screens(stack) as screens:
            socket = await screens.open("demo", "staff", "appointment_holds", "appointments")
            await screens.call(*BOOKED_BY_VOICE)
            told: list[Json] = []
            while not any(each["table"] == "appointments" for each in told):
                told += unpacked(await socket.receive_json(timeout=LONG))
            first = told[0]
            assert (first["type"], first["table"]) == ("INSERT", "appointment_holds")
            (visit,) = [each["record"] for each in told if each["table"] == "appointments"]
            assert (visit["status"], visit["hold_id"]) == (
                "confirmed",
                first["id"].removeprefix("hold#"),
            )

    asyncio.run(story())


def test_poison_blocks_nobody(stack: Stack) -> None:
    """A row that nobody can read, then a press: it is told all the same."""

    async def story() -> None:
        async with Screens(stack) as screens:
            socket = await screens.open("demo", "owner", "appointments")
            put(stack, "appointments", org_id="demo", id="broken")
            _, key = await screens.confirm()
            told = await socket.receive_json(timeout=LONG)
            assert told["idempotency_key"] == key

    asyncio.run(story())


def test_a_large_org_is_told_by_the_queue(stack: Stack) -> None:
    """Hundreds of connections that are long gone and one that is not: it is told, they go."""

    async def story() -> None:
        async with Screens(stack) as screens:
            socket = await screens.open("demo", "owner", "appointments")
            gone = [f"gone-{n}" for n in range(DIRECTLY)]
            for name in gone:
                wants = {"messages": {}, "subscriptions": {"appointments": True}}
                put(
                    stack, "connections", connection_id=name, org_id="demo", expires_at=FAR, **wants
                )
            _, key = await screens.confirm()
            told = await socket.receive_json(timeout=LONG)
            while told["idempotency_key"] != key:  # what the poison before had repeated
                told = await socket.receive_json(timeout=LONG)
            async with asyncio.timeout(LONG):
                while _left(stack, gone):  # noqa: ASYNC110 - the database calls nobody back
                    await asyncio.sleep(0.2)

    asyncio.run(story())


def test_a_ticket_opens_one_socket(stack: Stack) -> None:
    """A second socket with it, one without, and a strange page: each is refused."""

    async def story() -> None:
        async with Screens(stack) as screens, aiohttp.ClientSession() as http:
            answer = await screens.post("demo", "staff", "/realtime/ticket", {})
            address = f"{answer['url']}?ticket={answer['ticket']}"
            assert address.startswith(stack.info["ws_url"])
            ours = stack.info["web_url"]
            refused = [(address, "https://evil.example.com"), (answer["url"], ours)]
            for where, origin in refused:
                with pytest.raises(aiohttp.WSServerHandshakeError):
                    await http.ws_connect(where, origin=origin)
            async with http.ws_connect(address, origin=ours):
                with pytest.raises(aiohttp.WSServerHandshakeError):
                    await http.ws_connect(address, origin=ours)

    asyncio.run(story())


def test_a_row_that_comes_and_goes_is_told(stack: Stack) -> None:
    """Written to the table itself, as a worker or a repair does: new, changed, gone."""

    async def story() -> None:
        async with Screens(stack) as screens:
            socket = await screens.open("demo", "owner", "leads")
            row = str(uuid4())
            for fields in ({"status": "new"}, {"status": "won"}):
                put(stack, "leads", org_id="demo", **image(row, 1_795_186_800_000_000, **fields))
            key = item({"org_id": "demo", "id": row})
            stack.client("dynamodb").delete_item(TableName=f"{stack.table_prefix}leads", Key=key)
            told: list[Json] = []
            while len(told) < 3:
                told += unpacked(await socket.receive_json(timeout=LONG))
            assert [each["type"] for each in told] == ["INSERT", "UPDATE", "DELETE"]
            assert {each["id"] for each in told} == {row}

    asyncio.run(story())


def _left(stack: Stack, names: list[str]) -> bool:
    """Whether any of these connections is still known."""
    page = stack.client("dynamodb").scan(TableName=f"{stack.table_prefix}connections")
    return bool({each["connection_id"]["S"] for each in page["Items"]} & set(names))

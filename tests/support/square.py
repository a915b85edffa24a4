"""Square's stand-in on a port, driven from a test that knows no loop."""

from __future__ import annotations

import asyncio
import base64
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import web

from closedloop.square.clients.calls import Calls
from closedloop.square.clients.square import Square
from local.demo.square import first_day
from local.sandbox.faults import Faults
from local.sandbox.square.server import Server
from local.sandbox.square.vendor import Account, Vendor

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

T = TypeVar("T")

ACCOUNT = Account(
    merchant_id="MLTEST",
    access_token="EAAAtest",
    refresh_token="EQAAtest",
    signature_key="asdf1234",
    client_id="sandbox-sq0idb-test",
    client_secret="sandbox-sq0csb-test",
)
REQUEST_SECONDS = 20


@dataclass
class Selling:
    """The stand-in. `heard` is called with each webhook as the gateway hands it to a function."""

    server: Server
    faults: Faults
    heard: Callable[[dict[str, Any]], dict[str, Any]]
    loop: asyncio.AbstractEventLoop
    ends: list[Callable[[], object]] = field(default_factory=list)
    """What ends the connections of its clients."""

    @property
    def vendor(self) -> Vendor:
        """Square itself."""
        return self.server.vendor

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """What comes of it: `selling.do(selling.vendor.book({...}))`."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(REQUEST_SECONDS)

    def client(self, access_token: str = ACCOUNT.access_token) -> Square:
        """Our own client, which waits for no turn."""

        def token(*, fresh: bool) -> str:
            return access_token

        calls = Calls(self.server.url, token, calls_a_second=1_000_000)
        self.ends.append(calls.close)
        return Square(calls)


@contextmanager
def selling(account: Account = ACCOUNT) -> Iterator[Selling]:
    """Square with one seller that has the demo's services, on free ports."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        started = asyncio.run_coroutine_threadsafe(_open(account, loop), loop).result(10)
        found, close = started
        try:
            yield found
        finally:
            for end in found.ends:
                end()
            asyncio.run_coroutine_threadsafe(close(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _open(
    account: Account, loop: asyncio.AbstractEventLoop
) -> tuple[Selling, Callable[[], Coroutine[Any, Any, None]]]:
    app = web.Application()
    runner = web.AppRunner(app, shutdown_timeout=1)
    faults = Faults()

    async def hear(request: web.Request) -> web.Response:
        event = gateway(request, await request.read())
        answer = await asyncio.to_thread(found.heard, event)
        return web.Response(status=answer["statusCode"])

    app.router.add_post("/{path:.*}", hear)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    door = "http://127.0.0.1:{1}".format(*runner.addresses[0])
    vendor = Vendor(account, f"{door}/api/webhooks/square", start=first_day)
    server = Server(vendor, faults)
    await server.open()
    found = Selling(server, faults, lambda _: {"statusCode": 200}, loop)

    async def close() -> None:
        await server.close()
        await runner.cleanup()

    return found, close


def gateway(request: web.Request, body: bytes) -> dict[str, Any]:
    """A request as an HTTP API hands it to a function."""
    return {
        "version": "2.0",
        "routeKey": f"{request.method} {request.path}",
        "rawPath": request.path,
        "rawQueryString": request.query_string,
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "requestContext": {
            "requestId": "test-request",
            "domainName": request.host,
            "http": {"method": request.method, "path": request.path, "sourceIp": "127.0.0.1"},
        },
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }

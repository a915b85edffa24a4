"""The front door: one address for the API, the socket, the stand-ins and the web client."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web

from local.door import photos, safety
from local.door.proxy import BODY_LIMIT, ApiProxy
from local.door.runner import Runner
from local.door.sockets import SocketProxy
from local.door.web_files import WebFiles
from local.sandbox.routes import routes as sandbox_routes
from local.settings import HOST

if TYPE_CHECKING:
    from pathlib import Path

    from local.door.apis import Apis
    from local.sandbox.section import Sandbox
    from local.tokens import Issuer

# API Gateway gives an integration 30 seconds, and then up.
_GATEWAY = ClientTimeout(total=30, connect=5)
# Any text, also one with a line break in it, which a dot would not match.
_REST = r"{path:[\s\S]*}"


class PortTakenError(Exception):
    """Another program listens on the port."""


def listen(port: int) -> socket.socket:
    """A loopback socket on the port; 0 takes a free one.

    Raises:
        PortTakenError: the port is in use.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise PortTakenError(str(port)) from error
    listener.listen(512)
    return listener


@dataclass(frozen=True, slots=True)
class Door:
    """Everything that answers behind the one port."""

    apis: Apis
    issuer: Issuer
    sandbox: Sandbox
    web_directory: Path
    emulator: str

    async def open(self, listener: socket.socket) -> web.AppRunner:
        """Serves on `listener` until the returned runner is cleaned up."""
        session = ClientSession(
            connector=TCPConnector(limit=0),
            cookie_jar=DummyCookieJar(),
            timeout=_GATEWAY,
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )
        runner = Runner(self._application(session, listener.getsockname()[1]))
        await runner.setup()
        await web.SockSite(runner, listener).start()
        return runner

    def _application(self, session: ClientSession, port: int) -> web.Application:
        app = web.Application(middlewares=safety.MIDDLEWARES, client_max_size=BODY_LIMIT)
        api, sockets = ApiProxy(session, self.apis), SocketProxy(session, self.apis)
        app.router.add_route("*", "/api", api.handle)
        app.router.add_route("*", "/api/" + _REST, api.handle)
        bucket = photos.PhotoProxy(session, self.apis, self.emulator)
        app.router.add_route("*", photos.PREFIX + "/" + _REST, bucket.handle)
        app.router.add_get("/ws", sockets.handle)
        # The deployed stage may stand in the address, as on AWS.
        app.router.add_get("/ws/{stage}", sockets.handle)
        app.router.add_get("/auth/.well-known/openid-configuration", self._configuration)
        app.router.add_get("/auth/.well-known/jwks.json", self._keys)
        app.add_routes(sandbox_routes(self.sandbox))
        app.router.add_get("/" + _REST, WebFiles(self.web_directory).handle)

        async def close(_: web.Application) -> None:
            await session.close()

        async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
            safety.add_headers(response, port)

        app.on_cleanup.append(close)
        app.on_response_prepare.append(add_headers)
        return app

    async def _configuration(self, _: web.Request) -> web.Response:
        return web.json_response(self.issuer.configuration())

    async def _keys(self, _: web.Request) -> web.Response:
        return web.json_response(self.issuer.keys())

"""Where a stand-in listens: a loopback port of its own, which can refuse connections.

Not the front door's port: a connection that is dropped after it was made is not a refused one. A
caller cannot tell what became of its call then, and with a refused one it can.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import web

from local.settings import HOST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.sandbox.faults import Faults

_TURN_SECONDS = 0.25
"""How long the port stays open or shut while connections are refused at a rate."""


class Port:
    """Answers these routes from `open` to `close`, but for the refusals of `target`."""

    def __init__(self, target: str, faults: Faults) -> None:
        self._target = target
        self._faults = faults
        self._number = 0
        self._site: web.SockSite | None = None
        self._turn = asyncio.Lock()

    @property
    def url(self) -> str:
        """The address in the place of the vendor's."""
        return f"http://{HOST}:{self._number}"

    async def open(self, routes: Sequence[web.AbstractRouteDef]) -> None:
        """Answers from now on."""
        app = web.Application()
        app.add_routes(routes)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await self.heed_refusals()
        self._heeding = asyncio.create_task(self._keep_heeding())

    async def close(self) -> None:
        """Answers nobody any more."""
        self._heeding.cancel()
        with suppress(asyncio.CancelledError):
            await self._heeding
        await self._runner.cleanup()

    async def heed_refusals(self) -> None:
        """Shut the port while connections are to be refused, and open it again."""
        async with self._turn:
            if self._faults.refuses(self._target):
                await self._shut()
            elif self._site is None:
                await self._listen()

    async def _keep_heeding(self) -> None:
        while True:
            await asyncio.sleep(_TURN_SECONDS)
            # Another program may sit on the port for a moment.
            with suppress(OSError):
                await self.heed_refusals()

    async def _listen(self) -> None:
        listener = socket.socket()
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, self._number))
            site = web.SockSite(self._runner, listener, backlog=128)
            await site.start()
        except OSError:
            listener.close()
            raise
        self._number = listener.getsockname()[1]
        self._site = site

    async def _shut(self) -> None:
        if self._site is not None:
            await self._site.stop()
            self._site = None

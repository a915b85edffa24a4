"""Where Twilio's stand-in listens: a loopback port of its own, which can refuse connections.

Not the front door's port: a connection that is dropped after it was made is not a refused one. A
caller cannot tell what became of its text then, and with a refused one it can.
"""

from __future__ import annotations

import asyncio
import hashlib
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import web

from local.sandbox.twilio.api import Api
from local.sandbox.twilio.vendor import Account, Vendor
from local.settings import HOST

if TYPE_CHECKING:
    from pathlib import Path

    from local.sandbox.faults import Faults

_TURN_SECONDS = 0.25
"""How long the port stays open or shut while connections are refused at a rate."""


def account_of(key_file: Path) -> Account:
    """The account of a stack: the same as long as its token key, and nobody else's."""
    secret = key_file.read_bytes()
    sid, token = (hashlib.sha256(name + secret).hexdigest()[:32] for name in (b"sid", b"token"))
    return Account(f"AC{sid}", token)


class Server:
    """Twilio on a port. It listens from `open` to `close`."""

    def __init__(self, account: Account, door: str, faults: Faults) -> None:
        self.vendor = Vendor(account, f"{door}/api/webhooks/twilio/inbound#rc=5&rp=all")
        self._faults = faults
        self._port = 0
        self._site: web.SockSite | None = None
        self._turn = asyncio.Lock()

    @property
    def url(self) -> str:
        """The address in the place of https://api.twilio.com."""
        return f"http://{HOST}:{self._port}"

    async def open(self) -> None:
        """Answers from now on."""
        app = web.Application()
        app.add_routes(Api(self.vendor, self._faults).routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        self.vendor.webhooks.open()
        await self.heed_refusals()
        self._heeding = asyncio.create_task(self._keep_heeding())

    async def close(self) -> None:
        """Answers nobody any more."""
        self._heeding.cancel()
        with suppress(asyncio.CancelledError):
            await self._heeding
        await self.vendor.close()
        await self._runner.cleanup()

    async def heed_refusals(self) -> None:
        """Shut the port while connections are to be refused, and open it again."""
        async with self._turn:
            if self._faults.refuses("twilio"):
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
            listener.bind((HOST, self._port))
            site = web.SockSite(self._runner, listener, backlog=128)
            await site.start()
        except OSError:
            listener.close()
            raise
        self._port = listener.getsockname()[1]
        self._site = site

    async def _shut(self) -> None:
        if self._site is not None:
            await self._site.stop()
            self._site = None

"""Twilio's stand-in: its account, its numbers, and the port where its API answers."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from local.sandbox.port import Port
from local.sandbox.twilio.api import Api
from local.sandbox.twilio.vendor import Account, Vendor

if TYPE_CHECKING:
    from pathlib import Path

    from local.sandbox.faults import Faults


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
        self._port = Port("twilio", faults)

    @property
    def url(self) -> str:
        """The address in the place of https://api.twilio.com."""
        return self._port.url

    async def open(self) -> None:
        """Answers from now on."""
        self.vendor.webhooks.open()
        await self._port.open(Api(self.vendor, self._faults).routes())

    async def close(self) -> None:
        """Answers nobody any more; whatever is under way is lost."""
        await self.vendor.close()
        await self._port.close()

    async def heed_refusals(self) -> None:
        """Shut the port while connections are to be refused, and open it again."""
        await self._port.heed_refusals()

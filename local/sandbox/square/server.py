"""Square's stand-in: its account, its seller, and the port where its API answers."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from local.demo.orgs import DETAILER
from local.demo.square import MERCHANT
from local.sandbox.port import Port
from local.sandbox.square.api import Api
from local.sandbox.square.vendor import Account
from local.settings import STACK_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from local.sandbox.faults import Faults
    from local.sandbox.square.vendor import Vendor


def account_of(key_file: Path) -> Account:
    """The account of a stack: the same as long as its token key, and nobody else's."""
    secret = key_file.read_bytes()

    def part(name: str) -> str:
        return hashlib.sha256(name.encode() + secret).hexdigest()[:32]

    return Account(
        merchant_id=MERCHANT,
        access_token=f"EAAA{part('access')}",
        refresh_token=f"EQAA{part('refresh')}",
        signature_key=part("signature"),
        client_id=f"sandbox-sq0idb-{part('client')[:22]}",
        client_secret=f"sandbox-sq0csb-{part('secret')}",
    )


class Server:
    """Square on a port. It listens from `open` to `close`."""

    def __init__(self, vendor: Vendor, faults: Faults) -> None:
        self.vendor = vendor
        self.api = Api(vendor, faults)
        self._port = Port("square", faults)

    @property
    def url(self) -> str:
        """The address in the place of https://connect.squareup.com."""
        return self._port.url

    def info(self) -> dict[str, str]:
        """What stack.json says of it."""
        account = self.vendor.account
        return {
            "signature_key": account.signature_key,
            "notification_url": self.vendor.webhooks.subscription.notification_url,
            "merchant_id": account.merchant_id,
            "base_url": self.url,
            "access_token": account.access_token,
        }

    def share(self, secrets: Any) -> None:
        """Put the demo's token where `make square` puts that of a business."""
        account = self.vendor.account
        token = {
            "access_token": account.access_token,
            "refresh_token": account.refresh_token,
            "merchant_id": account.merchant_id,
        }
        name, content = f"{STACK_NAME}/square/{DETAILER.id}", json.dumps(token)
        try:
            secrets.create_secret(Name=name, SecretString=content)
        except secrets.exceptions.ResourceExistsException:
            secrets.put_secret_value(SecretId=name, SecretString=content)

    async def open(self) -> None:
        """Answers from now on."""
        self.vendor.webhooks.open()
        await self._port.open(self.api.routes())

    async def close(self) -> None:
        """Answers nobody any more; whatever is under way is lost."""
        await self.vendor.webhooks.close()
        await self._port.close()

    async def heed_refusals(self) -> None:
        """Shut the port while connections are to be refused, and open it again."""
        await self._port.heed_refusals()

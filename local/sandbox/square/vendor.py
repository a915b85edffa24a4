"""Square itself: one application, its sellers, and the webhooks that tell of what they do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.sandbox.square import events
from local.sandbox.square.access import Access, Permission
from local.sandbox.square.clock import Clock
from local.sandbox.square.paging import Lists
from local.sandbox.square.seller import Seller
from local.sandbox.square.shapes import RefusedError
from local.sandbox.square.subscriptions import Subscriptions
from local.sandbox.square.webhooks import Subscription, Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from local.sandbox.square.seller import Record
    from local.sandbox.square.webhooks import Way

CHICAGO = {
    "id": "LOC_DEMO",
    "name": "Fulton Street",
    "timezone": "America/Chicago",
    "status": "ACTIVE",
    "country": "US",
    "currency": "USD",
}
"""The one place of the demo's seller."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a business and its application share with Square."""

    merchant_id: str
    access_token: str
    refresh_token: str
    signature_key: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Told:
    """A record as it is now, and how the telling of it went."""

    record: Record
    event_ids: list[str]
    statuses: list[int]


class Vendor:
    """What happens at Square. `seller` is the one of the account.

    `start` gives it its first records; the file `kept` holds them from then on.
    """

    def __init__(
        self,
        account: Account,
        notification_url: str,
        *,
        clock: Clock | None = None,
        start: Callable[[Seller], None] = lambda _: None,
        kept: Path | None = None,
    ) -> None:
        self.account = account
        self.clock = clock or Clock()
        self.access = Access(account.client_id, account.client_secret, self.clock)
        self.webhooks = Webhooks(Subscription(notification_url, account.signature_key), self.clock)
        self.subscriptions = Subscriptions([self.webhooks.subscription])
        self.sellers: dict[str, Seller] = {}
        self.lists: dict[str, Lists] = {}
        self.permissions: dict[str, Permission] = {}
        self.seller = self.join(account.merchant_id, account.access_token, account.refresh_token)
        self._start, self._kept = start, kept
        if kept is not None and kept.exists():
            self.seller.restore(json.loads(kept.read_text()))
        else:
            start(self.seller)

    def join(self, merchant_id: str, access_token: str, refresh_token: str) -> Seller:
        """A seller that has said yes to the application."""
        seller = Seller(merchant_id, CHICAGO, self.clock)
        self.sellers[merchant_id], self.lists[merchant_id] = seller, Lists(seller)
        permission = self.access.grant(merchant_id, access_token, refresh_token)
        self.permissions[merchant_id] = permission
        return seller

    @property
    def permission(self) -> Permission:
        """What the account's seller has allowed the application."""
        return self.permissions[self.account.merchant_id]

    async def book(self, fields: Mapping[str, Any], way: Way = "deliver") -> Told:
        """Somebody books."""
        made = self.seller.book(fields)
        return await self._tell(made, [events.booking(self.seller, "created", made)], way)

    async def rebook(
        self, booking_id: str, fields: Mapping[str, Any], way: Way = "deliver"
    ) -> Told:
        """Somebody moves, cancels or edits a booking."""
        changed = self.seller.rebook(booking_id, fields)
        return await self._tell(changed, [events.booking(self.seller, "updated", changed)], way)

    async def enrol(self, fields: Mapping[str, Any], way: Way = "deliver") -> Told:
        """A customer is put into the directory."""
        made = self.seller.enrol(fields)
        return await self._tell(made, [events.customer(self.seller, "created", made)], way)

    async def amend(
        self, customer_id: str, fields: Mapping[str, Any], way: Way = "deliver"
    ) -> Told:
        """A customer is edited."""
        changed = self.seller.amend(customer_id, fields)
        return await self._tell(changed, [events.customer(self.seller, "updated", changed)], way)

    async def merge(self, customer_ids: Sequence[str], way: Way = "deliver") -> Told:
        """Customers turn out to be one person."""
        old = [self.seller.customers.get(each) for each in customer_ids]
        made = self.seller.merge(customer_ids)
        told = events.merge(self.seller, [each for each in old if each], made)
        return await self._tell(made, told, way)

    async def revoke(self, way: Way = "deliver") -> Told:
        """The seller takes its permission back."""
        self.permission.revoked = True
        return await self._tell({}, [events.revoked(self.seller)], way)

    def rename(self, variation_id: str, fields: Mapping[str, Any]) -> Told:
        """A service is renamed, gets another price, or is taken off: no event tells of it here."""
        told = Told(self.seller.catalog.change(variation_id, fields), [], [])
        self._keep()
        return told

    def reset(self, records: Mapping[str, Any] | None = None) -> Told:
        """As on the first day, or with these records in the place of all."""
        self.seller.clear()
        if records:
            self.seller.restore(records)
        else:
            self._start(self.seller)
        self._keep()
        return Told({"merchant_id": self.seller.merchant_id}, [], [])

    def seller_of(self, authorization: str, scope: str = "") -> Seller:
        """The seller whose token this is.

        Raises:
            RefusedError: there is none, or it may not.
        """
        return self.sellers[self.access.allowed(authorization, scope).merchant_id]

    def application(self, authorization: str) -> None:
        """Only for the application's own token, which here is its secret.

        Raises:
            RefusedError: it is another one.
        """
        if authorization != f"Bearer {self.account.client_secret}":
            raise RefusedError(401, "UNAUTHORIZED", "This request could not be authorized.")

    async def _tell(self, record: Record, told: list[events.Event], way: Way) -> Told:
        self._keep()
        statuses = await self.webhooks.tell(told, way)
        return Told(record, [each["event_id"] for each in told], statuses)

    def _keep(self) -> None:
        if self._kept is not None:
            self._kept.write_text(json.dumps(self.seller.saved()))

"""Square's REST API, as far as we read it: bookings, customers, catalog, tokens, subscriptions."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.sandbox.square.shapes import RefusedError, not_found

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from local.sandbox.faults import Faults
    from local.sandbox.square.seller import Record, Seller
    from local.sandbox.square.vendor import Vendor

    Answer = Callable[[web.Request, dict[str, Any]], dict[str, Any]]
    Handler = Callable[[web.Request], Awaitable[web.Response]]

_SLOW_SECONDS = 2
_LONGEST_HANG_SECONDS = 120
_BULK = 100
_CATALOG_BULK = 1000
_FAULTS = {
    "429": (429, "RATE_LIMITED", "Rate limited."),
    "500": (500, "INTERNAL_SERVER_ERROR", "An internal error has occurred."),
}


class Api:
    """What answers at Square's address. Each call may meet trouble first."""

    def __init__(self, vendor: Vendor, faults: Faults) -> None:
        self._vendor = vendor
        self._faults = faults
        self._calls: deque[float] = deque()
        self.calls_a_second: int | None = None
        """More than these are answered with 429."""
        self.asked: deque[str] = deque(maxlen=10_000)
        """Method and path of each call that has arrived, the oldest first."""

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """All that is there of the API."""
        return [
            web.get("/v2/bookings", self._answered(self._list)),
            web.post("/v2/bookings/bulk-retrieve", self._answered(self._bookings)),
            web.get("/v2/bookings/{id}", self._answered(self._booking)),
            web.post("/v2/customers/bulk-retrieve", self._answered(self._customers)),
            web.get("/v2/customers/{id}", self._answered(self._customer)),
            web.post("/v2/catalog/batch-retrieve", self._answered(self._catalog)),
            web.get("/v2/locations", self._answered(self._locations)),
            web.get("/v2/merchants/me", self._answered(self._merchant)),
            web.post("/oauth2/token", self._answered(self._renew)),
            web.post("/oauth2/token/status", self._answered(self._token)),
            web.get("/v2/webhooks/subscriptions", self._answered(self._subscriptions)),
        ]

    def _answered(self, answer: Answer) -> Handler:
        async def handler(request: web.Request) -> web.Response:
            self.asked.append(f"{request.method} {request.path}")
            try:
                mode = self._faults.meet("square", writes=True)
                await self._trouble(mode, request)
                self._limit()
                return web.json_response(answer(request, await _body(request)))
            except RefusedError as no:
                return web.json_response(no.body, status=no.status, headers=no.headers)

        return handler

    async def _trouble(self, mode: str | None, request: web.Request) -> None:
        if mode in _FAULTS:
            raise RefusedError(*_FAULTS[mode])
        if mode in {"hang_before_accept", "hang_after_accept"}:
            await _hang(request)
        if mode == "slow":
            await asyncio.sleep(_SLOW_SECONDS)

    def _limit(self) -> None:
        now = time.monotonic()
        while self._calls and self._calls[0] <= now - 1:
            self._calls.popleft()
        if self.calls_a_second is not None and len(self._calls) >= self.calls_a_second:
            refused = RefusedError(*_FAULTS["429"])
            refused.headers["Retry-After"] = "1"
            raise refused
        self._calls.append(now)

    def _list(self, request: web.Request, _: Any) -> dict[str, Any]:
        seller = self._seller(request, "APPOINTMENTS_READ")
        whole = self._sees_all(request)
        return self._vendor.lists[seller.merchant_id].page(request.query, whole=whole)

    def _booking(self, request: web.Request, _: Any) -> dict[str, Any]:
        seller = self._seller(request, "APPOINTMENTS_READ")
        found = seller.by_id(request.match_info["id"], whole=self._sees_all(request))
        return {"booking": found, "errors": []}

    def _bookings(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        seller = self._seller(request, "APPOINTMENTS_READ")
        wanted = _ids(body, "booking_ids", _BULK)
        read = partial(seller.by_id, whole=self._sees_all(request))
        found = {each: _each("booking", read, each) for each in wanted}
        return {"bookings": found, "errors": []}

    def _customer(self, request: web.Request, _: Any) -> dict[str, Any]:
        seller = self._seller(request, "CUSTOMERS_READ")
        return {"customer": _customer(seller, request.match_info["id"])}

    def _customers(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        seller = self._seller(request, "CUSTOMERS_READ")
        wanted = _ids(body, "customer_ids", _BULK)

        def read(customer_id: str) -> Record:
            return _customer(seller, customer_id)

        return {"responses": {each: _each("customer", read, each) for each in wanted}}

    def _catalog(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        seller = self._seller(request, "ITEMS_READ")
        wanted = _ids(body, "object_ids", _CATALOG_BULK)
        objects, items = seller.catalog.found(
            wanted,
            related=body.get("include_related_objects") is True,
            deleted=body.get("include_deleted_objects") is True,
        )
        return {"objects": objects} | ({"related_objects": items} if items else {})

    def _locations(self, request: web.Request, _: Any) -> dict[str, Any]:
        seller = self._seller(request, "MERCHANT_PROFILE_READ")
        return {"locations": [seller.location | {"merchant_id": seller.merchant_id}]}

    def _merchant(self, request: web.Request, _: Any) -> dict[str, Any]:
        seller = self._seller(request, "MERCHANT_PROFILE_READ")
        return {
            "merchant": {
                "id": seller.merchant_id,
                "business_name": "Bright Finish Auto Detailing",
                "country": "US",
                "currency": "USD",
                "status": "ACTIVE",
                "main_location_id": seller.location["id"],
            }
        }

    def _renew(self, _: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        return self._vendor.access.renew(body)

    def _token(self, request: web.Request, _: Any) -> dict[str, Any]:
        return self._vendor.access.status(request.headers.get("Authorization", ""))

    def _subscriptions(self, request: web.Request, _: Any) -> dict[str, Any]:
        self._vendor.application(request.headers.get("Authorization", ""))
        return self._vendor.subscriptions.page(request.query)

    def _seller(self, request: web.Request, scope: str) -> Seller:
        return self._vendor.seller_of(request.headers.get("Authorization", ""), scope)

    def _sees_all(self, request: web.Request) -> bool:
        """Without this scope a token sees the bookings of its own application alone."""
        permission = self._vendor.access.allowed(request.headers.get("Authorization", ""))
        return "APPOINTMENTS_ALL_READ" in permission.scopes


def _each(name: str, read: Callable[[str], Record], record_id: str) -> dict[str, Any]:
    """One record of many: itself or its own error, inside an answer that succeeds."""
    try:
        return {name: read(record_id)}
    except RefusedError as no:
        return no.body


def _customer(seller: Seller, customer_id: str) -> Record:
    found = seller.customers.get(customer_id)
    if found is None:
        raise not_found("Customer", customer_id)
    return found


def _ids(body: dict[str, Any], name: str, most: int) -> list[str]:
    wanted = body.get(name)
    if not isinstance(wanted, list) or not wanted:
        raise RefusedError(400, "MISSING_REQUIRED_PARAMETER", f"{name} is missing.", name)
    if len(wanted) > most:
        raise RefusedError(400, "ARRAY_LENGTH_TOO_LONG", f"At most {most} ids.", name)
    return [str(each) for each in wanted]


async def _body(request: web.Request) -> dict[str, Any]:
    if request.method == "GET":
        return {}
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusedError(400, "BAD_REQUEST", "The body is no JSON object.")
    return body


async def _hang(request: web.Request) -> None:
    """No answer until the caller gives up."""
    for _ in range(_LONGEST_HANG_SECONDS * 20):
        if request.transport is None:
            break
        await asyncio.sleep(0.05)
    raise RefusedError(503, "SERVICE_UNAVAILABLE", "Service Unavailable")

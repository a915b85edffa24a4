"""Square's own dashboard: the seller books, moves and cancels, and says how the webhook goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.sandbox.asking import NOT_FOUND, body_of, refused
from local.sandbox.section import Sandbox, Section
from local.sandbox.square import quirks
from local.sandbox.square.shapes import RefusedError
from local.sandbox.square.webhooks import WAYS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from local.sandbox.square.vendor import Told, Vendor
    from local.sandbox.square.webhooks import Way

    Wish = dict[str, Any]
    Do = Callable[[web.Request, Wish, Way], Awaitable[Told]]
    Handler = Callable[[web.Request], Awaitable[web.Response]]

BASE = "/sandbox/square"


class UnreadableWishError(ValueError):
    """No seller can do this."""


class _Calendar:
    """What a seller can do."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor

    async def bookings(self, _: web.Request) -> web.Response:
        """All there are, by their start."""
        listed = self._vendor.seller.bookings.values()
        return web.json_response({"bookings": sorted(listed, key=lambda one: one["start_at"])})

    async def customers(self, _: web.Request) -> web.Response:
        """All there are."""
        return web.json_response({"customers": list(self._vendor.seller.customers.values())})

    async def services(self, _: web.Request) -> web.Response:
        """The whole catalog."""
        return web.json_response({"services": list(self._vendor.seller.catalog.objects.values())})

    async def book(self, _: web.Request, wish: Wish, way: Way) -> Told:
        """A new booking."""
        return await self._vendor.book(wish, way)

    async def rebook(self, request: web.Request, wish: Wish, way: Way) -> Told:
        """Move, cancel, edit."""
        return await self._vendor.rebook(request.match_info["id"], wish, way)

    async def enrol(self, _: web.Request, wish: Wish, way: Way) -> Told:
        """A new customer."""
        return await self._vendor.enrol(wish, way)

    async def amend(self, request: web.Request, wish: Wish, way: Way) -> Told:
        """Edit a customer."""
        return await self._vendor.amend(request.match_info["id"], wish, way)

    async def merge(self, _: web.Request, wish: Wish, way: Way) -> Told:
        """`customer_ids` are one person."""
        ids = wish.get("customer_ids")
        return await self._vendor.merge(ids if isinstance(ids, list) else [], way)

    async def change(self, request: web.Request, wish: Wish, _: Way) -> Told:
        """`name`, `price_cents` or `is_deleted` of a service, by its variation."""
        return self._vendor.rename(request.match_info["id"], wish)

    async def revoke(self, _request: web.Request, _wish: Wish, way: Way) -> Told:
        """Take back what the application was allowed."""
        return await self._vendor.revoke(way)

    async def reset(self, _: web.Request, wish: Wish, _way: Way) -> Told:
        """As on the first day, or with the records that are sent."""
        return self._vendor.reset(wish)


def _routes(sandbox: Sandbox) -> Sequence[web.AbstractRouteDef]:
    seller = _Calendar(sandbox.square.vendor)
    return [
        web.get(f"{BASE}/bookings", seller.bookings),
        web.post(f"{BASE}/bookings", _told("booking", seller.book)),
        web.patch(f"{BASE}/bookings/{{id}}", _told("booking", seller.rebook)),
        web.get(f"{BASE}/customers", seller.customers),
        web.post(f"{BASE}/customers", _told("customer", seller.enrol)),
        web.post(f"{BASE}/customers/merge", _told("customer", seller.merge)),
        web.patch(f"{BASE}/customers/{{id}}", _told("customer", seller.amend)),
        web.get(f"{BASE}/services", seller.services),
        web.patch(f"{BASE}/services/{{id}}", _told("service", seller.change)),
        web.post(f"{BASE}/revoke", _told("revocation", seller.revoke)),
        web.post(f"{BASE}/reset", _told("seller", seller.reset)),
        *quirks.routes(f"{BASE}/quirks", sandbox.square),
    ]


def _told(name: str, do: Do) -> Handler:
    """What a seller does: the record as it is now, and how the telling of it went."""

    async def handler(request: web.Request) -> web.Response:
        try:
            wish, way = _read(await body_of(request))
            told = await do(request, wish, way)
        except RefusedError as no:
            return refused(request, str(no), NOT_FOUND if no.status == NOT_FOUND else 400)
        except ValueError as wrong:
            return refused(request, str(wrong))
        except (AttributeError, KeyError, TypeError):
            return refused(request, "A field is missing or of another kind.")
        went = {"way": way, "event_ids": told.event_ids, "statuses": told.statuses}
        return web.json_response({name: told.record, "webhook": went})

    return handler


def _read(wish: Any) -> tuple[Wish, Way]:
    """Square's fields, and how the webhook is to go.

    Raises:
        UnreadableWishError: it is no object, or no way that a webhook can go.
    """
    if not isinstance(wish, dict):
        raise UnreadableWishError("Send an object with Square's fields.")
    way = wish.get("webhook", "deliver")
    if way not in WAYS:
        raise UnreadableWishError(f"webhook is one of {', '.join(WAYS)}.")
    return {name: value for name, value in wish.items() if name != "webhook"}, way


SECTION = Section(
    title="Square",
    about="The seller's bookings at Square; POST books, PATCH moves or cancels. "
    "The field webhook says how it is told: deliver, lose, double, delay or reorder.",
    path=f"{BASE}/bookings",
    routes=_routes,
)

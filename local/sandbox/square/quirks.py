"""What goes wrong at Square on command: `/sandbox/square/quirks`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.sandbox.asking import body_of, refused
from local.sandbox.square.access import SELLER_SCOPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.sandbox.square.access import Permission
    from local.sandbox.square.server import Server

_SETS = ("hidden", "gone", "unreadable")
_FLAGS = ("end_counts", "subscription_enabled", "revoked")


def routes(path: str, square: Server) -> Sequence[web.AbstractRouteDef]:
    """GET shows the quirks, POST sets those that it names, DELETE takes all back."""

    async def show(_: web.Request) -> web.Response:
        return web.json_response(shown(square))

    async def change(request: web.Request) -> web.Response:
        try:
            adopt(square, await body_of(request))
        except ValueError as wrong:
            return refused(request, str(wrong))
        return web.json_response(shown(square))

    async def clear(_: web.Request) -> web.Response:
        adopt(square, {name: [] for name in _SETS} | _USUAL)
        return web.json_response(shown(square))

    return [web.get(path, show), web.post(path, change), web.delete(path, clear)]


_USUAL: dict[str, Any] = {
    "clock_ahead": 0,
    "calls_a_second": None,
    "end_counts": True,
    "subscription_enabled": True,
    "revoked": False,
    "scopes": None,
}


def shown(square: Server) -> dict[str, Any]:
    """All quirks as they are."""
    vendor = square.vendor
    listed = {name: sorted(getattr(vendor.seller.quirks, name)) for name in _SETS}
    return listed | {
        "clock_ahead": vendor.clock.ahead,
        "calls_a_second": square.api.calls_a_second,
        "end_counts": vendor.lists[vendor.seller.merchant_id].end_counts,
        "subscription_enabled": vendor.webhooks.subscription.enabled,
        "revoked": vendor.permission.revoked,
        "scopes": list(vendor.permission.scopes),
    }


def adopt(square: Server, wish: Any) -> None:
    """Set what is named: `hidden`, `gone` and `unreadable` are lists of bookings' ids.

    Raises:
        ValueError: something is unknown or of another kind; nothing was set.
    """
    if not isinstance(wish, dict) or not wish.keys() <= {*_SETS, *_USUAL}:
        raise ValueError(f"Send an object with some of {', '.join((*_SETS, *_USUAL))}.")
    for name, value in wish.items():
        if not _fits(name, value):
            raise ValueError(f"{name} is of another kind.")
    vendor, quirks = square.vendor, square.vendor.seller.quirks
    for name in wish.keys() & {*_SETS}:
        setattr(quirks, name, set(wish[name]))
    vendor.clock.ahead = float(wish.get("clock_ahead", vendor.clock.ahead))
    square.api.calls_a_second = wish.get("calls_a_second", square.api.calls_a_second)
    lists = vendor.lists[vendor.seller.merchant_id]
    lists.end_counts = wish.get("end_counts", lists.end_counts)
    subscription = vendor.webhooks.subscription
    subscription.enabled = wish.get("subscription_enabled", subscription.enabled)
    _permit(vendor.permission, wish)


def _permit(permission: Permission, wish: dict[str, Any]) -> None:
    permission.revoked = wish.get("revoked", permission.revoked)
    if "scopes" in wish:
        scopes = SELLER_SCOPES if wish["scopes"] is None else wish["scopes"]
        permission.scopes = tuple(scopes)


def _fits(name: str, value: Any) -> bool:
    if name in _SETS or (name == "scopes" and value is not None):
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if name in _FLAGS:
        return isinstance(value, bool)
    if name == "clock_ahead":
        return type(value) in {int, float}
    return value is None or (type(value) is int and value > 0)

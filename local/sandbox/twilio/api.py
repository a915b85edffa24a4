"""The Messages resource of Twilio's REST API: create, list, fetch."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from aiohttp import encode_basic_auth, web

from local.sandbox.twilio.vendor import NotAcceptedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from local.sandbox.faults import Faults
    from local.sandbox.twilio.vendor import Vendor

    Handler = Callable[[web.Request], Awaitable[web.Response]]

_SLOW_SECONDS = 2
_LONGEST_HANG_SECONDS = 120
_PAGE, _LARGEST_PAGE = 50, 1000
_FAULTS = {"429": (429, 20429, "Too Many Requests"), "500": (500, 20500, "Internal Server Error")}


class Api:
    """What answers at Twilio's address. Each call may meet trouble first."""

    def __init__(self, vendor: Vendor, faults: Faults) -> None:
        self._vendor = vendor
        self._faults = faults

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """All that is there of the API."""
        base = "/2010-04-01/Accounts/{account}/Messages"
        return [
            web.post(f"{base}.json", self._known(self._create)),
            web.get(f"{base}.json", self._known(self._list)),
            web.get(f"{base}/{{sid}}.json", self._known(self._fetch)),
        ]

    def _known(self, handler: Handler) -> Handler:
        """For the account alone."""

        async def checked(request: web.Request) -> web.Response:
            account = self._vendor.account
            given = request.headers.get("Authorization", "")
            if given != encode_basic_auth(account.sid, account.auth_token):
                return _error(401, 20003, "Authenticate")
            if request.match_info["account"] != account.sid:
                return _error(404, 20404, f"The requested resource {request.path} was not found")
            return await handler(request)

        return checked

    async def _create(self, request: web.Request) -> web.Response:
        form = {name: str(text) for name, text in (await request.post()).items()}
        mode = self._faults.meet("twilio", writes=True)
        if trouble := await _before(mode, request):
            return trouble
        try:
            message = self._vendor.accept(form)
        except NotAcceptedError as refused:
            return _error(400, refused.code, str(refused))
        shown = message.resource(self._vendor.account.sid)
        if mode == "hang_after_accept":
            return await _hang(request)
        return web.json_response(shown, status=201)

    async def _list(self, request: web.Request) -> web.Response:
        if trouble := await self._trouble(request):
            return trouble
        try:
            found = self._vendor.log.listed(request.query)
            size = min(max(int(request.query.get("PageSize", _PAGE)), 1), _LARGEST_PAGE)
            page = max(int(request.query.get("Page", 0)), 0)
        except ValueError:
            return _error(400, 20001, "Invalid parameter")
        start, end = page * size, min((page + 1) * size, len(found))
        sid = self._vendor.account.sid
        return web.json_response(
            {
                "messages": [each.resource(sid) for each in found[start:end]],
                "page": page,
                "page_size": size,
                "start": start,
                "end": max(end - 1, 0),
                "uri": _uri(request, page, size),
                "first_page_uri": _uri(request, 0, size),
                "next_page_uri": _uri(request, page + 1, size) if end < len(found) else None,
                "previous_page_uri": _uri(request, page - 1, size) if page else None,
            }
        )

    async def _fetch(self, request: web.Request) -> web.Response:
        if trouble := await self._trouble(request):
            return trouble
        message = self._vendor.log.by_sid(request.match_info["sid"])
        if message is None:
            return _error(404, 20404, f"The requested resource {request.path} was not found")
        return web.json_response(message.resource(self._vendor.account.sid))

    async def _trouble(self, request: web.Request) -> web.Response | None:
        mode = self._faults.meet("twilio", writes=False)
        if mode == "hang_after_accept":
            return await _hang(request)
        return await _before(mode, request)


async def _before(mode: str | None, request: web.Request) -> web.Response | None:
    """What comes before Twilio has done anything, None when it goes on."""
    if mode in _FAULTS:
        return _error(*_FAULTS[mode])
    if mode == "hang_before_accept":
        return await _hang(request)
    if mode == "slow":
        await asyncio.sleep(_SLOW_SECONDS)
    return None


async def _hang(request: web.Request) -> web.Response:
    """No answer until the caller gives up."""
    for _ in range(_LONGEST_HANG_SECONDS * 20):
        if request.transport is None:
            break
        await asyncio.sleep(0.05)
    return _error(503, 20503, "Service Unavailable")


def _uri(request: web.Request, page: int, size: int) -> str:
    kept = {k: v for k, v in request.query.items() if k not in {"Page", "PageSize"}}
    return f"{request.path}?{urlencode({**kept, 'PageSize': size, 'Page': page})}"


def _error(status: int, code: int, message: str) -> web.Response:
    body: dict[str, Any] = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return web.json_response(body, status=status)

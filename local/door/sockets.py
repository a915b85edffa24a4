"""`/ws` as API Gateway serves it: the emulator's WebSocket API, frame by frame."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import ClientError, WSMsgType, WSServerHandshakeError, web
from yarl import URL

from local.door import answers

if TYPE_CHECKING:
    from aiohttp import ClientSession, ClientWebSocketResponse

    from local.door.apis import Apis

_MESSAGE_LIMIT = 128 * 1024
# What API Gateway closes a socket with when its side of it breaks.
_GOING_AWAY = 1001
_PASSED_ON = ("Origin", "User-Agent", "Cookie", "Authorization")


class SocketProxy:
    """Joins a browser's socket with one to the deployed WebSocket API."""

    def __init__(self, session: ClientSession, apis: Apis) -> None:
        self._session = session
        self._apis = apis

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Runs until either side closes; a refused handshake is an HTTP error."""
        request_id = answers.new_request_id(request.headers)
        if not self._apis.socket:
            return answers.refusal(404, request_id)
        if not web.WebSocketResponse().can_prepare(request):
            return answers.refusal(400, request_id)
        try:
            upstream = await self._connect(request)
        except WSServerHandshakeError as refused:
            return answers.refusal(refused.status, request_id)
        except (TimeoutError, ClientError):
            return answers.refusal(503, request_id)
        # None is chosen for the function, as on AWS: a browser that offered some then hangs up.
        chosen = [upstream.protocol] if upstream.protocol else []
        browser = web.WebSocketResponse(protocols=chosen, max_msg_size=_MESSAGE_LIMIT)
        await browser.prepare(request)
        await _join(browser, upstream)
        return browser

    async def _connect(self, request: web.Request) -> ClientWebSocketResponse:
        url = URL(f"{self._apis.socket}?{request.rel_url.raw_query_string}", encoded=True)
        headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        return await self._session.ws_connect(
            url,
            headers=headers | self._apis.pass_header,
            protocols=_offered(request),
            max_msg_size=0,
        )


async def _join(browser: web.WebSocketResponse, upstream: ClientWebSocketResponse) -> None:
    """Passes messages both ways; when one side ends, the other is closed with its code."""
    ways = [
        asyncio.ensure_future(_pass_on(browser, upstream)),
        asyncio.ensure_future(_pass_on(upstream, browser)),
    ]
    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    await upstream.close(code=_sendable(browser.close_code))
    await browser.close(code=_sendable(upstream.close_code))
    await asyncio.gather(*ways, return_exceptions=True)


async def _pass_on(
    source: web.WebSocketResponse | ClientWebSocketResponse,
    target: web.WebSocketResponse | ClientWebSocketResponse,
) -> None:
    async for message in source:
        if message.type is WSMsgType.TEXT:
            await target.send_str(message.data)
        elif message.type is WSMsgType.BINARY:
            await target.send_bytes(message.data)


def _sendable(code: int | None) -> int:
    """A code that may stand in a close frame; 1005 and 1006 only tell that there was none."""
    return code if code and code not in {1005, 1006} else _GOING_AWAY


def _offered(request: web.Request) -> list[str]:
    offered = request.headers.get("Sec-WebSocket-Protocol", "")
    return [protocol.strip() for protocol in offered.split(",") if protocol.strip()]

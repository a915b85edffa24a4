"""`/_photos/...`: the way of browsers to the bucket of photos, with what a function has signed.

A form or an address that `POST /api/jobs/{id}/photos` and its sibling hand out begins here, in the
place of S3's own address. The emulator judges the signature, the key, the size, the type and the
time; the guard before it lets the front door do these two things with this bucket and no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import ClientError, web
from yarl import URL

from local.door import answers

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

    from local.door.apis import Apis

PREFIX = "/_photos"
MOST_BYTES = 16 * 1024 * 1024
"""More than any form allows: what is smaller is the emulator's to judge."""

_BACK = ("Content-Type", "Content-Disposition", "ETag", "Location")


class PhotoProxy:
    """Hands uploads and views to the emulator, without anything else that a browser sends."""

    def __init__(self, session: ClientSession, apis: Apis, emulator: str) -> None:
        self._session = session
        self._apis = apis
        self._emulator = emulator

    async def handle(self, request: web.Request) -> web.Response:
        """S3's answer, with the API's CORS headers, which are the bucket's too."""
        origin = request.headers.get("Origin")
        if request.method == "OPTIONS":
            return web.Response(status=204, headers=self._apis.cors.preflight(origin))
        try:
            answer = await self._forward(request)
        except (TimeoutError, ClientError):
            answer = answers.refusal(503, answers.new_request_id(request.headers))
        answer.headers.update(self._apis.cors.answer(origin))
        return answer

    async def _forward(self, request: web.Request) -> web.Response:
        headers = dict(self._apis.pass_header)
        if request.method == "POST":
            headers["Content-Type"] = request.headers.get("Content-Type", "")
        async with self._session.request(
            request.method,
            URL(self._emulator + request.raw_path.removeprefix(PREFIX), encoded=True),
            headers=headers,
            data=await _body(request),
            allow_redirects=False,
        ) as response:
            return _back(response, await response.read())


async def _body(request: web.Request) -> bytes | None:
    """All of it; an upload may be larger than the API's own limit.

    Raises:
        HTTPRequestEntityTooLarge: larger than any form allows.
    """
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MOST_BYTES:
            raise web.HTTPRequestEntityTooLarge(MOST_BYTES, len(body))
    return bytes(body) or None


def _back(response: ClientResponse, body: bytes) -> web.Response:
    kept = {name: response.headers[name] for name in _BACK if name in response.headers}
    return web.Response(status=response.status, headers=kept, body=body)

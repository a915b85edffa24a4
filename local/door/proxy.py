"""`/api/...` as API Gateway serves it: the emulator's HTTP API with its differences corrected."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from aiohttp import ClientError, web
from multidict import CIMultiDict
from yarl import URL

from local.door import answers, cors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiohttp import ClientResponse, ClientSession

    from local.door.apis import Apis

BODY_LIMIT = 10 * 1024 * 1024
_AT_ONCE = 12
"""How many requests the emulator works on at once: it starts a process for each, and fifty
starting processes would make a laptop slower than twelve busy ones. The rest wait their turn."""
_PER_CONNECTION = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
# The server writes its own; the body is of one piece, so its length is known.
_REWRITTEN = _PER_CONNECTION | {"content-length", "date", "server"}

# Other bodies reach the function in base64. Source: the emulator, which was compared with AWS.
_TEXT = re.compile(r"text/.*|application/(json|xml|javascript)")


class ApiProxy:
    """Hands requests to the deployed HTTP API. 10 MB a request, as the gateway allows."""

    def __init__(self, session: ClientSession, apis: Apis) -> None:
        self._session = session
        self._apis = apis
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def handle(self, request: web.Request) -> web.Response:
        """The API's answer, with CORS headers and a request id on every one."""
        origin = request.headers.get("Origin")
        if request.method == "OPTIONS":
            return web.Response(status=204, headers=self._apis.cors.preflight(origin))
        answer = await self._answer(request, answers.new_request_id(request.headers))
        answer.headers.update(self._apis.cors.answer(origin))
        return answer

    async def _answer(self, request: web.Request, request_id: str) -> web.Response:
        if not self._apis.http:
            return answers.refusal(404, request_id)
        try:
            body = await request.read()
            if not _is_readable(request, body):
                return answers.refusal(400, request_id)
            async with self._turn:
                return await self._forward(request, body, request_id)
        except web.HTTPRequestEntityTooLarge:
            return answers.refusal(413, request_id)
        except (TimeoutError, ClientError):
            # Also AWS's answer to a handler that outlives the gateway's 30 seconds.
            return answers.refusal(503, request_id)

    async def _forward(self, request: web.Request, body: bytes, request_id: str) -> web.Response:
        async with self._session.request(
            request.method,
            URL(self._apis.http + request.raw_path, encoded=True),
            headers=_onward(request, self._apis.pass_header),
            data=body or None,
            allow_redirects=False,
        ) as response:
            text = await response.read()
            if answers.is_of_the_gateway(response.status, text):
                return answers.refusal(answers.gateway_status(response.status), request_id)
            return _back(response, text, request_id)


def _onward(request: web.Request, pass_header: Mapping[str, str]) -> CIMultiDict[str]:
    """The caller's headers without those of its connection, with AWS's and the guard's."""
    headers = _without(request.headers.items(), _PER_CONNECTION)
    headers["X-Forwarded-For"] = request.remote or ""
    headers["X-Forwarded-Proto"] = request.scheme
    headers["X-Forwarded-Port"] = str(request.url.port)
    for name, value in pass_header.items():
        headers[name] = value  # in the place of the caller's own
    return headers


def _is_readable(request: web.Request, body: bytes) -> bool:
    """Whether a body that the gateway hands over as text is text.

    AWS does not say what becomes of one that is not; the emulator puts question marks into it.
    """
    if not _TEXT.fullmatch(request.content_type):
        return True
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _back(response: ClientResponse, body: bytes, request_id: str) -> web.Response:
    headers = _without(response.headers.items(), _REWRITTEN)
    for name in [name for name in headers if name.lower().startswith(cors.PREFIX)]:
        headers.popall(name, None)
    headers.setdefault(answers.REQUEST_ID, request_id)
    return web.Response(status=response.status, headers=headers, body=body)


def _without(items: Iterable[tuple[str, str]], dropped: set[str]) -> CIMultiDict[str]:
    return CIMultiDict((name, value) for name, value in items if name.lower() not in dropped)

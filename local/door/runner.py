"""The server under the front door: what it does before there is a request to handle."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any

from aiohttp import web

from local.door import answers, safety

if TYPE_CHECKING:
    from aiohttp.web_request import BaseRequest


class Runner(web.AppRunner):
    """Serves an application; what cannot be read gets an answer in the API's shape.

    Bodies arrive as they were sent: API Gateway unpacks none.
    """

    def __init__(self, app: web.Application) -> None:
        super().__init__(app, access_log=None, shutdown_timeout=1, auto_decompress=False)
        logging.getLogger("aiohttp.server").addFilter(_tell_the_kind)

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(
            made.request_handler,
            request_factory=made.request_factory,
            **made._kwargs,  # noqa: SLF001 - aiohttp has no other way to bring a protocol of one's own
        )


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Protocol(self, loop=self._loop, **self._kwargs)


class _Protocol(web.RequestHandler):
    def handle_error(
        self,
        request: BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        super().handle_error(request, status, exc, message)  # tells the log
        refused = answers.refusal(status, answers.new_request_id(request.headers))
        safety.add_headers(refused, 0)
        refused.force_close()
        return refused


def _tell_the_kind(record: logging.LogRecord) -> bool:
    """An error's kind and place, not its words: they quote the request, with tokens and numbers."""
    error: Any = record.exc_info[1] if record.exc_info else None
    if error is not None:
        place = "".join(traceback.format_tb(error.__traceback__))
        record.msg = f"{record.getMessage()}: {type(error).__name__}\n{place}".rstrip()
        record.args, record.exc_info = (), None
    return True

"""What keeps foreign pages out: the requests that the front door takes, and its security headers.

The headers tell browsers what a page from here may load, and that nobody may frame it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from local.door import answers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.typedefs import Handler

_OUR_NAMES = {"127.0.0.1", "localhost", "::1"}
_READING = {"GET", "HEAD", "OPTIONS"}
# A page that the developer opened, or one from here.
_OURSELVES = {"none", "same-origin"}
_ALWAYS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Not stricter: without a referrer some browsers name no origin either, and it is looked at.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
_PAGE_POLICY = (
    "default-src 'self'; connect-src 'self' ws://127.0.0.1:{port} ws://localhost:{port} "
    # Photos have one address, by whichever name the page was opened.
    "http://127.0.0.1:{port}; "
    "img-src 'self' http://127.0.0.1:{port} data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'"
)


def add_headers(response: web.StreamResponse, port: int) -> None:
    """Puts the security headers on an answer; one that the function chose itself stays.

    A page may load what this port serves and open its socket. JSON may load nothing.
    """
    is_data = response.content_type == "application/json"
    policy = _DATA_POLICY if is_data else _PAGE_POLICY.format(port=port)
    for name, value in (_ALWAYS | {"Content-Security-Policy": policy}).items():
        response.headers.setdefault(name, value)


@web.middleware
async def in_our_shape(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refusals of the server itself get the shape of all the API's answers."""
    try:
        return await handler(request)
    except web.HTTPError as error:
        refused = answers.refusal(error.status, answers.new_request_id(request.headers))
        if "Allow" in error.headers:
            refused.headers["Allow"] = error.headers["Allow"]
        return refused


@web.middleware
async def only_what_can_be_read(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A byte that is no text would vanish on the way: another key would arrive than was sent."""
    try:
        for _, value in request.raw_headers:
            value.decode()
    except UnicodeDecodeError:
        raise web.HTTPBadRequest from None
    return await handler(request)


@web.middleware
async def only_by_our_names(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A page of another site that points its own name at this machine is turned away."""
    if request.url.host not in _OUR_NAMES:
        raise web.HTTPMisdirectedRequest
    return await handler(request)


@web.middleware
async def only_our_pages_press(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Nothing in the sandbox changes for a page of another origin; programs name none."""
    changes = request.path.startswith("/sandbox") and request.method not in _READING
    if changes and not _is_from_here(request.headers, request.host):
        raise web.HTTPForbidden
    return await handler(request)


def _is_from_here(headers: Mapping[str, str], host: str) -> bool:
    own = f"http://{host}".lower()
    return (
        headers.get("Origin", own).lower() == own
        and headers.get("Sec-Fetch-Site", "none") in _OURSELVES
    )


MIDDLEWARES = (in_our_shape, only_what_can_be_read, only_by_our_names, only_our_pages_press)

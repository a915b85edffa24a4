"""The guard in front of the emulator: it lets in the stack's own programs and nobody else.

The emulator believes whoever names the administrator's key, which everybody knows, and answers
pages of any origin. So each run has a secret, and everybody who may ask has a token made from it:

- an SDK carries the token of its access key as the session token, which SDKs put into the header
  `X-Amz-Security-Token`; a function's token is good for that function's key alone, and what STS
  has issued is good for the key that it was issued with;
- the front door carries its own in `X-Closedloop-Door`, good for the deployed APIs alone, and for
  what a browser does with the bucket of photos: post a form to it, and read a photo by an address
  that is signed. The emulator judges both signatures.

A browser is turned away whatever it carries: it says so by `Origin` or `Sec-Fetch-Site`, and by
`Host` where a name was made to point at this machine.
"""

from __future__ import annotations

import hmac
import json
import re
from typing import TYPE_CHECKING, Any

from local.settings import PHOTOS_BUCKET

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Scope = dict[str, Any]
    Message = dict[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]
    Headers = list[tuple[bytes, bytes]]

DOOR_HEADER = b"x-closedloop-door"
HEALTH = "/_ministack/health"
_TOKEN_HEADER = b"x-amz-security-token"
_BROWSER = {b"origin", b"sec-fetch-site"}
# One credential at the front: the emulator would search the whole line for it.
_KEY = re.compile(rb"AWS4-HMAC-SHA256 Credential=([A-Za-z0-9]+)/")
# Posting to a socket needs a function's signature, which the front door has not.
_API = re.compile(r"/_aws/execute-api/[^/]+/[^/]+(?:/(?!@connections/).*)?", re.DOTALL)
_PHOTO = re.compile(rf"/{PHOTOS_BUCKET}/photos/[^?#]+")


def token(secret: str, access_key: str) -> str:
    """What an SDK with this access key must carry as its session token."""
    return _made(secret, f"key {access_key}")


def door_token(secret: str) -> str:
    """What the front door must carry."""
    return _made(secret, "door")


class Guard:
    """An ASGI application around the emulator's. `host` is its address, as `Host` names it.

    `issued` holds the session tokens that STS has given to somebody who was let in, by key.
    """

    def __init__(self, emulator: App, host: str, secret: str, issued: Mapping[str, str]) -> None:
        self._emulator = emulator
        self._host = host.encode()
        self._secret = secret
        self._issued = issued

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands the request on, or answers 403."""
        if scope["type"] == "lifespan":
            await self._emulator(scope, receive, send)
        elif self._admits(scope):
            headers = [(name, value) for name, value in scope["headers"] if name != DOOR_HEADER]
            await self._emulator(scope | {"headers": headers}, receive, send)
        else:
            await _refuse(scope["type"], send)

    def _admits(self, scope: Scope) -> bool:
        path, headers = scope["path"], scope["headers"]
        if given := _all(headers, DOOR_HEADER):
            # What a browser says of itself is judged by the front door, and handed on.
            known = len(given) == 1 and _same(given[0], door_token(self._secret))
            return known and (path == HEALTH or bool(_API.fullmatch(path)) or _is_of_a_photo(scope))
        return not self._is_a_page(headers) and self._knows_key(headers)

    def _is_a_page(self, headers: Headers) -> bool:
        named = {name for name, _ in headers}
        return _all(headers, b"host") != [self._host] or not _BROWSER.isdisjoint(named)

    def _knows_key(self, headers: Headers) -> bool:
        signatures, tokens = _all(headers, b"authorization"), _all(headers, _TOKEN_HEADER)
        if len(signatures) != 1 or len(tokens) != 1:
            return False
        if (named := _KEY.match(signatures[0])) is None:
            return False
        key = named[1].decode()
        return _same(tokens[0], self._issued.get(key) or token(self._secret, key))


def _is_of_a_photo(scope: Scope) -> bool:
    """A form for the bucket, without any query; or a photo by an address that carries a signature.

    A query would make other calls of a POST, such as the one that deletes files.
    """
    query = scope.get("query_string", b"")
    if scope.get("method") == "POST":
        types = _all(scope["headers"], b"content-type")
        form = len(types) == 1 and types[0].startswith(b"multipart/form-data;")
        return scope["path"] == f"/{PHOTOS_BUCKET}" and not query and form
    signed = b"X-Amz-Signature=" in query
    return scope.get("method") == "GET" and bool(_PHOTO.fullmatch(scope["path"])) and signed


def _made(secret: str, purpose: str) -> str:
    return hmac.new(secret.encode(), purpose.encode(), "sha256").hexdigest()


def _all(headers: Headers, wanted: bytes) -> list[bytes]:
    """Every value of a header; ASGI's names are lower-case."""
    return [value for name, value in headers if name == wanted]


def _same(given: bytes, expected: str) -> bool:
    return hmac.compare_digest(given, expected.encode())


async def _refuse(kind: str, send: Send) -> None:
    if kind == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    body = json.dumps({"message": "Forbidden"}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})

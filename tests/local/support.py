"""Asking a running stack."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.stack import Stack


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. Header names are lower-case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


def ask(
    stack: Stack,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """One request to the front door, on a connection of its own."""
    connection = http.client.HTTPConnection(urlsplit(stack.info["web_url"]).netloc, timeout=60)
    try:
        connection.request(method, path, body=body, headers=dict(headers or {}))
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())
    finally:
        connection.close()


def raw(address: str, request: bytes | Mapping[str, str]) -> Answer:
    """The answer to bytes as they are; `{host}` in them is the address's own.

    Headers instead of bytes make a POST of an empty object.
    """
    host, body = urlsplit(address).netloc, b""
    if not isinstance(request, bytes):
        lines = {"Host": host, "Content-Length": "2"} | dict(request)
        sent = "POST / HTTP/1.1\r\n" + "\r\n".join(f"{k}: {v}" for k, v in lines.items())
        request, body = sent.encode(), b"{}"
    parts = urlsplit(address)
    with socket.create_connection((str(parts.hostname), parts.port or 80), timeout=30) as made:
        made.sendall(request.replace(b"{host}", host.encode()) + b"\r\n\r\n" + body)
        response = http.client.HTTPResponse(made)
        response.begin()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())


def bearer(token: str) -> dict[str, str]:
    """The header of somebody who is signed in."""
    return {"Authorization": f"Bearer {token}"}


def outputs(stack: Stack) -> dict[str, str]:
    """The outputs of the deployed template."""
    (described,) = stack.client("cloudformation").describe_stacks()["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in described["Outputs"]}

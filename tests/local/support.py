"""Asking a running stack."""

from __future__ import annotations

import http.client
import json
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


def bearer(token: str) -> dict[str, str]:
    """The header of somebody who is signed in."""
    return {"Authorization": f"Bearer {token}"}


def outputs(stack: Stack) -> dict[str, str]:
    """The outputs of the deployed template."""
    (described,) = stack.client("cloudformation").describe_stacks()["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in described["Outputs"]}

"""The local stack as a browser uses it: over one connection that it keeps."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from bench.wire import UnexpectedAnswerError
from closedloop.dynamo.codec import item

ORG = "demo"
_STORED = {
    "org_id": ORG,
    "version": 1_700_000_000_000_000,
    "created_at": "2026-11-01T09:00:00.000Z",
    "updated_at": "2026-11-01T09:00:00.000Z",
    "updated_by": {"id": "system", "email": "system"},
}


@dataclass(frozen=True)
class Answered:
    """An answer, and the milliseconds until all of it was there."""

    body: Any
    replayed: bool
    milliseconds: float


class Browser:
    """An owner's."""

    def __init__(self, info: dict[str, Any]) -> None:
        address = urlsplit(info["api_url"])
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port)
        self._token = info["tokens"][ORG]["owner"]

    def press(self, method: str, path: str, body: str, key: str | None = None) -> Answered:
        """One request, with this key or one of its own.

        Raises:
            UnexpectedAnswerError: it was refused.
        """
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "X-Idempotency-Key": key or str(uuid4()),
        }
        started = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        took = (time.perf_counter() - started) * 1000
        if answer.status >= 300:
            raise UnexpectedAnswerError(f"{answer.status} {text.decode()}")
        return Answered(json.loads(text), answer.headers["Idempotent-Replayed"] == "true", took)


def store(stack: Any, table: str, row: dict[str, Any]) -> None:
    """Put a row of the org into the stack's database, as an earlier write left it."""
    stored = item(_STORED | row)
    stack.client("dynamodb").put_item(TableName=stack.table_prefix + table, Item=stored)

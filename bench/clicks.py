"""From click to answer through the local stack: HTTP, gateway, Lambda, database, and back."""

from __future__ import annotations

import http.client
import importlib
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from bench.cpu import percentile
from bench.wire import UnexpectedAnswerError
from closedloop.adapters.dynamo.codec import item
from tests.support.actions import ActionCase, actions, event_of

if TYPE_CHECKING:
    from closedloop.errors import Row

ORG = "demo"
_WARM_UP = 5
_STORED = {
    "org_id": ORG,
    "version": 1_700_000_000_000_000,
    "created_at": "2026-11-01T09:00:00.000Z",
    "updated_at": "2026-11-01T09:00:00.000Z",
    "updated_by": {"id": "system", "email": "system"},
}


@dataclass(frozen=True)
class Waited:
    """Milliseconds from click to answer."""

    p50: float
    p95: float


Clicks = dict[str, dict[str, Waited]]
"""By button, new and replayed."""


def measure(presses: int) -> Clicks | str:
    """Every button pressed so often, one after the other; or why nothing was measured."""
    try:
        stack = importlib.import_module("local.stack")
    except ImportError as missing:
        return f"not measured: {missing}"
    with TemporaryDirectory(prefix="closedloop-bench-") as folder:
        try:
            with stack.Stack(Path(folder)) as running:
                return {case.name: _pressed(case, running, presses) for case in actions()}
        except Exception as error:  # noqa: BLE001 - the other rows of the table still count
            return f"not measured: {type(error).__name__}: {str(error)[:200]}"


def _pressed(case: ActionCase, stack: Any, presses: int) -> dict[str, Waited]:
    door = _Door(stack.info)
    times: dict[str, list[float]] = {"new": [], "replayed": []}
    for number in range(presses + _WARM_UP):
        _put(stack, case.rows)
        key = str(uuid4())
        for kind, spent in times.items():
            took = door.press(case, key, replayed=kind == "replayed")
            if number >= _WARM_UP:
                spent.append(took)
    return {kind: Waited(percentile(ms, 0.5), percentile(ms, 0.95)) for kind, ms in times.items()}


def _put(stack: Any, rows: dict[str, list[Row]]) -> None:
    """The rows as the button expects them, again for each press."""
    client = stack.client("dynamodb")
    for table, each in ((table, each) for table, many in rows.items() for each in many):
        client.put_item(TableName=stack.table_prefix + table, Item=item(_STORED | each))


class _Door:
    """The front door of the stack, over one connection, as a browser keeps it."""

    def __init__(self, info: dict[str, Any]) -> None:
        address = urlsplit(info["api_url"])
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port)
        self._token = info["tokens"][ORG]["owner"]

    def press(self, case: ActionCase, key: str, *, replayed: bool) -> float:
        """Milliseconds until the whole answer is there."""
        event = event_of(case.name, case.happy)
        method, _ = case.route
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "X-Idempotency-Key": key,
        }
        started = time.perf_counter()
        self._connection.request(method, event["rawPath"], event["body"], headers)
        answer = self._connection.getresponse()
        text = answer.read()
        took = (time.perf_counter() - started) * 1000
        kept = answer.headers["Idempotent-Replayed"] == "true"
        if answer.status >= 300 or kept is not replayed:
            raise UnexpectedAnswerError(f"{case.name}: {answer.status} {text.decode()}")
        return took

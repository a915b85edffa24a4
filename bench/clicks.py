"""From click to answer through the local stack: HTTP, gateway, Lambda, database, and back."""

from __future__ import annotations

import http.client
import importlib
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from botocore.exceptions import ClientError

from bench.cpu import percentile
from bench.wire import UnexpectedAnswerError
from closedloop.adapters.dynamo.codec import item
from tests.support.actions import ActionCase, Event, actions, event_of

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


Clicks = dict[str, dict[str, Waited] | str]
"""By button, new and replayed; or why a button could not be measured."""

WHOLE = "every button"


def measure(presses: int) -> Clicks:
    """Every button pressed so often, one press after the other, each on rows of its own."""
    try:
        stack = importlib.import_module("local.stack")
        with (
            TemporaryDirectory(prefix="closedloop-bench-") as folder,
            stack.Stack(Path(folder)) as running,
        ):
            return {case.name: _measured(case, running, presses) for case in actions()}
    except Exception as error:  # noqa: BLE001 - the rest of the table still counts
        return {WHOLE: _why(error)}


def _measured(case: ActionCase, stack: Any, presses: int) -> dict[str, Waited] | str:
    try:
        return _pressed(case, stack, presses)
    except (UnexpectedAnswerError, OSError, ClientError) as error:
        return _why(error)


def _why(error: Exception) -> str:
    return f"not measured: {type(error).__name__}: {error}"[:160]


def _pressed(case: ActionCase, stack: Any, presses: int) -> dict[str, Waited]:
    door, client = _Door(stack.info), stack.client("dynamodb")
    times: dict[str, list[float]] = {"new": [], "replayed": []}
    for number in range(presses + _WARM_UP):
        rows, event = _own(case, number)
        for table, row in rows:
            client.put_item(TableName=stack.table_prefix + table, Item=item(_STORED | row))
        key = str(uuid4())
        for kind, spent in times.items():
            took = door.press(event, key, replayed=kind == "replayed")
            if number >= _WARM_UP:
                spent.append(took)
    return {kind: Waited(percentile(ms, 0.5), percentile(ms, 0.95)) for kind, ms in times.items()}


def _own(case: ActionCase, number: int) -> tuple[list[tuple[str, Row]], Event]:
    """The rows of the button's happy scenario and its event, under ids of this press alone.

    Otherwise a limit for one person would stop the later presses.
    """
    rows = [(table, row) for table, many in case.rows.items() for row in many]
    event = event_of(case.name, case.happy)
    texts = [json.dumps(rows), event["body"], event["rawPath"]]
    for row_id in {row["id"] for table, row in rows if table != "orgs"}:
        whole = re.compile(rf'(?<=["/]){re.escape(row_id)}(?=["/]|$)')
        texts = [whole.sub(f"{row_id}_{number}", text) for text in texts]
    own, event["body"], event["rawPath"] = json.loads(texts[0]), *texts[1:]
    return own, event


class _Door:
    """The front door of the stack, over one connection, as a browser keeps it."""

    def __init__(self, info: dict[str, Any]) -> None:
        address = urlsplit(info["api_url"])
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port)
        self._token = info["tokens"][ORG]["owner"]

    def press(self, event: Event, key: str, *, replayed: bool) -> float:
        """Milliseconds until the whole answer is there."""
        method = event["requestContext"]["http"]["method"]
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
            raise UnexpectedAnswerError(f"{answer.status} {text.decode()}")
        return took

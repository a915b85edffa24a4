"""The local stack as the run of many texts uses it: its front door, and the rows behind it."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import urllib3
from boto3.dynamodb.types import TypeDeserializer

if TYPE_CHECKING:
    from local.stack import Stack

_TRIES = 8
_CALL = re.compile(r'"request_id":"[^"]+"')
_HTTP = urllib3.PoolManager(maxsize=8, retries=False, timeout=60)
_read = TypeDeserializer().deserialize


class Unanswered(Exception):  # noqa: N818 - what happened to the request
    """The API did not take a request, however often it was asked."""


class Door:
    """The front door: the button, and the sandbox."""

    def __init__(self, info: dict[str, Any]) -> None:
        self._info = info

    def press(self, org: str, lead_id: str, message: str) -> str:
        """The id of the text that the API keeps, asked with one key until it answers.

        Raises:
            Unanswered: it refused, or did not answer.
        """
        headers = {
            "Authorization": f"Bearer {self._info['tokens'][org]['staff']}",
            "Content-Type": "application/json",
            "X-Idempotency-Key": str(uuid4()),
        }
        body = {"leadId": lead_id, "message": message}
        answer: Any = None
        for number in range(_TRIES):
            answer = self._ask("POST", "/api/leads/send-sms", body, headers)
            if "sms" in answer:  # also where the breaker is open: the text is kept, and goes later
                return str(answer["sms"]["id"])
            time.sleep(0.1 * 2**number)
        raise Unanswered(str(answer))

    def trouble(self, mode: str, rate: float) -> None:
        """Twilio fails at this rate."""
        self._ask("POST", "/sandbox/faults", {"target": "twilio", "mode": mode, "rate": rate})

    def faults(self) -> dict[str, int]:
        """How often each fault has happened."""
        found = self._ask("GET", "/sandbox/faults")["faults"]
        return {each["mode"]: each["happened"] for each in found}

    def clear(self) -> None:
        """Twilio is well again."""
        self._ask("DELETE", "/sandbox/faults")

    def accepted(self) -> list[dict[str, Any]]:
        """Twilio's own log."""
        return list(self._ask("GET", "/sandbox/twilio/messages")["messages"])

    def _ask(self, method: str, path: str, body: Any = None, headers: Any = None) -> Any:
        sent = None if body is None else json.dumps(body)
        url = self._info["web_url"] + path
        named = {"Content-Type": "application/json"} | (headers or {})
        return json.loads(_HTTP.request(method, url, body=sent, headers=named).data)


class Rows:
    """The texts of both businesses, seen from outside of the functions."""

    def __init__(self, stack: Stack) -> None:
        self._dynamodb = stack.client("dynamodb")
        self._stack = stack
        self._table = f"{stack.table_prefix}sms_logs"

    def all(self) -> dict[str, dict[str, Any]]:
        """Every text by its id."""
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._table)
        rows = [
            {name: _read(value) for name, value in item.items()}
            for page in pages
            for item in page["Items"]
        ]
        return {row["id"]: row for row in rows}

    def counts(self) -> dict[str, int]:
        """How many texts have each status; of those that wait, what for."""
        return dict(Counter(str(row["status"]) for row in self.all().values()))

    def not_looked_up(self) -> bool:
        """Whether somebody still has to ask Twilio about a text for the first time."""
        rows = self.all().values()
        return any(row["status"] == "unknown" and not row.get("lookups") for row in rows)

    def times_opened(self) -> int:
        """How often the worker says that the breaker opened."""
        lines = [line for line in self._stack.log().splitlines() if '"BreakerOpened":[' in line]
        return len({found[0] for line in lines if (found := _CALL.search(line))})

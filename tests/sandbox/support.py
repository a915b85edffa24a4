"""The sandbox as programs use it, and the demo org's buttons for texts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import urllib3

if TYPE_CHECKING:
    from local.stack import Stack

_HTTP = urllib3.PoolManager(maxsize=8, retries=False, timeout=60)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    json: Any


@dataclass(frozen=True)
class Sandbox:
    """A running stack, through its front door."""

    stack: Stack

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request; a body goes as JSON."""
        sent = None if body is None else json.dumps(body)
        kind = {} if body is None else {"Content-Type": "application/json"}
        url = self.stack.info["web_url"] + path
        found = _HTTP.request(method, url, body=sent, headers=kind | headers)
        return Answer(found.status, json.loads(found.data) if found.data else None)

    def api(self, method: str, path: str, body: Any = None) -> Answer:
        """One request to the API, as the demo org's staff."""
        token = self.stack.info["tokens"]["demo"]["staff"]
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "X-Idempotency-Key": str(uuid4()),
        }
        return self.ask(method, f"/api/{path}", body, **headers)

    def lead(self, number: int) -> tuple[str, str]:
        """Id and phone of a demo lead."""
        lead_id = self.stack.info["ids"]["demo"]["lead"][number]
        table = f"{self.stack.table_prefix}leads"
        key = {"org_id": {"S": "demo"}, "id": {"S": lead_id}}
        found = self.stack.client("dynamodb").get_item(TableName=table, Key=key)
        return lead_id, found["Item"]["phone"]["S"]

    def press(self, lead_id: str, message: str) -> Answer:
        """The button that texts a lead."""
        return self.api("POST", "leads/send-sms", {"leadId": lead_id, "message": message})

    def history(self, lead_id: str) -> list[dict[str, Any]]:
        """The lead's thread, newest first."""
        found = self.api("GET", f"leads/{lead_id}/sms-history").json["sms_messages"]
        return list(found)

    def accepted(self, phone: str) -> list[dict[str, Any]]:
        """What Twilio has accepted for a number."""
        found = self.ask("GET", f"/sandbox/twilio/messages?to={phone}").json["messages"]
        return list(found)

    def trouble(self, mode: str, **more: float) -> Answer:
        """Make trouble with Twilio."""
        return self.ask("POST", "/sandbox/faults", {"target": "twilio", "mode": mode, **more})

    def failures(self) -> int:
        """How many calls of Twilio failed in the last minute."""
        (breaker,) = self.api("GET", "system/breakers").json["breakers"]
        return int(breaker["failures"])

    def calm(self) -> None:
        """End all trouble, and forget its failures: five in a minute would open the breaker."""
        self.ask("DELETE", "/sandbox/faults")
        table = f"{self.stack.table_prefix}system"
        key = {"id": {"S": "breaker#twilio#failures"}}
        self.stack.client("dynamodb").delete_item(TableName=table, Key=key)

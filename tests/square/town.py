"""A business whose seller's notifications arrive at the webhook, from the wire to the row."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local.sandbox.square.webhooks import signature
from tests.support.actions import event_of, handlers
from tools.events import SQUARE_KEY, SQUARE_URL

if TYPE_CHECKING:
    from io import StringIO

    from tests.support.database import Database

HEADER = "x-square-hmacsha256-signature"


@dataclass
class Town:
    """A business that is connected with a seller; the function is called as the gateway does."""

    db: Database
    org: str
    log: StringIO
    asked: list[dict[str, Any]] = field(default_factory=list)
    """The bookings that are to be read."""

    def put(self, messages: list[dict[str, Any]]) -> list[int]:
        """Takes every message."""
        self.asked += messages
        return []

    def post(self, content: bytes, /, *, url: str = SQUARE_URL, **event: Any) -> int:
        """The answer to a body that was signed for this address."""
        sent = event_of("square_webhook", "booked")
        sent["headers"][HEADER] = signature(SQUARE_KEY, url, content)
        encoded = {"body": base64.b64encode(content).decode(), "isBase64Encoded": True}
        return self.call({**sent, **encoded, **event})

    def call(self, event: dict[str, Any]) -> int:
        """The answer to an event."""
        return int(handlers()["square_webhook"](event, None)["statusCode"])

    def body(self, scenario: str = "booked", **changes: Any) -> bytes:
        """A notification of this business's seller."""
        sent = json.loads(event_of("square_webhook", scenario)["body"])
        return json.dumps({**sent, "merchant_id": f"merchant-{self.org}", **changes}).encode()

    def jobs(self) -> list[dict[str, Any]]:
        """The business's jobs."""
        return self.db.rows("jobs", self.org)

    def said(self) -> dict[str, Any]:
        """The last line of the log."""
        found: dict[str, Any] = json.loads(self.log.getvalue().splitlines()[-1])
        return found

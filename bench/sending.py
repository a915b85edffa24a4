"""What the worker asks of others to send one text, and to drop one that it has sent already."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from uuid import uuid4

from bench.wire import UnexpectedAnswerError, recorded
from closedloop import wiring
from closedloop.texts import wiring as texts
from closedloop.texts.twilio_codes import Accepted
from tests.support.actions import ActionCase, event_of, handlers

if TYPE_CHECKING:
    from tests.support.database import Database

BUTTON = "send_lead_sms"


@dataclass(frozen=True)
class Work:
    """Requests to the database, by operation, and calls to Twilio."""

    requests: list[str]
    calls: int


def measure(db: Database) -> dict[str, Work]:
    """A new text, and the same message once more."""
    org_id = f"org-{uuid4().hex[:8]}"
    event = _queued(db, org_id)
    with patch.dict("os.environ", WEBHOOK_BASE_URL="https://api.example.com"):
        _work(_queued(db, f"{org_id}-first"))  # what is kept of the breaker is at hand after it
        return {"new": _work(event), "handed over twice": _work(event)}


def _queued(db: Database, org_id: str) -> dict[str, Any]:
    """The message of the queue for a text that the button has accepted."""
    case = ActionCase(BUTTON, handlers()[BUTTON])
    db.put(org_id, case.rows)
    kept = case.press(org_id).sent_to(case).json["sms"]
    job = {"org_id": org_id, "id": kept["id"], "attempt": 1}
    job |= {"person_table": "leads", "person_id": kept["leadId"]}
    event = event_of("send_sms", "text")
    event["Records"][0]["body"] = json.dumps(job)
    return event


def _work(event: dict[str, Any]) -> Work:
    twilio = _Twilio()
    with (
        patch.object(texts, "twilio", lambda: twilio),
        recorded(wiring.dynamodb()) as sent,
    ):
        answer = handlers()["send_sms"](event, None)
    if answer["batchItemFailures"]:
        raise UnexpectedAnswerError(f"the worker gave the text back: {answer}")
    return Work([each.operation for each in sent], twilio.calls)


class _Twilio:
    """Accepts every text."""

    def __init__(self) -> None:
        self.calls = 0

    def send(self, *_: str) -> Accepted:
        """As the adapter's."""
        self.calls += 1
        return Accepted(f"SM{uuid4().hex}", "queued")

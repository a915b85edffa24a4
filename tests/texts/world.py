"""Everything around the functions that send texts: Twilio, the queue, the stream and the clock.

The database is the real one.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from twilio.request_validator import RequestValidator

from closedloop import wiring
from closedloop.dynamo.codec import item
from closedloop.texts import model
from tests.support.actions import Answer, Press, event_of, handlers
from tests.support.wire import Killed
from tests.texts.standins import Message, Queue, Twilio

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pytest

    from closedloop.core.rows import Row
    from tests.support.database import Database

BASE = "https://api.example.com"
CREDENTIALS: dict[str, Any] = {
    "account_sid": "ACtest",
    "auth_token": "12345",
    "shared_keys": {"k1": "shared-1"},
}
_TABLES = "arn:aws:dynamodb:us-east-1:1:table/"
PHONE, NUMBER = "+13125550143", "+13125550100"


class World:
    """One org, its people, and the functions around its texts."""

    def __init__(self, db: Database, monkeypatch: pytest.MonkeyPatch, org: str) -> None:
        self.db, self.org = db, org
        self.at = datetime(2029, 6, 1, 15, tzinfo=UTC)
        self.twilio, self.queue = Twilio(self.now), Queue(self.now)
        self.faults: list[str] = []
        ours = SimpleNamespace(monotonic=lambda: self.now().timestamp())
        frozen = SimpleNamespace(datetime=SimpleNamespace(now=self.now))
        powertools = "aws_lambda_powertools.utilities.circuit_breaker.persistence"
        for name, value in {
            "closedloop.wiring.now": self.now,
            "closedloop.wiring.time": ours,
            "closedloop.texts.handlers.settle.log.fault": self._fault,
            "closedloop.texts.handlers.settle.AT_ONCE": 1,
            "closedloop.texts.handlers.worker._JITTER": SimpleNamespace(
                uniform=lambda _, most: most
            ),
            "closedloop.texts.wiring.twilio": lambda: self.twilio,
            "closedloop.texts.wiring.outbox": lambda: self.queue,
            "closedloop.texts.wiring.credentials": lambda: CREDENTIALS,
            "closedloop.dynamo.lookups.Lookups.due": lambda _, *asked: self._due(*asked),
            f"{powertools}.base.dt": frozen,
            f"{powertools}.dynamodb.dt": frozen,
        }.items():
            monkeypatch.setattr(name, value)
        monkeypatch.setenv("WEBHOOK_BASE_URL", BASE)
        self.close_breaker()
        digest = f"{org}-number"
        self.settings: Row = {
            "id": "settings",
            "name": "Bright Finish",
            "time_zone": "America/Chicago",
            "sms_number": NUMBER,
            "limits": {"sms_per_person": 20, "sms_per_person_minutes": 1},
        }
        lead = {"id": "lead_1", "name": "Ana Ortiz", "phone": PHONE, "status": "new"}
        number = {"id": f"number#{NUMBER}", "credential_hash": digest}
        db.put(org, {"orgs": [self.settings, number], "leads": [lead]})
        monkeypatch.setattr("closedloop.texts.handlers.webhook.credential", lambda _: digest)

    def now(self, *_: object) -> datetime:
        """The time of everything: it never stands still."""
        self.at += timedelta(milliseconds=1)
        return self.at

    def later(self, **time: float) -> None:
        """Time passes."""
        self.at += timedelta(**time)

    def close_breaker(self) -> None:
        """As on the first day."""
        for item_id in ("breaker#twilio", "breaker#twilio#failures"):
            self.db.client.delete_item(
                TableName=self.db.prefix + "system", Key=item({"id": item_id})
            )
        wiring.forget_rows()

    def set(self, **settings: Any) -> None:
        """The org changes its settings."""
        self.settings |= settings
        self.db.put(self.org, {"orgs": [self.settings]})
        wiring.forget_rows()

    def press(self, message: str = "Hi Ana", key: str | None = None) -> Answer:
        """A text to the lead, by the button."""
        return self._press("send_lead_sms", {"leadId": "lead_1", "message": message}, key)

    def press_template(self, **body: Any) -> Answer:
        """A template to the lead, by the button."""
        return self._press("send_lead_sms", {"leadId": "lead_1", **body}, None)

    def retry(self, sms_id: str) -> Answer:
        """Send once more, by the button."""
        press = Press(event_of("retry_sms", "resent")).by("user-boss", self.org, "[manager]")
        press.event["pathParameters"] = {"id": sms_id}
        return Answer.of(handlers()["retry_sms"](press.key(str(uuid4())).event))

    def dispatch(self) -> None:
        """The stream's records of what is ready, once more each time it is asked."""
        ready = sorted(filter(_passes_the_filter, self.rows()), key=lambda row: row["created_at"])
        records = [self._record(row) for row in ready]
        if records:
            answer = handlers()["dispatch_sms"]({"Records": records}, None)
            assert answer == {"batchItemFailures": []}

    def work(self, mode: str = "accept") -> str:
        """The worker takes one message; how it ended, by what became of the message."""
        message = self.queue.receive()
        if message is None:
            return "idle"
        self.twilio.mode = mode
        event = event_of("send_sms", "text")
        event["Records"][0] |= {"body": message.body, "receiptHandle": message.id}
        event["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(message.receives)
        try:
            answer = handlers()["send_sms"](event, None)
        except Killed:
            return "killed"
        finally:
            self.twilio.mode = "accept"
        if answer["batchItemFailures"]:
            return "comes back"
        self.queue.messages.remove(message)
        return "done"

    def work_off(self) -> None:
        """The worker takes all that it can have."""
        while self.work() != "idle":
            pass

    def bury(self) -> None:
        """The dead letters' function takes what is there."""
        for message in list(self.queue.dead):
            event = event_of("sms_dead_letter", "text")
            event["Records"][0]["body"] = message.body
            if not handlers()["sms_dead_letter"](event, None)["batchItemFailures"]:
                self.queue.dead.remove(message)

    def settle(self) -> None:
        """The schedule's minute. A defect would be one text's fault in the log: none may be."""
        handlers()["settle_sms"]({}, None)
        assert self.faults == []

    def report(self, message: Message, status: str, **form: str) -> int:
        """A callback of Twilio's; the status code of our answer."""
        query = urlsplit(message.callback).query
        sent = {"MessageSid": message.sid, "MessageStatus": status, **form}
        answer = self.webhook("twilio_status", "status", sent, query)
        return int(answer["statusCode"])

    def text(self, body: str, sid: str | None = None, **form: str) -> str:
        """A text from the lead; what our answer says."""
        sid = sid or f"SM{uuid4().hex}"
        sent = {"MessageSid": sid, "From": PHONE, "To": NUMBER, "Body": body, **form}
        answer = self.webhook("twilio_inbound", "inbound", sent)
        assert answer["statusCode"] == 200, answer
        return str(answer["body"])

    @staticmethod
    def webhook(function: str, path: str, form: Mapping[str, str], query: str = "") -> Any:
        """A request signed as Twilio signs."""
        route = f"/api/webhooks/twilio/{path}"
        url = BASE + route + (f"?{query}" if query else "")
        form = {"AccountSid": CREDENTIALS["account_sid"], **form}
        signature = RequestValidator(CREDENTIALS["auth_token"]).compute_signature(url, form)
        event = event_of(function, "delivered" if path == "status" else "stop")
        event |= {"rawPath": route, "rawQueryString": query}
        event["headers"]["x-twilio-signature"] = signature
        event["body"] = base64.b64encode(urlencode(form).encode()).decode()
        return handlers()[function](event, None)

    def spent(self) -> int:
        """How much of its budgets the org has used, over all days."""
        days = [(self.at + timedelta(days=number)).date() for number in range(-3, 3)]
        keys = [f"spend#{self.org}#sms#{day}#{part}" for day in days for part in range(4)]
        kept = wiring.reads().system(keys)
        return sum(int(each["used"]) for each in kept.values())

    def rows(self) -> list[Row]:
        """All texts of the org."""
        return self.db.rows("sms_logs", self.org)

    def row(self, sms_id: str) -> Row:
        """One text."""
        return next(row for row in self.rows() if row["id"] == sms_id)

    def the_row(self) -> Row:
        """The only text that went out or is to go out."""
        out = [row for row in self.rows() if row["direction"] == "out"]
        (only,) = (row for row in out if row["category"] != "reply")
        return only

    def _fault(self, action: str, error: BaseException, **_: str) -> None:
        self.faults.append(f"{action}: {error!r}")

    def _due(self, work: str, until: str, limit: int) -> list[list[tuple[str, str]]]:
        """As the client's, of this org alone: other tests leave work behind.

        All on the first part, for the order must not depend on ids that are made anew.
        """
        due = [row for row in self.rows() if row.get("work_at", "~") <= until]
        due = sorted(due, key=lambda row: (row["work_at"], row["created_at"]))
        keys = [(self.org, str(row["id"])) for row in due] if work == model.SHARDS[0] else []
        return [keys[start : start + limit] for start in range(0, max(len(keys), 1), limit)]

    def _press(self, function: str, body: Mapping[str, Any], key: str | None) -> Answer:
        press = Press(event_of(function, "sent")).by("user-alice", self.org)
        press = press.key(key or str(uuid4())).body(json.dumps(body))
        return Answer.of(handlers()[function](press.event))

    def _record(self, row: Row) -> dict[str, Any]:
        record = event_of("dispatch_sms", "ready")["Records"][0]
        record["eventSourceARN"] = f"{_TABLES}{self.db.prefix}sms_logs/stream/x"
        record["dynamodb"] |= {
            "Keys": item({"org_id": self.org, "id": row["id"]}),
            "NewImage": item(row),
        }
        return dict(record)


def _passes_the_filter(row: Row) -> bool:
    return (row["status"], row["direction"], row.get("outbox")) == ("pending", "out", "ready")


def minutes(world: World, number: int, every: int = 1) -> Iterator[int]:
    """So many minutes, with what the schedule does in one of `every`."""
    for minute in range(0, number, every):
        world.later(minutes=every)
        world.settle()
        yield minute

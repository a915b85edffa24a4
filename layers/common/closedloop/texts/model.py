"""Rows of sms_logs: their fields, and the indexes by which workers find them.

The row is its own outbox. Until its end is known it is on the work list (`work`, `work_at`), a
sparse index: whatever dies on the way, the row turns up there when it is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from closedloop.core.times import iso
from closedloop.core.writes import Create
from closedloop.texts.segments import segments

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from closedloop.core.decision import Context
    from closedloop.core.rows import Row

TABLE = "sms_logs"
MARKETING, TRANSACTIONAL, REPLY = "marketing", "transactional", "reply"

DISPATCH_SECONDS = 300
"""A text that is still pending by then is put into the queue again."""

OFF_THE_LIST: Mapping[str, Any] = {"work": None, "work_at": None}
"""Nothing is left to be done for the text."""

_SHARDS = 4
"""Parts of the work list: a partition of an index takes a thousand writes a second."""

SHARDS = tuple(f"sms#{number}" for number in range(_SHARDS))


@dataclass(frozen=True, slots=True)
class Text:
    """What is to be said, and the question that a reply would answer."""

    message: str
    category: str = TRANSACTIONAL
    template_id: str | None = None
    question: Mapping[str, str] | None = None
    kind: str | None = None


def outgoing(
    context: Context, table: str, person_id: str, text: Text, sms_id: str | None = None
) -> Create:
    """The row of a text that is to be sent: pending, on the work list, ready for dispatch."""
    sms_id = sms_id or context.new_id("sms")
    return Create(
        TABLE,
        sms_id,
        {
            **thread(context, table, person_id, sms_id),
            "message": text.message,
            "segments": segments(text.message),
            "direction": "out",
            "status": "pending",
            "category": text.category,
            "template_id": text.template_id,
            "kind": text.kind,
            "question": text.question,
            "attempt": 1,
            "outbox": "ready",
            **on_the_list(sms_id, context.now + timedelta(seconds=DISPATCH_SECONDS)),
        },
    )


def thread(context: Context, table: str, person_id: str, sms_id: str) -> dict[str, str]:
    """The fields by which a text is found in a person's thread, newest first."""
    return {
        "person_table": table,
        "person_id": person_id,
        "person_key": f"{table}#{person_id}#{context.timestamp}#{sms_id}",
    }


def on_the_list(sms_id: str, due: datetime) -> dict[str, str]:
    """On the work list, to be processed when it is due."""
    return {"work": SHARDS[sum(sms_id.encode()) % _SHARDS], "work_at": iso(due)}


def unsettled(row: Row) -> bool:
    """Whether the row has been handed to Twilio without our knowing what became of it."""
    return row["status"] in {"sending", "unknown"} and "vendor_id" not in row


@dataclass(frozen=True, slots=True)
class Job:
    """What a message of the queue asks for: this attempt of this text."""

    org_id: str
    id: str
    attempt: int
    person: tuple[str, str]
    category: str = TRANSACTIONAL

    @classmethod
    def of(cls, row: Row) -> Job:
        """The job that a pending row is."""
        person = (row["person_table"], row["person_id"])
        return cls(row["org_id"], row["id"], int(row["attempt"]), person, row["category"])

    @classmethod
    def read(cls, message: Mapping[str, Any]) -> Job:
        """The job in a message."""
        person = (message["person_table"], message["person_id"])
        category = message.get("category", TRANSACTIONAL)
        return cls(message["org_id"], message["id"], int(message["attempt"]), person, category)

    @property
    def message(self) -> dict[str, Any]:
        """The job as a message."""
        table, person_id = self.person
        whose = {"person_table": table, "person_id": person_id}
        what = {"id": self.id, "attempt": self.attempt, "category": self.category}
        return {"org_id": self.org_id, **what, **whose}

    @property
    def rows(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """The rows without which it cannot be judged."""
        return ((TABLE, self.id), self.person)

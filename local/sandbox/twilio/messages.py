"""Twilio's messages: what one is, as its API shows it, and the log of all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Mapping

API, REPLY, INBOUND = "outbound-api", "outbound-reply", "inbound"
_SINGLE, _PART = {True: 160, False: 70}, {True: 153, False: 67}


def new_sid() -> str:
    """The id of a message that nobody has yet."""
    return f"SM{uuid4().hex}"


@dataclass(slots=True)
class Message:
    """A text that Twilio has accepted, or received. `number` is the other one of ours."""

    to: str
    sender: str
    body: str
    direction: str
    status: str
    callback: str = ""
    error_code: int | None = None
    sent_at: datetime | None = None
    sid: str = field(default_factory=new_sid)
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def customer(self) -> str:
        """Whose phone it is on."""
        return self.sender if self.direction == INBOUND else self.to

    @property
    def segments(self) -> int:
        """How many texts it is on the air; anything beyond ASCII is taken for UCS-2."""
        plain = self.body.isascii()
        length = len(self.body) if plain else len(self.body.encode("utf-16-le")) // 2
        return 1 if length <= _SINGLE[plain] else -(-length // _PART[plain])

    def resource(self, account_sid: str) -> dict[str, Any]:
        """As the Messages resource has it."""
        uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{self.sid}"
        return {
            "account_sid": account_sid,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": _rfc2822(self.created_at),
            "date_sent": _rfc2822(self.sent_at),
            "date_updated": _rfc2822(self.sent_at or self.created_at),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.sender,
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": str(self.segments),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }

    def shown(self) -> dict[str, Any]:
        """As the sandbox shows it."""
        return {
            "sid": self.sid,
            "to": self.to,
            "from": self.sender,
            "body": self.body,
            "status": self.status,
            "direction": self.direction,
            "error_code": self.error_code,
            "created_at": self.created_at.isoformat(timespec="milliseconds"),
        }


class Log:
    """All messages, oldest first. Nothing leaves it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def add(self, message: Message) -> Message:
        """Keep a message."""
        self.messages.append(message)
        return message

    def accepted(self, to: str | None = None) -> list[Message]:
        """What went out, by the API and as replies, oldest first."""
        return [
            each
            for each in self.messages
            if each.direction != INBOUND and to in (None, "", each.to)
        ]

    def by_sid(self, sid: str) -> Message | None:
        """The message of this id."""
        return next((each for each in self.messages if each.sid == sid), None)

    def our_number(self, customer: str) -> str | None:
        """The number of ours that wrote to the customer last, or was written to."""
        for each in reversed(self.messages):
            if each.customer == customer:
                return each.to if each.direction == INBOUND else each.sender
        return None

    def listed(self, filters: Mapping[str, str]) -> list[Message]:
        """What the list of the API shows for its filters, newest first.

        Raises:
            ValueError: a date is none.
        """
        found = [
            each
            for each in self.messages
            if filters.get("To", each.to) == each.to
            and filters.get("From", each.sender) == each.sender
        ]
        for name in ("DateSent", "DateSent>", "DateSent<"):
            if name in filters:
                found = [each for each in found if _sent(each, name, filters[name])]
        return found[::-1]


def _sent(message: Message, name: str, wanted: str) -> bool:
    """By the day, in UTC, or by the second where a time is given. Unsent messages have no date."""
    if message.sent_at is None:
        return False
    by_day = re.fullmatch(r"\d{4}-\d\d-\d\d", wanted)
    sent: Any = message.sent_at.date() if by_day else message.sent_at.replace(microsecond=0)
    limit: Any = date.fromisoformat(wanted) if by_day else _moment(wanted)
    if name == "DateSent":
        return bool(sent == limit)
    return bool(sent >= limit if name.endswith(">") else sent <= limit)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _rfc2822(moment: datetime | None) -> str | None:
    return None if moment is None else format_datetime(moment)

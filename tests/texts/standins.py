"""Stand-ins for Twilio and the queue of texts, in memory.

Twilio keeps a log of what it accepted, by attempt, and notices when it is asked for something that
must never be asked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from closedloop.texts.twilio_codes import (
    Accepted,
    NotProcessed,
    Outcome,
    QueueFull,
    Rejected,
    Sighting,
    Unclear,
)
from tests.support.wire import Killed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

VISIBLE_AFTER = timedelta(seconds=180)
RECEIVES = 5


@dataclass
class Message:
    """A text that Twilio has accepted."""

    sid: str
    to: str
    sender: str
    body: str
    callback: str
    created_at: datetime
    status: str = "queued"
    seconds: int | None = None

    @property
    def attempt(self) -> tuple[str, str]:
        """Which attempt of which text it is."""
        query = dict(parse_qsl(urlsplit(self.callback).query))
        return query["sms"], query["attempt"]


@dataclass
class Twilio:
    """In memory: does what the next call is told to do, and logs what it accepted."""

    now: Callable[[], datetime]
    mode: str = "accept"
    accepted: list[Message] = field(default_factory=list)
    calls: int = 0
    stopped: bool = False
    lag: timedelta = timedelta(0)
    """How long a text is accepted before it is listed."""
    broken_rules: list[str] = field(default_factory=list)

    def send(
        self, to: str, sender: str, body: str, callback: str, seconds: int | None = None
    ) -> Outcome:
        """One call; `mode` says how it ends."""
        self.calls += 1
        if self.stopped:
            self.broken_rules.append("a text to a number that sent STOP")
        match self.mode:
            case "kill before":
                raise Killed
            case "refuse":
                return NotProcessed()
            case "reject":
                return Rejected(21614)
            case "full":
                return QueueFull()
            case "reject: stopped":
                return Rejected(21610)
            case "lose":
                return Unclear()
        message = Message(
            f"SM{uuid4().hex}", to, sender, body, callback, self.now(), seconds=seconds
        )
        if any(each.attempt == message.attempt for each in self.accepted):
            self.broken_rules.append(f"accepted twice: {message.attempt}")
        self.accepted.append(message)
        if self.mode == "kill after":
            raise Killed
        return Unclear() if self.mode == "hang" else Accepted(message.sid, "queued")

    def sent_to(self, to: str, sender: str) -> list[Sighting]:
        """Twilio's list, newest first, with times to the second as Twilio gives them."""
        return [
            Sighting(each.sid, each.status, each.body, each.created_at.replace(microsecond=0))
            for each in reversed(self.accepted)
            if (each.to, each.sender) == (to, sender) and each.created_at + self.lag <= self.now()
        ]


@dataclass
class Queued:
    """A message in the queue."""

    body: str
    visible_at: datetime
    receives: int = 0
    id: str = field(default_factory=lambda: uuid4().hex)

    @property
    def category(self) -> str:
        """Which queue it is in."""
        return str(json.loads(self.body)["category"])


@dataclass
class Queue:
    """Both queues: what is not acknowledged comes back, and after five receives goes over."""

    now: Callable[[], datetime]
    messages: list[Queued] = field(default_factory=list)
    dead: list[Queued] = field(default_factory=list)

    def put(self, messages: list[Mapping[str, Any]]) -> list[int]:
        """As the adapter's."""
        self.messages += [Queued(json.dumps(each), self.now()) for each in messages]
        return []

    def hide(self, receipt_handle: str, seconds: int, _: str) -> None:
        """As the adapter's."""
        for each in self.messages:
            if each.id == receipt_handle:
                each.visible_at = self.now() + timedelta(seconds=seconds)

    def receive(self, category: str | None = None) -> Queued | None:
        """The next visible message, of one queue or of whichever, hidden for its time."""
        for each in [one for one in self.messages if one.visible_at <= self.now()]:
            if category not in {None, each.category}:
                continue
            if each.receives >= RECEIVES:
                self.messages.remove(each)
                self.dead.append(each)
                continue
            each.receives += 1
            each.visible_at = self.now() + VISIBLE_AFTER
            return each
        return None

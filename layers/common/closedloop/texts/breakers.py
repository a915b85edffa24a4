"""The breaker before Twilio, as people see it: whether texts go out just now."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from typing_extensions import TypedDict

from closedloop.core.query import Question
from closedloop.core.times import iso

if TYPE_CHECKING:
    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads
    from closedloop.core.values import PageCursor, Time
    from closedloop.texts.rows import BreakerState

_BREAKER = "breaker#twilio"
_WITHIN_MILLISECONDS = 60_000


class Breaker(TypedDict):
    """Whether a vendor is called just now."""

    name: Literal["twilio"]
    state: BreakerState
    failures: int
    """In the last minute."""
    opened_at: Time | None
    retry_at: Time | None
    """When it is tried again."""


class BreakerList(TypedDict):
    """All breakers."""

    breakers: list[Breaker]
    cursor: PageCursor | None
    """Null: this is all."""


class Breakers(Question):
    """All breakers."""


def breakers(_: Breakers, __: Actor, reads: Reads, now: datetime) -> BreakerList:
    """The state of the breaker before Twilio, and the failures of the last minute."""
    items = reads.system([_BREAKER, f"{_BREAKER}#failures"])
    state = items.get(_BREAKER, {})
    opened_at = state.get("opened_at")
    since = int(now.timestamp() * 1000) - _WITHIN_MILLISECONDS
    times = items.get(f"{_BREAKER}#failures", {})
    now_called: Any = str(state.get("state", "CLOSED")).lower()
    breaker: Breaker = {
        "name": "twilio",
        "state": now_called,
        "failures": sum(1 for name, at in times.items() if name[1:].isdigit() and at > since),
        "opened_at": _at(opened_at),
        "retry_at": _at(opened_at and opened_at + _open_seconds()),
    }
    return {"breakers": [breaker], "cursor": None}


def _open_seconds() -> int:
    return int(os.environ.get("BREAKER_OPEN_SECONDS", "300"))


def _at(seconds: int | None) -> str | None:
    return None if seconds is None else iso(datetime.fromtimestamp(seconds, UTC))

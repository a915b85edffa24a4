"""A business that is connected with Square, in the database, without a network or a queue."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.edge.apply import apply, by_itself
from closedloop.square import events
from closedloop.square.events import Event
from tests.bookings.support import settings, utc
from tests.square.seller import Seller, event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import pytest

    from closedloop.core.decision import Reply
    from closedloop.core.rows import Row
    from tests.square.seller import Wire
    from tests.support.database import Database

NOW = utc("2026-06-01T12:00")
TEN = utc("2026-06-02T14:00")
"""Ten o'clock of the next day, by the clock of the garage in New York."""


@dataclass
class World:
    """One org, its seller, and a clock that tests set."""

    db: Database
    org: str
    now: datetime = NOW
    seller: Seller = field(init=False)
    numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.seller = Seller(lambda: self.now)

    def by_its_clock(self, monkeypatch: pytest.MonkeyPatch) -> World:
        """The code under test reads the time here, and its client of Square is the seller."""
        monkeypatch.setattr("closedloop.wiring.now", lambda: self.now)
        return self

    def open(self, **changes: Any) -> World:
        """With these settings, connected."""
        connection = {
            "id": "square",
            "merchant_id": f"merchant-{self.org}",
            "state": "connected",
            "work": "square",
            "work_at": "2026-05-01T00:00:00.000Z",
        }
        self.db.put(self.org, {"orgs": [settings(**changes), connection]})
        wiring.forget_rows()
        return self

    def hear(self, booking: Wire, event_id: str = "", kind: str = "booking.updated") -> Reply:
        """A webhook arrives."""
        return self.arrive(event(booking, event_id or f"event-{next(self.numbers)}", kind))

    def arrive(self, body: Wire) -> Reply:
        """Any notification arrives."""
        heard = Event.of(copy.deepcopy(body))
        context = by_itself("square_webhook", self.org, who="square")
        return apply(context, lambda asked: events.arrived(heard, asked))

    def later(self, **how: float) -> World:
        """Time passes."""
        self.now += timedelta(**how)
        return self

    def job(self, booking_id: str) -> Row:
        """A job as it is."""
        return {each["id"]: each for each in self.jobs()}[booking_id]

    def jobs(self) -> list[Row]:
        """All jobs."""
        return self.db.rows("jobs", self.org)

    def staff(self, booking_id: str, **fields: Any) -> Row:
        """The staff change their fields of a job, as their button does: with a new version."""
        row = self.job(booking_id)
        changed = {**row, **fields, "version": row["version"] + 1}
        self.db.put(self.org, {"jobs": [changed]})
        return changed

    def conflicts(self, state: str | None = "open") -> dict[str, Row]:
        """Conflicts by job and field."""
        rows = self.db.rows("reconcile", self.org)
        return {
            each["id"].removeprefix("conflict#"): each
            for each in rows
            if each["id"].startswith("conflict#") and state in {None, each["state"]}
        }

    def cells(self, owner: str) -> list[str]:
        """The cells that somebody has, by lane and time."""
        return sorted(
            each["id"].removeprefix("cell#")
            for each in self.db.rows("appointment_holds", self.org)
            if owner in (each.get("visit"), each.get("after"), each.get("before"))
        )

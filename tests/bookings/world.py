"""A business in the database, and callers who hold, book and give back, without any edge."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from closedloop import wiring
from closedloop.bookings import holds, staff
from closedloop.bookings.appointments import Close, cancel
from closedloop.bookings.cells import TABLE
from closedloop.bookings.reserve import Wish, reserve
from closedloop.bookings.slots import slot_id
from closedloop.core.decision import Actor, Context, Decision, Reply
from closedloop.edge.apply import apply
from tests.bookings.support import settings, utc

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import pytest

    from closedloop.core.rows import Row
    from tests.support.database import Database

NOW = utc("2026-06-01T12:00")
TEN = utc("2026-06-02T14:00")
"""Ten o'clock of the next day, by the clock of the garage in New York."""

PHONE = "+12125550142"


@dataclass
class World:
    """One org, its rows, and a clock that tests set."""

    db: Database
    org: str
    now: datetime = NOW
    users: str = "vapi"
    changes: dict[str, Any] = field(default_factory=dict)

    def by_its_clock(self, monkeypatch: pytest.MonkeyPatch) -> World:
        """The code under test reads the time here."""
        monkeypatch.setattr("closedloop.wiring.now", lambda: self.now)
        return self

    def open(self, **changes: Any) -> World:
        """With these settings."""
        self.changes |= changes
        self.db.put(self.org, {"orgs": [settings(**self.changes)]})
        wiring.forget_rows()
        return self

    def context(self, key: str | None = None) -> Context:
        """Somebody acts, with a key of their own."""
        actor = Actor(self.users, "", self.org, frozenset())
        return Context(actor, "test", key or str(uuid4()), self.now)

    def do(self, rule: Callable[[Context], Decision], key: str | None = None) -> Reply:
        """Decide and commit by the clock of this world."""
        return apply(self.context(key), rule)

    def hold(
        self, start: datetime = TEN, lane: str = "bay", *, key: str | None = None, **wish: Any
    ) -> Row:
        """A caller holds a slot."""
        wanted = Wish(slot_id(lane, start), **({"phone": PHONE} | wish))
        found: Row = self.do(lambda seen: reserve(wanted, seen), key).body["hold"]
        return found

    def book(self, hold: str, key: str | None = None) -> Row:
        """The caller has proved to be the one: the hold becomes an appointment."""

        def rule(context: Context) -> Decision:
            made = holds.converted(hold, context, confirmed_by="caller")
            reply = Reply({"appointment": made.appointment})
            return Decision(made.writes, reply)

        booked: Row = self.do(rule, key).body["appointment"]
        return booked

    def create(self, start: datetime = TEN, *, key: str | None = None, **more: Any) -> Row:
        """Staff book."""
        person = {} if "contactId" in more else {"name": "Dana", "phone": PHONE}
        body = {"serviceId": "wash", "start": start.isoformat(), **person, **more}
        command = staff.CreateBooking.model_validate(body)
        found: Row = self.do(lambda seen: staff.create(command, seen), key).body["appointment"]
        return found

    def move(self, appointment: str, start: datetime, **more: Any) -> Row:
        """Staff move a visit."""
        body = {"appointmentId": appointment, "start": start.isoformat(), **more}
        command = staff.Reschedule.model_validate(body)
        found: Row = self.do(lambda seen: staff.reschedule(command, seen)).body["appointment"]
        return found

    def cancel(self, appointment: str) -> Row:
        """Staff call a visit off."""
        found: Row = self.do(lambda seen: cancel(appointment, seen)).body["appointment"]
        return found

    def close(self, rule: Callable[[Close, Context], Decision], appointment: str) -> Row:
        """Staff say how a visit ended."""
        command = Close(appointmentId=appointment)
        found: Row = self.do(lambda seen: rule(command, seen)).body["appointment"]
        return found

    def release(self, hold: str) -> Row:
        """The caller has rung off."""
        found: Row = self.do(lambda seen: holds.release(hold, seen)).body["hold"]
        return found

    def sweep(self, hold: str) -> bool:
        """The sweep looks at a hold."""
        done: bool = self.do(lambda seen: holds.expired(hold, seen)).body["expired"]
        return done

    def later(self, **how: float) -> World:
        """Time passes."""
        self.now += timedelta(**how)
        return self

    def holds(self) -> list[Row]:
        """All rows of holds."""
        return [each for each in self.db.rows(TABLE, self.org) if each["id"].startswith("hold#")]

    def owners(self) -> dict[str, set[str]]:
        """Who has each cell that is taken now, by lane and time."""
        moment = int(self.now.timestamp() * 1000)
        return {
            each["id"].removeprefix("cell#"): owners
            for each in self.db.rows(TABLE, self.org)
            if each["id"].startswith("cell#") and (owners := _owners(each, moment))
        }


def _owners(place: Row, moment: int) -> set[str]:
    return {
        place[use]
        for use in ("visit", "before", "after")
        if use in place and place.get(f"{use}_until", moment + 1) > moment
    }

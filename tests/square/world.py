"""A business that is connected with Square, in the database, without a network or a queue."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core.decision import Actor, Context
from closedloop.edge.apply import apply, by_itself
from closedloop.jobs import model as jobs
from closedloop.square import events, model
from closedloop.square.booking import Catalog, told
from closedloop.square.conflicts import ResolveConflict, resolve
from closedloop.square.events import Event
from closedloop.square.handlers import reconcile, schedule
from closedloop.square.runs import StartReconcile, start
from tests.bookings.support import settings, utc
from tests.square.seller import Seller, event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    import pytest

    from closedloop.core.decision import Decision, Reply
    from closedloop.core.rows import Row
    from tests.square.seller import Wire
    from tests.support.database import Database

NOW = utc("2026-06-01T12:00")
TEN = utc("2026-06-02T14:00")
"""Ten o'clock of the next day, by the clock of the garage in New York."""


@dataclass
class Queue:
    """The queue of the reconciliation, in memory: messages with their delays."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    delays: list[int] = field(default_factory=list)
    broken: bool = False

    def put(self, messages: Sequence[dict[str, Any]], delays: Sequence[int] = ()) -> list[int]:
        """As the real one: the positions of those not taken."""
        if self.broken:
            return list(range(len(messages)))
        self.messages += json.loads(json.dumps(messages))
        self.delays += [*delays, *[0] * (len(messages) - len(delays))]
        return []


@dataclass
class World:
    """One org, its seller, and a clock that tests set."""

    db: Database
    org: str
    now: datetime = NOW
    seller: Seller = field(init=False)
    queue: Queue = field(default_factory=Queue)
    numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.seller = Seller(lambda: self.now)

    def by_its_clock(self, monkeypatch: pytest.MonkeyPatch) -> World:
        """The code under test reads the time here; Square and the queue are in memory."""
        monkeypatch.setattr("closedloop.wiring.now", lambda: self.now)
        monkeypatch.setattr("closedloop.square.wiring.square", lambda _: self.seller)
        monkeypatch.setattr("closedloop.square.wiring.queue", lambda: self.queue)
        monkeypatch.setattr("closedloop.dynamo.transaction.time.sleep", lambda _: None)
        return self

    def open(self, **changes: Any) -> World:
        """With these settings, connected."""
        connection = {
            "id": "square",
            "merchant_id": f"merchant-{self.org}",
            "state": "connected",
            "connected_at": "2026-05-01T00:00:00.000Z",
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

    def knows_all(self) -> None:
        """As after a reconciliation of all that the seller has, but at once."""
        catalog = Catalog(self.seller.services, frozenset({"var-1"}))
        for each in self.seller.records.values():
            said = told(model.booking(each), "America/New_York", catalog)
            made = jobs.new(
                said.id,
                said.fields,
                created_by="reconciliation",
                square_version=said.version,
                square_hash=said.hash,
                square_updated_at=said.updated_at,
            )
            kept = {name: value for name, value in made.set.items() if value is not None}
            self.db.put(self.org, {"jobs": [{**kept, "id": said.id}]})

    def schedule(self) -> dict[str, Any]:
        """EventBridge calls."""
        called: dict[str, Any] = schedule.scheduler("reconcile_schedule")({})
        ours = [each for each in self.queue.messages if each["org_id"] == self.org]
        self.queue.messages = ours  # other tests' orgs are connected too
        return called

    def work(self, seconds: float = 300, most: int = 1000) -> list[dict[str, Any]]:
        """Work the queue off, each message for itself; those that come back are handed over."""
        back = []
        for _ in range(most):
            if not self.queue.messages:
                break
            message = self.queue.messages.pop(0)
            if self.receive(message, seconds)["batchItemFailures"]:
                back.append(message)
        return back

    def receive(self, message: dict[str, Any], seconds: float = 300) -> dict[str, Any]:
        """The worker gets one message, with so much time."""
        record = {"messageId": "m1", "body": json.dumps(message), "receiptHandle": "r1"}
        context = SimpleNamespace(
            aws_request_id="r", get_remaining_time_in_millis=lambda: seconds * 1000
        )
        return reconcile.worker("reconcile_org")({"Records": [record]}, context)

    def reconcile(self) -> Row:
        """The schedule's run, from the call to its end; its row."""
        self.schedule()
        assert self.work() == []
        return self.runs()[0]

    def start(self, **wish: Any) -> Row:
        """A manager asks for a run; the stream puts it into the queue."""
        command = StartReconcile.model_validate(wish)
        run: Row = self.press("start_reconcile", lambda seen: start(command, seen)).body["run"]
        (row,) = [each for each in self.runs() if each["id"] == f"run#{run['id']}"]
        self.queue.put([{"kind": "run", "org_id": self.org, "run": row["id"]}])
        return run

    def resolve(self, conflict: str, choice: str) -> Row:
        """Somebody of the staff chooses."""
        command = ResolveConflict.model_validate({"id": conflict, "choice": choice})
        reply = self.press("resolve_conflict", lambda seen: resolve(command, seen))
        found: Row = reply.body["conflict"]
        return found

    def press(self, action: str, rule: Callable[[Context], Decision]) -> Reply:
        """A button is pressed."""
        actor = Actor("user-1", "u@example.com", self.org, frozenset({"manager"}))
        return apply(Context(actor, action, f"key-{next(self.numbers)}", self.now), rule)

    def runs(self) -> list[Row]:
        """All runs, newest first."""
        rows = self.db.rows("reconcile", self.org)
        return [each for each in rows if each["id"].startswith("run#")][::-1]

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

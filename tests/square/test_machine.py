"""Square and the staff edit in any order; webhooks are lost, doubled, late; functions die.

Whatever happens, one reconciliation later every job has what Square has, every field of the staff's
has what the staff wrote last, no cell is anybody's who does not come, and a second run writes
nothing.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from closedloop.core.errors import ClosedLoopError
from closedloop.core.times import parse
from closedloop.jobs.model import STAFF_OWNED
from closedloop.square.booking import OFF
from closedloop.square.windows import Span
from tests.square.world import TEN, World
from tests.support.examples import freely
from tests.support.wire import TROUBLES, Killed, wire

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.square.seller import Wire
    from tests.support.database import Database

BOOKINGS = st.sampled_from(["b1", "b2"])
STATUSES = st.sampled_from(["PENDING", "ACCEPTED", "NO_SHOW", "CANCELLED_BY_CUSTOMER", "DECLINED"])
DAYS = TEN + timedelta(days=5)
STARTS = st.sampled_from([timedelta(hours=each) for each in (0, 1, 2, 24 * 40, -24 * 9)])
WAYS = st.sampled_from(["deliver", "lose", "double", "delay"])
CRASHES = st.none() | st.none() | st.tuples(st.integers(0, 6), st.sampled_from(TROUBLES))
STAFFS: dict[str, Any] = {
    "workStatus": st.sampled_from(["scheduled", "checked_in", "in_progress", "completed"]),
    "notes": st.sampled_from(["bumper off", "call first"]),
    "checklist": st.sampled_from([{"tech": [{"id": "t", "label": "x", "done": True}], "qc": []}]),
    "vehicleInfo": st.sampled_from([{"plate": "ABC"}, {"plate": "XYZ"}]),
    "payment": st.sampled_from([{"status": "paid"}]),
    "photosMeta": st.sampled_from([[{"id": "p1"}]]),
    "receiptPhotos": st.sampled_from([[{"id": "r1"}]]),
    "postCompletionIssue": st.sampled_from([{"description": "scratch"}]),
}
NAMES = st.just("workStatus") | st.sampled_from(sorted(STAFFS))
SAID = ("appointmentTime", "booking_status", "seller_note", "square_customer_id")
"""What is compared with Square, by the job's names."""


class Connection(RuleBasedStateMachine):
    """One seller, one org, two bookings."""

    db: Database
    monkeypatch: pytest.MonkeyPatch

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.db, f"org-{uuid4().hex[:12]}").by_its_clock(self.monkeypatch)
        self.world.open(resources=[{"id": "bay", "name": "Bay", "capacity": 3}])
        self.world.seller.named("var-1", "Wash")
        self.late: list[Wire] = []
        self.mine: dict[str, dict[str, Any]] = {}
        self.stopped: set[str] = set()
        """Bookings that Square has called off while they were worked on."""

    @initialize()
    def open(self) -> None:
        """Two visits are known."""
        for hour, booking in enumerate(("b1", "b2")):
            self.world.hear(self.world.seller.book(booking, DAYS + timedelta(hours=hour)))

    # ------------------------------------------------------------------ Square

    def tell(self, booking: Wire, how: str) -> None:
        """The webhook of a change goes one of these ways."""
        self.world.later(seconds=1)
        if how == "delay":
            self.late.append(booking)
        event = str(uuid4())
        for _ in range({"deliver": 1, "double": 2}.get(how, 0)):
            self.world.hear(booking, event)

    @rule(booking=BOOKINGS, start=STARTS, how=WAYS)
    def book_or_move(self, booking: str, start: timedelta, how: str) -> None:
        """A visit is booked, or moves."""
        seller = self.world.seller
        if booking not in seller.records:
            self.tell(seller.book(booking, DAYS + start), how)
            return
        moved = f"{DAYS + start:%Y-%m-%dT%H:%M:%SZ}"
        self.tell(seller.edit(booking, start_at=moved), how)

    @rule(booking=BOOKINGS, status=STATUSES, how=WAYS)
    def status(self, booking: str, status: str, how: str) -> None:
        """A visit is called off, missed, or on again."""
        if booking not in self.world.seller.records:
            return
        job: Any = {each["id"]: each for each in self.world.jobs()}.get(booking, {})
        begun = job.get("workStatus") not in {None, "scheduled", "cancelled"}
        if status not in OFF:
            self.stopped.discard(booking)
        elif begun and job["booking_status"] not in OFF:
            self.stopped.add(booking)
        self.tell(self.world.seller.edit(booking, status=status), how)

    @rule(booking=BOOKINGS, note=st.sampled_from(["a", "b"]), how=WAYS)
    def note(self, booking: str, note: str, how: str) -> None:
        """The seller notes something down."""
        if booking in self.world.seller.records:
            self.tell(self.world.seller.edit(booking, seller_note=note), how)

    @precondition(lambda self: self.late)
    @rule(newest=st.booleans())
    def arrives_late(self, *, newest: bool) -> None:
        """A notice that was on its way, in whatever order."""
        self.world.hear(self.late.pop(-1 if newest else 0))

    # ------------------------------------------------------------------ the staff

    @rule(booking=BOOKINGS, name=NAMES, data=st.data())
    def staff(self, booking: str, name: str, data: st.DataObject) -> None:
        """Somebody works on a job."""
        jobs = {each["id"]: each for each in self.world.jobs()}
        if booking in jobs:
            value = data.draw(STAFFS[name])
            self.world.staff(booking, **{name: value})
            self.mine.setdefault(booking, {})[name] = value
            if value == "scheduled":
                self.stopped.discard(booking)

    # ------------------------------------------------------------------ reconciliation

    @rule(crash=CRASHES, minutes=st.sampled_from([1, 10, 60 * 25]))
    def run(self, crash: tuple[int, str] | None, minutes: int) -> None:
        """The schedule's run, broken at one request; the queue hands the message over again."""
        self.world.later(minutes=minutes)
        self.world.schedule()
        for message in list(self.world.queue.messages):
            self.broken(lambda: self.world.receive(message), crash)  # noqa: B023 - called at once
        self.world.work()

    @staticmethod
    def broken(step: Callable[[], object], crash: tuple[int, str] | None) -> None:
        """A step with trouble at one of its requests."""
        if crash is None:
            return
        with wire() as watched, suppress(Killed, ClosedLoopError):
            watched.break_at(*crash)
            step()

    # ------------------------------------------------------------------ what must hold

    def teardown(self) -> None:
        """Nothing more happens; one run later all is as it must be, and the next writes nothing."""
        world = self.world
        world.later(minutes=10).reconcile()
        self.jobs_are_as_square_has_them()
        self.the_staffs_is_the_staffs()
        self.cells_are_of_those_who_come()
        before = (world.jobs(), world.db.audit(world.org), world.conflicts(None))
        run = world.later(minutes=10).reconcile()
        assert (world.jobs(), world.db.audit(world.org), world.conflicts(None)) == before
        assert (run["created"], run["updated"], run["conflicts"]) == (0, 0, 0)

    def jobs_are_as_square_has_them(self) -> None:
        """Each booking that is near has its job; a field differs only where a conflict says so."""
        jobs = {each["id"]: each for each in self.world.jobs()}
        near = Span.around(self.world.now)
        for booking_id, booking in self.world.seller.records.items():
            if not near.start <= parse(booking["start_at"]) < near.end:
                continue
            job, said = jobs[booking_id], (
                booking["start_at"], booking["status"], booking.get("seller_note"), None,
            )  # fmt: skip
            for name, value in zip(SAID, said, strict=True):
                disputed = name in job.get("conflicts", ())
                assert disputed or job.get(name) == value, (booking_id, name)
            assert set(job.get("conflicts", ())) <= {"booking_status", "place"}
            assert job["square_version"] == booking["version"]
        for booking_id in self.stopped:
            assert "booking_status" in jobs[booking_id].get("conflicts", ()), booking_id

    def the_staffs_is_the_staffs(self) -> None:
        """As last written; only work that had not begun is called off with its booking."""
        for job in self.world.jobs():
            for name in STAFF_OWNED:
                mine = self.mine.get(job["id"], {})
                if name not in mine:
                    continue
                off = name == "workStatus" and mine[name] == "scheduled"
                assert job[name] == mine[name] or (off and job[name] == "cancelled")

    def cells_are_of_those_who_come(self) -> None:
        """What is called off has no cells; what is to come has its own, or a conflict."""
        for job in self.world.jobs():
            off = job["booking_status"] in OFF or job["workStatus"] == "cancelled"
            cells = self.world.cells(job["id"])
            assert not off or cells == [], job["id"]
            comes = not off and job["end"] > f"{self.world.now:%Y-%m-%dT%H:%M:%SZ}"
            assert not comes or len(cells) == 4 or "place" in job.get("conflicts", ()), job["id"]


def test_square_and_staff_agree_in_the_end(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random histories of a connection."""
    monkeypatch.setattr("closedloop.square.handlers.window.AT_ONCE", 1)
    Connection.db, Connection.monkeypatch = db, monkeypatch
    run_state_machine_as_test(Connection, settings=settings(freely(20), stateful_step_count=15))

"""Callers, staff, sweep and time in any order, with crashes and clocks that disagree.

Whatever happens: an appointment has all its cells, nobody else has one of them, the gap between two
neighbours is the longer of the buffers that meet there, and nothing is taken for nobody.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from closedloop.bookings.cells import Stretch
from closedloop.core.errors import ClosedLoopError
from closedloop.voice.verifying import ATTEMPTS
from tests.bookings import callers
from tests.bookings.support import service
from tests.bookings.world import TEN, World
from tests.support.examples import freely
from tests.support.wire import TROUBLES, Killed, wire

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from closedloop.core.rows import Row
    from tests.support.database import Database

QUARTER = timedelta(minutes=15)
SKEWS = st.sampled_from([timedelta(), timedelta(minutes=10), timedelta(minutes=-10)])
"""How far a function's clock is off."""

CRASHES = st.none() | st.tuples(st.integers(0, 3), st.sampled_from(TROUBLES))
STARTS = st.integers(0, 5).map(lambda number: TEN + number * QUARTER)
LANES = st.sampled_from(["bay", "bay.2"])
SERVICES = st.sampled_from(["wash", "wax"])
GUESSES = st.sampled_from([0, 0, 1, 4])
CALLERS = st.sampled_from([1, 2, 3, 4])


class Calendar(RuleBasedStateMachine):
    """Everything that takes or frees a cell."""

    db: Database
    monkeypatch: pytest.MonkeyPatch
    touched = False
    held = Bundle("held")
    booked = Bundle("booked")

    def __init__(self) -> None:
        super().__init__()
        both = [service("wash", 30, 15, 60), service("wax", 60, 30, 0)]
        places = [{"id": "bay", "name": "Bay", "capacity": 2}]
        self.world = World(self.db, f"org-{uuid4().hex[:12]}").by_its_clock(self.monkeypatch)
        limits = {"holds_per_hour": 1000, "holds_per_phone": 10}
        self.world.open(
            services=both, resources=places, slot_minutes=15, limits=limits,
            sms_number=callers.OUR_NUMBER,
        )  # fmt: skip

    def attempt(
        self, act: Callable[[str], Row], skew: timedelta, crash: tuple[int, str] | None
    ) -> str | None:
        """Do it by a clock that is off, broken at one request; then the caller asks again."""
        self.touched = True
        key, true = str(uuid4()), self.world.now
        self.world.now = true + skew
        try:
            if crash is not None:
                with wire() as watched:
                    watched.break_at(*crash)
                    self.once(act, key)
            return self.once(act, key)
        finally:
            self.world.now = true

    @staticmethod
    def once(act: Callable[[str], Row], key: str) -> str | None:
        """The id of what was done, None where it was refused or died."""
        try:
            return str(act(key)["id"])
        except (ClosedLoopError, Killed):
            return None

    @rule(target=held, start=STARTS, lane=LANES, what=SERVICES, caller=CALLERS, skew=SKEWS,
          crash=CRASHES)  # fmt: skip
    def reserve(self, start: Any, lane: str, what: str, caller: int, skew: Any, crash: Any) -> Any:
        """A caller holds a slot."""
        made = self.attempt(
            lambda key: callers.ask(self.world, start, lane, caller=caller, service=what, key=key),
            skew,
            crash,
        )
        return made or multiple()

    @rule(target=booked, hold=held, guesses=GUESSES, skew=SKEWS, crash=CRASHES)
    def verify(self, hold: str, guesses: int, skew: Any, crash: Any) -> Any:
        """A caller gets a code if there is none, and reads it out, some wrong ones before it."""
        kept = callers.code_of(self.world, hold)
        if kept is None:
            self.attempt(lambda key: callers.send(self.world, hold, key), skew, None)
            kept = callers.code_of(self.world, hold)
        wrong, code = callers.read_out(kept, right=False), callers.read_out(kept)
        for _ in range(guesses):
            assert not self.attempt(lambda key: self.proved(hold, wrong, key), skew, None)
        made = self.attempt(lambda key: self.proved(hold, code, key), skew, crash)
        assert not made or guesses < ATTEMPTS
        return made or multiple()

    @rule(target=booked, start=STARTS, lane=LANES, what=SERVICES, caller=CALLERS, skew=SKEWS,
          crash=CRASHES)  # fmt: skip
    def call(self, start: Any, lane: str, what: str, caller: int, skew: Any, crash: Any) -> Any:
        """A whole call: hold, code, appointment."""
        hold = self.reserve(start, lane, what, caller, skew, None)
        return self.verify(hold, 0, skew, crash) if isinstance(hold, str) else multiple()

    def proved(self, hold: str, code: str, key: str) -> Row:
        """The appointment that a code makes of a hold; one without an id where it makes none."""
        return callers.prove(self.world, hold, code, key) or {"id": ""}

    @rule(hold=held, skew=SKEWS, crash=CRASHES)
    def release(self, hold: str, skew: Any, crash: Any) -> None:
        """A caller gives its slot back."""
        self.attempt(lambda _: self.world.release(hold), skew, crash)

    @rule(hold=held, skew=SKEWS, crash=CRASHES)
    def sweep(self, hold: str, skew: Any, crash: Any) -> None:
        """The schedule looks at a hold."""
        self.attempt(lambda _: {"id": self.world.sweep(hold)}, skew, crash)

    @rule(target=booked, start=STARTS, what=SERVICES, skew=SKEWS, crash=CRASHES)
    def staff(self, start: Any, what: str, skew: Any, crash: Any) -> Any:
        """Staff book any bay."""
        made = self.attempt(
            lambda key: self.world.create(start, key=key, serviceId=what), skew, crash
        )
        return made or multiple()

    @rule(appointment=booked, start=STARTS, skew=SKEWS, crash=CRASHES)
    def move(self, appointment: str, start: Any, skew: Any, crash: Any) -> None:
        """Staff move a visit."""
        self.attempt(lambda _: self.world.move(appointment, start), skew, crash)

    @rule(appointment=booked, skew=SKEWS, crash=CRASHES)
    def cancel(self, appointment: str, skew: Any, crash: Any) -> None:
        """Staff, or the customer by text, call a visit off."""
        self.attempt(lambda _: self.world.cancel(appointment), skew, crash)

    @rule(minutes=st.sampled_from([1, 8, 15]))
    def time_passes(self, minutes: int) -> None:
        """Holds lapse."""
        self.world.later(minutes=minutes)

    @invariant()
    def all_is_well(self) -> None:
        """After each step that could have written anything."""
        if self.touched:
            rows = self.db.rows("appointments", self.world.org)
            self.every_visit_has_its_cells_and_nobody_elses(rows)
            self.a_code_books_once_and_is_guessed_thrice(rows)
            self.touched = False

    def every_visit_has_its_cells_and_nobody_elses(self, rows: list[Row]) -> None:
        """What is taken for good is exactly what the live appointments take."""
        live = {row["id"]: stretch(row) for row in rows if row["status"] == "confirmed"}
        meant = {
            (cell, use, owner) for owner, each in live.items() for cell, use in each.uses().items()
        }
        assert taken_for_good(self.world) == meant
        assert all(apart(one, two) for one in live.values() for two in live.values())

    def a_code_books_once_and_is_guessed_thrice(self, rows: list[Row]) -> None:
        """Who came by voice has used a code; of none was a fourth guess looked at."""
        kept = {row["id"]: row for row in self.db.rows("codes", self.world.org)}
        proved = {row["id"] for row in rows if row.get("source") == "voice"}
        assert {each for each, row in kept.items() if "used_at" in row} == proved
        assert all(row["attempts"] <= ATTEMPTS for row in kept.values())

    def teardown(self) -> None:
        """Once all holds have lapsed and were swept, only visits are left."""
        self.world.later(hours=2)
        for hold in self.world.holds():
            self.world.sweep(hold["id"].removeprefix("hold#"))
        kept = {owner for _, _, owner in taken_for_good(self.world)}
        left = set().union(*self.world.owners().values())
        assert left == kept
        assert {each["hold_status"] for each in self.world.holds()} <= {
            "converted", "released", "expired",
        }  # fmt: skip


def stretch(row: Row) -> Stretch:
    """What an appointment takes."""
    found = Stretch.stored(row)
    assert found is not None
    return found


def taken_for_good(world: World) -> set[tuple[str, str, str]]:
    """Cell, use and owner of all that never lapses."""
    return {
        (row["id"], use, row[use])
        for row in world.db.rows("appointment_holds", world.org)
        for use in ("visit", "before", "after")
        if row["id"].startswith("cell#") and use in row and f"{use}_until" not in row
    }


def apart(one: Stretch, two: Stretch) -> bool:
    """Whether two visits keep the longer of the buffers that meet between them."""
    if one is two or one.lane != two.lane:
        return True
    first, second = sorted((one, two), key=lambda each: each.first)
    gap = second.first - (first.first + first.length)
    return gap >= max(first.after, second.before)


def test_the_calendar_holds(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random histories of bookings."""
    callers.listen(monkeypatch)
    monkeypatch.setattr("closedloop.dynamo.transaction.time.sleep", lambda _: None)
    Calendar.db, Calendar.monkeypatch = db, monkeypatch
    run_state_machine_as_test(
        Calendar,
        settings=settings(freely(12), stateful_step_count=24),
    )

"""Whatever happens in whatever order: at most one text for each attempt, none lost, STOP honoured.

Presses, streams, queues, receives without a worker, crashes, callbacks, look-ups and STOP come as
they like. At the end
everything is let run out, and each text must have come to an end that somebody sees.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.support import wire as trouble
from tests.support.examples import freely
from tests.support.wire import Killed, wire
from tests.texts.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.database import Database

MODES = st.sampled_from(
    ["accept", "accept", "hang", "lose", "refuse", "full", "reject", "kill before", "kill after"]
)
STATUSES = ("queued", "sent", "delivered", "undelivered", "failed")
_ALIKE = "Hi Ana"
ENDS = {"delivered", "undelivered", "failed"}


class Texts(RuleBasedStateMachine):
    """One org with one lead."""

    db: Database

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.world = World(self.db, self.patch, f"org-{uuid4().hex[:12]}")
        self.world.set(
            quiet_hours={"from": "00:00", "to": "00:00"}, templates={"news": "News {number}"}
        )
        self.keys: list[str] = []
        self.campaigns = 0
        self.alike = False
        self.accepted: dict[str, None] = {}
        self.marks: set[str] = set()

    @initialize(number=st.integers(1, 3))
    def begin(self, number: int) -> None:
        """Some texts are under way from the start."""
        for _ in range(number):
            self.press(alike=False, told=True)

    @rule(alike=st.booleans(), told=st.booleans())
    def press(self, *, alike: bool, told: bool) -> None:
        """A text is asked for; accepted means kept, also when the answer says 503."""
        words = _ALIKE if alike else f"Text {len(self.keys)}"
        key = f"press-{len(self.keys):030}"
        self._keep(self.world.press(words, key))
        self.alike |= alike
        self.keys.append(key + words)
        if told:
            self.world.dispatch()

    @rule(which=st.integers(0, 20))
    def press_again(self, which: int) -> None:
        """The same press comes once more."""
        if self.keys:
            key = self.keys[which % len(self.keys)]
            self._keep(self.world.press(key[36:], key[:36]))

    @rule()
    def campaign(self) -> None:
        """A marketing text, which has a queue of its own."""
        self.campaigns += 1
        variables = {"number": str(self.campaigns)}
        self._keep(self.world.press_template(templateId="news", variables=variables))
        self.world.dispatch()

    @precondition(lambda self: "outbox" in self.marks)
    @rule()
    def dispatch(self) -> None:
        """The stream tells what is ready, perhaps not for the first time."""
        self.world.dispatch()

    @precondition(lambda self: self.world.queue.messages)
    @rule(mode=MODES)
    def work(self, mode: str) -> None:
        """The worker takes the next message, however long that takes, and the call ends so."""
        self._wait_for_a_message()
        self.world.work(mode)

    @precondition(lambda self: self.world.queue.messages)
    @rule(times=st.integers(1, 5))
    def throttle(self, times: int) -> None:
        """Messages are received and no worker runs: the account's are all busy."""
        for _ in range(times):
            if self.world.queue.messages:
                self._wait_for_a_message()
                self.world.queue.receive()

    @precondition(lambda self: self.world.queue.messages)
    @rule(mode=MODES, at=st.integers(0, 4), before=st.booleans())
    def work_and_die(self, mode: str, at: int, *, before: bool) -> None:
        """The worker dies before or after one of its requests to the database."""
        self._wait_for_a_message()
        with wire() as watched:
            if before:
                watched.before[at] = trouble.kill
            else:
                watched.after[at] = trouble.kill
            self._unless_killed(lambda: self.world.work(mode))

    @precondition(lambda self: self.world.twilio.accepted)
    @rule(which=st.integers(0, 20), status=st.sampled_from(STATUSES))
    def report(self, which: int, status: str) -> None:
        """A callback, in any order, as often as it likes."""
        accepted = self.world.twilio.accepted
        assert self.world.report(accepted[which % len(accepted)], status) == 204

    @precondition(lambda self: self.world.twilio.accepted)
    @rule(which=st.integers(0, 20), status=st.sampled_from(STATUSES), after=st.booleans())
    def report_and_die(self, which: int, status: str, *, after: bool) -> None:
        """The callback's function dies; Twilio may or may not repeat it."""
        with wire() as watched:
            (watched.after if after else watched.before)[0] = trouble.kill
            self._unless_killed(lambda: self.report(which, status))

    @rule(seconds=st.sampled_from([1, 31, 90, 200, 700]))
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.world.later(seconds=seconds)

    @rule()
    def settle(self) -> None:
        """The minute's look at the work list."""
        self.world.settle()

    @precondition(lambda self: self.world.queue.dead)
    @rule()
    def bury(self) -> None:
        """The dead letters are looked at."""
        self.world.bury()

    @rule(word=st.sampled_from(["STOP", "Hello"]))
    def text(self, word: str) -> None:
        """The lead writes, and after a STOP soon thinks better of it."""
        stopped = self.world.twilio.stopped
        self.world.text("START" if stopped else word)
        self.world.twilio.stopped = not stopped and word == "STOP"

    @precondition(lambda self: "attention" in self.marks)
    @rule(which=st.integers(0, 20))
    def retry(self, which: int) -> None:
        """A manager sends one more time what failed, and what did not is refused."""
        rows = list(self.accepted)
        row = self.world.row(rows[which % len(rows)])
        answer = self.world.retry(row["id"])
        assert (answer.status == 200) == (row["status"] in {"failed", "undelivered"})
        self.world.dispatch()

    @invariant()
    def nothing_twice_and_nothing_after_stop(self) -> None:
        """Twilio has accepted no attempt twice and nothing for a number that sent STOP."""
        assert self.world.twilio.broken_rules == []

    @invariant()
    def nothing_without_work(self) -> None:
        """A text that is not at its end is on the work list; one that needs a person is shown."""
        rows = {row["id"]: row for row in self.world.rows() if row["category"] != "reply"}
        assert self.accepted.keys() <= rows.keys()
        self.marks = {name for row in rows.values() for name in row}
        for row in rows.values():
            assert ("work" in row) == (row["status"] not in ENDS), row
            shown = row["status"] in {"failed", "undelivered", "unknown"}
            assert ("attention" in row) == shown, row

    def teardown(self) -> None:
        """All trouble ends; everything that is under way comes to its end."""
        try:
            self._run_out()
        finally:
            self.world.close_breaker()
            self.patch.undo()

    def _run_out(self) -> None:
        world = self.world
        for _ in range(6):
            for message in world.twilio.accepted:
                message.status = "delivered"
            world.dispatch()
            world.work_off()
            world.bury()
            world.later(minutes=17)
            world.settle()
        self.nothing_twice_and_nothing_after_stop()
        self.nothing_without_work()
        if not self.alike:
            # Like texts may be taken for each other: then one that is there counts as lost.
            assert world.spent() == len(world.twilio.accepted)
        taken = {each.attempt for each in world.twilio.accepted}
        rows = [world.row(each) for each in self.accepted]
        assert {row["status"] for row in rows} <= ENDS, rows
        messages = {each.sid: each for each in world.twilio.accepted}
        linked = [row for row in rows if "vendor_id" in row]
        assert len({row["vendor_id"] for row in linked}) == len(linked), rows
        assert len(linked) >= sum((row["id"], str(row["attempt"])) in taken for row in rows), rows
        for row in linked:
            message = messages[row["vendor_id"]]
            assert message.body == row["message"]
            # Like texts of one moment may be taken for each other; others never.
            assert message.attempt[0] == row["id"] or row["message"] == _ALIKE, row

    def _wait_for_a_message(self) -> None:
        next_at = min(each.visible_at for each in self.world.queue.messages)
        self.world.at = max(self.world.at, next_at)

    def _keep(self, answer: Any) -> None:
        if "sms" in answer.json and answer.status in {200, 503}:
            self.accepted.setdefault(answer.json["sms"]["id"])

    @staticmethod
    def _unless_killed(step: Callable[[], object]) -> None:
        try:
            step()
        except Killed:
            return


def test_every_order_of_events(db: Database) -> None:
    """So many worlds of thirty steps (TEXT_WORLDS makes it more), and each of them ends well."""
    machine = type("Machine", (Texts,), {"db": db})
    run_state_machine_as_test(
        machine,
        settings=settings(freely(int(os.environ.get("TEXT_WORLDS", "4"))), stateful_step_count=30),
    )

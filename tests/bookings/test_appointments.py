"""The rule of confirming, without any database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closedloop.bookings.appointments import ConfirmBooking, confirm
from closedloop.core.decision import Actor, Context
from closedloop.core.errors import ClosedLoopError, NotFoundError
from closedloop.core.writes import Change

ACTOR = Actor("u1", "u1@example.com", "demo", frozenset({"staff"}))
COMMAND = ConfirmBooking(appointmentId="apt_1")
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
STATUSES = ("pending", "confirmed", "cancelled", "completed", "no_show")


def context(now: datetime, **row: object) -> Context:
    """The rule's context, with the appointment as it is if a row is given."""
    seen = {("appointments", "apt_1"): {"id": "apt_1", **row}} if row else {}
    return Context(ACTOR, "confirm_booking", "key-12345", now, seen)


@given(now=TIMES)
def test_it_assumes_a_pending_appointment(now: datetime) -> None:
    """Unseen, the appointment is taken as pending and the write says so."""
    (change,) = confirm(COMMAND, context(now)).writes
    assert isinstance(change, Change)
    assert change.assume == {"status": "pending"}
    assert change.set["status"] == "confirmed"


@given(now=TIMES, version=st.integers(1, 10**17), status=st.sampled_from(STATUSES))
def test_seen_it_confirms_a_pending_one_alone(now: datetime, version: int, status: str) -> None:
    """A row that is shown decides: pending is confirmed above its version, all else refused."""
    known = context(now, status=status, version=version)
    if status == "pending":
        reply = confirm(COMMAND, known).reply.body["appointment"]
        assert reply["version"] > version
    else:
        with pytest.raises(ClosedLoopError) as refused:
            confirm(COMMAND, known)
        assert refused.value.body["appointment"]["status"] == status


def test_a_row_that_is_not_there_is_not_found() -> None:
    """Looked for and absent is a refusal, not an assumption."""
    absent = Context(
        ACTOR, "confirm_booking", "key-12345", datetime.now(UTC), {("appointments", "apt_1"): None}
    )
    with pytest.raises(NotFoundError):
        confirm(COMMAND, absent)


@given(first=TIMES, second=TIMES)
def test_a_later_decision_has_a_later_version(first: datetime, second: datetime) -> None:
    """Versions follow the clock, and a row that was seen pushes them above its own."""
    one = context(first).version
    after = context(second, status="pending", version=one).version
    assert after > one
    assert after >= context(second).version


def test_an_id_belongs_to_one_press() -> None:
    """The id of a new row follows from org, action, user and key, and from each of them."""
    base = context(datetime.now(UTC))
    other = Context(ACTOR, "confirm_booking", "key-54321", base.now)
    assert base.new_id("call") == context(datetime.now(UTC)).new_id("call")
    assert len({base.new_id("call"), base.new_id("sms"), other.new_id("call")}) == 3


def test_who_agreed_may_be_named() -> None:
    """`confirmedBy` is kept on the row; without it, it is the one who pressed."""
    named = ConfirmBooking(appointmentId="apt_1", confirmedBy="Dana")
    now = context(datetime.now(UTC))
    assert confirm(named, now).reply.body["appointment"]["confirmed_by"] == "Dana"
    assert confirm(COMMAND, now).reply.body["appointment"]["confirmed_by"] == "u1"


@pytest.mark.parametrize(("notes", "kept"), [("Two cars.", {"Two cars."}), (None, set())])
def test_notes_are_kept_where_there_are_any(notes: str | None, kept: set[str]) -> None:
    """Without notes the row's own stay as they are: the field is not named at all."""
    command = ConfirmBooking(appointmentId="apt_1", notes=notes)
    (change,) = confirm(command, context(datetime.now(UTC))).writes
    assert isinstance(change, Change)
    assert {text for name, text in change.set.items() if name == "confirmation_notes"} == kept
    assert ("confirmation_notes" in change.set) == bool(kept)

"""How an appointment ends, as the rules decide it: called off, completed or missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.bookings.appointments import (
    Cancel,
    Close,
    cancel,
    cancel_booking,
    complete,
    no_show,
    refuse_unless_live,
)
from closedloop.bookings.errors import AppointmentCancelledError, AppointmentOverError
from closedloop.core.decision import Actor, Context, NeedsError
from closedloop.core.errors import NotFoundError
from closedloop.core.times import to_second
from closedloop.core.writes import Change, Free

if TYPE_CHECKING:
    from closedloop.core.errors import ClosedLoopError

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
APPOINTMENT = ("appointments", "apt_1")
CLOSE = Close(appointmentId="apt_1")
CELLS = {"lane": "bay/1", "shape": [1, 2, 0], "start": "2026-11-20T15:00:00Z"}


def context(row: dict[str, Any] | None, **seen: Any) -> Context:
    """The rule's context, with the appointment as it is."""
    actor = Actor("u1", "u1@example.com", "demo", frozenset({"staff"}))
    known = {APPOINTMENT: row and {"id": "apt_1", "version": 7, **row}}
    places = {("appointment_holds", name): place for name, place in seen.items()}
    return Context(actor, "act", "key-12345", NOW, {**known, **places})


@pytest.mark.parametrize("status", ["pending", "confirmed"])
@pytest.mark.parametrize("reason", [None, "", "Rain."])
def test_what_is_agreed_or_asked_for_can_be_called_off(status: str, reason: str | None) -> None:
    """By whom, when and why if that was said, while the row is as it was seen."""
    seen = context({"status": status})
    decided = cancel_booking(Cancel(appointmentId="apt_1", reason=reason), seen)
    fields: dict[str, Any] = {
        "status": "cancelled", "cancelled_at": seen.timestamp, "cancelled_by": "u1",
    }  # fmt: skip
    fields |= {} if reason is None else {"cancellation_reason": reason}
    assert decided.writes == (Change(*APPOINTMENT, fields, {"version": 7}),)
    assert decided.reply.body["appointment"] == {"id": "apt_1", **fields, "version": seen.version}


def test_calling_off_gives_the_cells_back() -> None:
    """Its own, with their buffers, and none that was seen to be another's by now."""
    before, first, second = (
        f"cell#bay/1#2026-11-20T{at}:00Z" for at in ("14:45", "15:00", "15:15")
    )
    row = {"status": "confirmed", **CELLS}
    frees = cancel("apt_1", context(row)).writes[1:]
    assert frees == (
        Free(before, "apt_1", ("before",)),
        Free(first, "apt_1", ("visit",)),
        Free(second, "apt_1", ("visit",)),
    )
    lost = {first: {"visit": "apt_2"}, second: {"visit": "apt_1"}, before: None}
    (kept,) = cancel("apt_1", context(row, **lost)).writes[1:]
    assert kept == Free(second, "apt_1", ("visit",))


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        ("cancelled", AppointmentCancelledError),
        ("completed", AppointmentOverError),
        ("no_show", AppointmentOverError),
    ],
)
def test_what_is_over_cannot_be_called_off(status: str, refusal: type[ClosedLoopError]) -> None:
    """Cancelled before, held, or nobody came: refused with the row as it is."""
    with pytest.raises(refusal) as refused:
        cancel("apt_1", context({"status": status}))
    assert type(refused.value) is refusal
    assert refused.value.body["appointment"]["status"] == status


def test_what_is_to_come_may_be_changed() -> None:
    """Pending or confirmed, and the refusal says what could not be done."""
    for status in ("pending", "confirmed"):
        refuse_unless_live({"status": status}, "moved")
    with pytest.raises(AppointmentOverError, match="is completed and cannot be moved"):
        refuse_unless_live({"status": "completed"}, "moved")


@pytest.mark.parametrize(
    ("end", "status", "begins", "fields"),
    [
        (complete, "confirmed", timedelta(hours=1), ("completed", "completed_at", "completed_by")),
        (complete, "no_show", timedelta(hours=-1), ("completed", "completed_at", "completed_by")),
        (no_show, "pending", timedelta(0), ("no_show", "no_show_at", "no_show_by")),
        (no_show, "completed", timedelta(hours=-1), ("no_show", "no_show_at", "no_show_by")),
    ],
)
def test_a_visit_ends_once_it_could_have_begun(
    end: Any, status: str, begins: timedelta, fields: tuple[str, str, str]
) -> None:
    """Completed up to an hour early, missed from its very start on; each puts the other right."""
    seen = context({"status": status, "start": to_second(NOW + begins)})
    decided = end(CLOSE, seen)
    word, moment, who = fields
    ended = {"status": word, moment: seen.timestamp, who: "u1"}
    assert decided.writes == (Change(*APPOINTMENT, ended, {"version": 7}),)
    shown = {"id": "apt_1", **ended, "version": seen.version}
    assert decided.reply.body == {"appointment": shown}


@pytest.mark.parametrize(
    ("end", "status", "begins", "sentence"),
    [
        (complete, "confirmed", timedelta(hours=1, seconds=1), "has not begun"),
        (complete, "completed", timedelta(0), "is completed already"),
        (no_show, "confirmed", timedelta(seconds=1), "cannot be no-show"),
        (no_show, "no_show", timedelta(0), "is no-show already"),
    ],
)
def test_a_visit_that_cannot_have_been(
    end: Any, status: str, begins: timedelta, sentence: str
) -> None:
    """Too early, or said before: refused with the row as it is."""
    with pytest.raises(AppointmentOverError, match=sentence) as refused:
        end(CLOSE, context({"status": status, "start": to_second(NOW + begins)}))
    assert refused.value.body["appointment"]["status"] == status


@pytest.mark.parametrize("end", [complete, no_show])
def test_a_visit_that_was_called_off_has_no_other_end(end: Any) -> None:
    """Whenever it was to be."""
    with pytest.raises(AppointmentCancelledError):
        end(CLOSE, context({"status": "cancelled", "start": to_second(NOW)}))


@pytest.mark.parametrize("end", [complete, no_show, lambda _, seen: cancel("apt_1", seen)])
def test_an_end_needs_the_row(end: Any) -> None:
    """It is read first; an appointment that is not there is a refusal."""
    with pytest.raises(NotFoundError):
        end(CLOSE, context(None))
    unseen = Context(context(None).actor, "act", "key-12345", NOW)
    with pytest.raises(NeedsError) as needs:
        end(CLOSE, unseen)
    assert needs.value.wants == (APPOINTMENT,)

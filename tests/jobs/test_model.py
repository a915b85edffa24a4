"""A job's fields: whose each is, and what a new one has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from closedloop.jobs import model

if TYPE_CHECKING:
    from closedloop.jobs.rows import Segment

BOOKING = {
    "appointmentTime": "2026-11-21T16:00:00Z",
    "serviceType": "Full detail",
    "booking_status": "ACCEPTED",
    "segments": [{"duration_minutes": 60}],
    "time_zone": "America/Chicago",
}


def test_no_field_has_two_owners() -> None:
    """Staff, Square and the sync write lists of fields that have nothing in common."""
    lists = (model.STAFF_OWNED, model.FROM_SQUARE, model.OF_THE_SYNC)
    names = [name for each in lists for name in each]
    assert len(names) == len(set(names))


def test_a_new_job_remembers_what_square_said() -> None:
    """`square` holds the same values as the job's own fields: nobody has changed any yet."""
    made = model.new("b1", BOOKING, created_by="webhook", square_version=0, square_hash="h").set
    assert made["square"] == {name: made[name] for name in BOOKING}
    assert (made["start"], made["end"]) == ("2026-11-21T16:00:00Z", "2026-11-21T17:00:00Z")
    assert made["workStatus"] == "scheduled"


@pytest.mark.parametrize("name", model.STAFF_OWNED)
def test_a_booking_cannot_name_what_the_staff_own(name: str) -> None:
    """A new job takes nothing of the staff's from Square."""
    with pytest.raises(ValueError, match=name):
        model.new(
            "b1", {**BOOKING, name: "x"}, created_by="webhook", square_version=1, square_hash="h"
        )


def test_the_gaps_between_the_parts_belong_to_the_visit() -> None:
    """30 minutes, a gap of 15 and 45 minutes more end 90 minutes after the start."""
    parts: list[Segment] = [
        {"duration_minutes": 30, "intermission_minutes": 15},
        {"duration_minutes": 45},
    ]
    assert model.span("2026-11-21T10:00:00Z", parts)["end"] == "2026-11-21T11:30:00Z"

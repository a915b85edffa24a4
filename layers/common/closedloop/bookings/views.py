"""Appointments as the screens ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field
from typing_extensions import TypeAliasType, TypedDict

from closedloop.core.command import EARLIEST, LATEST, Moment
from closedloop.core.cursors import ChangeCursor
from closedloop.core.query import Paged, listed, whole_seconds
from closedloop.core.rows import public

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.bookings.rows import Appointment
    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads
    from closedloop.core.rows import Row
    from closedloop.core.values import PageCursor, SyncCursor


AppointmentStatus = TypeAliasType(
    "AppointmentStatus", Literal["pending", "confirmed", "cancelled", "completed", "no_show"]
)


class Appointments(Paged):
    """Appointments by time: `from` (included) to `to` (not included), both ISO 8601 with zone."""

    start: Moment | None = Field(None, alias="from")
    end: Moment | None = Field(None, alias="to")
    status: AppointmentStatus | None = None


class AppointmentList(TypedDict):
    """A page of appointments."""

    appointments: list[Appointment]
    cursor: PageCursor | None
    """Null at the end."""
    as_of: SyncCursor
    """Every change up to here is in the rows."""


def appointments(
    question: Appointments, actor: Actor, reads: Reads, now: datetime
) -> AppointmentList:
    """The org's appointments, earliest first, each as it is now.

    Raises:
        ValidationFailedError: `to` is not after `from`, or the cursor is of another list.
    """
    first, last = whole_seconds(question.start or EARLIEST, question.end or LATEST)

    def load(keys: list[Row]) -> list[Row]:
        rows = reads.rows("appointments", actor.org_id, [key["id"] for key in keys])
        return [row for row in rows if question.status in {None, row.get("status")}]

    found, cursor = listed(
        question,
        "start",
        actor.org_id,
        lambda limit, after: reads.page(
            "appointments",
            "by_start",
            actor.org_id,
            ("start", first, last),
            limit=limit,
            after=after,
        ),
        load,
    )
    return {
        "appointments": [public(row) for row in found],
        "cursor": cursor,
        "as_of": str(ChangeCursor.at(now)),
    }

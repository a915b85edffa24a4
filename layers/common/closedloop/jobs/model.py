"""A job's fields: whose each is, what a new job has, how its work moves.

Two hands write a job. The staff own what they do (`STAFF_OWNED`): no value from Square ever
replaces it. Square owns the booking (`FROM_SQUARE`): for each of these fields `square` keeps
the last value that Square gave, so that a later one replaces ours only where ours still equals it.
Each side builds its updates from its own list, so neither can name a field of the other.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from closedloop.core.times import parse, to_second
from closedloop.core.writes import Create

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from closedloop.core.decision import Context
    from closedloop.core.rows import Row
    from closedloop.jobs.rows import Checklist, CustomerCached, Segment

TABLE = "jobs"

Status = Literal[
    "scheduled", "checked_in", "in_progress", "qc", "ready", "completed", "cancelled"
]  # fmt: skip

STAFF_OWNED = (
    "workStatus",
    "statusHistory",
    "checklist",
    "photosMeta",
    "receiptPhotos",
    "photo_uploads",
    "photo_removed",
    "postCompletionIssue",
    "payment",
    "vehicleInfo",
    "notes",
)
"""What people write. Square's side writes one of them in a single case: `moved` to `cancelled`,
when Square cancels a booking whose work has not begun (`workStatus` is still `scheduled`)."""

FROM_SQUARE = (
    "appointmentTime",
    "serviceType",
    "booking_status",
    "segments",
    "time_zone",
    "all_day",
    "transition_time_minutes",
    "location_id",
    "location_type",
    "address",
    "square_customer_id",
    "customer_note",
    "seller_note",
    "source",
)
"""What a booking says. `start` and `end` follow from two of them: see `span`."""

OF_THE_SYNC = ("square", "square_version", "square_hash", "square_updated_at", "customerCached")
"""What Square's side keeps for itself beside these: the last values by field, the version and
content hash of the booking that they are from, and the customer as of `cached_at`."""

PHOTO_LISTS = {"photo": "photosMeta", "receipt": "receiptPhotos"}
"""Where the photos of each kind are, once they were checked."""

SCHEDULED, CANCELLED, COMPLETED = "scheduled", "cancelled", "completed"

MOST_MOVES = 100
"""How many moves a row remembers; the audit log has all of them."""


def new(
    booking_id: str,
    booking: Mapping[str, Any],
    *,
    created_by: Literal["webhook", "reconciliation"],
    square_version: int,
    square_hash: str,
    square_updated_at: str | None = None,
    customer: CustomerCached | None = None,
    work_status: str = SCHEDULED,
    checklist: Checklist | None = None,
) -> Create:
    """A job that does not exist yet, keyed by its booking.

    `booking` has values for `FROM_SQUARE`; `appointmentTime`, `serviceType`, `booking_status`,
    `segments` and `time_zone` must be there, None is the same as absent. `work_status` is
    `cancelled` for a booking that Square had cancelled before we heard of it.

    Raises:
        ValueError: `booking` names a field that is not Square's.
    """
    if strange := set(booking) - set(FROM_SQUARE):
        raise ValueError(f"not from Square: {', '.join(sorted(strange))}")
    given = {name: value for name, value in booking.items() if value is not None}
    return Create(
        TABLE,
        booking_id,
        {
            "workStatus": work_status,
            "statusHistory": [],
            "checklist": checklist or {"tech": [], "qc": []},
            "photosMeta": [],
            "receiptPhotos": [],
            "createdBy": created_by,
            **given,
            **span(given["appointmentTime"], given["segments"]),
            "customerCached": customer,
            "square": given,
            "square_version": square_version,
            "square_hash": square_hash,
            "square_updated_at": square_updated_at,
        },
    )


def span(appointment_time: str, segments: Iterable[Segment]) -> dict[str, str]:
    """`start` and `end` of the work: all segments and the gaps after them, one after the other.

    The time that is kept free after the visit (`transition_time_minutes`) is no part of it.
    """
    start = parse(appointment_time)
    minutes = sum(
        int(part["duration_minutes"]) + int(part.get("intermission_minutes") or 0)
        for part in segments
    )
    return {"start": to_second(start), "end": to_second(start + timedelta(minutes=minutes))}


def moved(row: Row, to: str, context: Context) -> dict[str, Any]:
    """The fields of a job whose work moves on: its status, and the history with who and when."""
    by = context.actor.author
    entry = {"from": row["workStatus"], "to": to, "at": context.timestamp, "by": by}
    history = [*row.get("statusHistory", []), entry]
    return {"workStatus": to, "statusHistory": history[-MOST_MOVES:]}

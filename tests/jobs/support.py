"""Jobs for tests: rows as the table holds them, and the rule's context."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from closedloop.core.decision import Actor, Context
from closedloop.jobs import model

if TYPE_CHECKING:
    from closedloop.core.rows import Row

NOW = datetime(2026, 11, 21, 18, tzinfo=UTC)


def job(job_id: str = "job_1", start: str = "2026-11-21T16:00:00Z", **fields: Any) -> Row:
    """A job of an hour as the table holds it."""
    booking = {
        "appointmentTime": start,
        "serviceType": "Hand wash",
        "booking_status": "ACCEPTED",
        "segments": [{"duration_minutes": 60}],
        "time_zone": "America/Chicago",
    }
    made = model.new(job_id, booking, created_by="webhook", square_version=0, square_hash="h").set
    kept = {name: value for name, value in made.items() if value is not None}
    return {"id": job_id, **kept, **fields}


def context(row: Row | None = None, *, role: str = "staff", user: str = "u1") -> Context:
    """Who presses, with the job as it is."""
    actor = Actor(user, f"{user}@example.com", "demo", frozenset({role}))
    stamps = {"version": 5, "updated_at": "2026-11-21T10:00:00.000Z"}
    seen = {("jobs", row["id"]): {**stamps, **row}} if row else {}
    return Context(actor, "update_job", "key-12345", NOW, seen)

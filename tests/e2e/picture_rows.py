"""The day in the life of the demo's auto detailer that the pictures show: always the same one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from local.demo.rows import demo_rows
from local.people import PEOPLE

Row = dict[str, Any]

NOW = datetime(2026, 11, 24, 16, 20, tzinfo=UTC)
"""A Tuesday, 10:20 in Chicago."""
ORG = "demo"
OWNER, MANAGER = PEOPLE[0], PEOPLE[1]


def ago(**time: float) -> str:
    """So long before the pictures were taken."""
    return (NOW - timedelta(**time)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rows() -> dict[str, list[Row]]:
    """What the tables of the business hold, by table."""
    made = {
        table: [row for row in found if row["org_id"] == ORG]
        for table, found in demo_rows(NOW).items()
    }
    contacts, leads = made["contacts"], made["leads"]
    return made | {
        "calls": [_call(contacts[number], number) for number in range(3)],
        "sms_logs": [*_texts(contacts, "contacts"), *_texts(leads, "leads")],
        "appointment_holds": [_hold(made["appointments"])],
        "conflicts": _conflicts(made["jobs"]),
        "runs": [_run(number) for number in range(16)],
    }


def _stamps(row_id: str, at: str, version: int = 1) -> Row:
    by = {"id": MANAGER.id, "email": MANAGER.email}
    return {
        "id": row_id,
        "org_id": ORG,
        "version": version,
        "created_at": at,
        "updated_at": at,
        "updated_by": by,
    }


def _call(contact: Row, number: int) -> Row:
    reasons = ("Wants a price for the coat", "Asked about Saturday", "Left a card on the seat")
    return {
        **_stamps(f"call_{number}", ago(minutes=25 + 40 * number)),
        "contact_id": contact["id"],
        "status": "no_answer" if number == 1 else "requested",
        "status_changed_at": ago(minutes=8),
        "requested_by": MANAGER.id,
        "notes": reasons[number],
    }


_SAID: tuple[tuple[tuple[bool, str], ...], ...] = (
    (
        (True, "Hi, your full detail is booked for Wednesday at 9:00. C to confirm, X to cancel."),
        (False, "C"),
        (True, "Thank you, see you on Wednesday!"),
        (False, "Can I bring the second car as well? It only needs a wash."),
    ),
    ((True, "Your car is ready. We are open until 6."), (False, "Great, on my way")),
    ((False, "How much is a ceramic coat for a small SUV?"),),
    ((True, "We have a free bay on Friday at 2. Shall we keep it for you?"), (False, "Yes please")),
    ((True, "Your headlights look like new. Here is the photo that you asked for."),),
)


def _texts(people: list[Row], table: str) -> list[Row]:
    offset = 0 if table == "contacts" else 1
    return [
        _text(person, table, (thread, number), said[number], len(said) - number)
        for thread, said in enumerate(_SAID[offset::2])
        for person in (people[4 + thread * 3],)
        for number in range(len(said))
    ]


def _text(
    person: Row, table: str, place: tuple[int, int], said: tuple[bool, str], before: int
) -> Row:
    thread, number = place
    is_out, message = said
    at = ago(minutes=before * 7 + thread * 95)
    failed = is_out and message.startswith("Your headlights")
    return {
        **_stamps(f"sms_{table}_{thread}_{number}", at, 10 + number),
        "person_table": table,
        "person_id": person["id"],
        "message": message,
        "direction": "out" if is_out else "in",
        "status": ("failed" if failed else "delivered") if is_out else "received",
        "sent_at": at,
        "attempt": 1,
        "error": {"code": "30003", "reason": "The phone is switched off"} if failed else None,
    }


def _hold(appointments: list[Row]) -> Row:
    today = next(row for row in appointments if row["start"] > ago(minutes=0))
    start = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
    return {
        **_stamps("hold#1", ago(minutes=6)),
        "hold_status": "held",
        "slot_id": "1",
        "service_id": today["service_id"],
        "service_name": today["service_name"],
        "resource": "bay-2",
        "start": start.isoformat().replace("+00:00", "Z"),
        "end": (start + timedelta(hours=1)).isoformat().replace("+00:00", "Z"),
        "time_zone": "America/Chicago",
        "held_until": (NOW + timedelta(minutes=9)).isoformat().replace("+00:00", "Z"),
        "name": "Grace Nakamura",
    }


def _conflicts(jobs: list[Row]) -> list[Row]:
    begun, edited = jobs[0], jobs[-1]
    said = (
        (begun, "booking_status", "work_begun", "ACCEPTED", "CANCELLED_BY_CUSTOMER"),
        (edited, "appointmentTime", "edited", edited["start"], edited["end"]),
    )
    return [
        {
            **_stamps(f"{job['id']}:{field}", ago(minutes=12)),
            "job_id": job["id"],
            "field": field,
            "kind": kind,
            "state": "open",
            "ours": ours,
            "square": square,
            "met_at": ago(minutes=12),
        }
        for job, field, kind, ours, square in said
    ]


def _run(number: int) -> Row:
    held = number == 2
    scanned = 0 if held else 118 + number % 5
    return {
        **_stamps(f"run_{number:02}", ago(minutes=3 + 10 * number)),
        "status": "held" if held else "ok",
        "trigger": "staff" if number == 1 else "schedule",
        "window": {"from": "2026-11-14T06:00:00Z", "to": "2027-02-15T06:00:00Z"},
        "dry_run": False,
        "scanned": scanned,
        "created": (number * 7) % 3,
        "updated": (number * 5) % 7,
        "skipped": scanned,
        "conflicts": 1 if number % 6 == 1 else 0,
        "missed": 0,
        "errors": [],
        "duration_ms": 2100 + 90 * number,
        **({"held_for": "Square lists no booking where 12 jobs are."} if held else {}),
    }

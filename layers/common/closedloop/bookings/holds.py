"""Holds: a slot kept for a caller for a quarter of an hour, and what becomes of it.

A hold's cells, its caller's places and its own row are written in one transaction. Whether it has
lapsed is asked of the deciding clock; a clock that disagrees can refuse a caller, never give a
slot twice, for whoever books must still have every cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from closedloop.bookings import cells, reading
from closedloop.bookings.cells import TABLE, Stretch
from closedloop.bookings.errors import AlreadyBookedError, HoldExpiredError
from closedloop.core.decision import Decision, Reply
from closedloop.core.errors import NotFoundError
from closedloop.core.rows import public
from closedloop.core.times import iso, parse
from closedloop.core.writes import Change, Check, Create, Free, Take
from closedloop.people.matching import booked_contact

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.bookings.rows import Hold
    from closedloop.core.decision import Context
    from closedloop.core.rows import Row
    from closedloop.core.writes import Write

LASTS = timedelta(minutes=15)
WORK = "holds"
"""The part of the work list on which holds wait for their end."""

KEPT = timedelta(days=7)
"""How long the row of a hold can be looked at after its end."""


class Held(TypedDict):
    """A hold as it is now."""

    hold: Hold


def row_id(hold_id: str) -> str:
    """The id of a hold's row; a hold's own id is also that of the appointment it becomes."""
    return f"hold#{hold_id}"


def hold_id(row: Row) -> str:
    """The id of the hold that a row keeps."""
    return str(row["id"]).removeprefix("hold#")


def as_it_is(row: Row) -> Decision[Held]:
    """The answer of a hold that is there already; its key is remembered with it."""
    check = Check(TABLE, row["id"], {"hold_status": row["hold_status"]})
    return Decision((check,), Reply(Held(hold=shown(row))))


def shown(row: Row) -> Hold:
    """A hold as an answer shows it."""
    return {
        "id": hold_id(row),
        "slotId": row["slot_id"],
        "hold_status": row["hold_status"],
        "expiresAt": row["held_until"],
        "start": row["start"],
        "end": row["end"],
        "serviceId": row["service_id"],
        "resource": row["resource"],
    }


def is_live(hold: Row, now: datetime) -> bool:
    """Whether a hold keeps its slot at this moment. Its end is not part of it."""
    return hold["hold_status"] == "held" and parse(hold["held_until"]) > now


def live(hold_id: str, context: Context) -> Row:
    """A hold that still keeps its slot.

    Raises:
        HoldExpiredError: it has lapsed or was released; carries it.
        AlreadyBookedError: it has become an appointment, whose id is the hold's own.
        NotFoundError: there is no such hold in the org.
    """
    row = reading.look(context, TABLE, row_id(hold_id))
    if row is None:
        raise NotFoundError
    if row["hold_status"] == "converted":
        raise AlreadyBookedError(hold=shown(row))
    lost = any(
        not cells.has(hold_id, cell, use, context) for cell, use in _stretch(row).uses().items()
    )
    if lost or not is_live(row, context.now):
        raise HoldExpiredError(hold=shown(row))
    return row


def extended(hold: Row, until: datetime, context: Context) -> list[Write]:
    """Keeps a live hold's slot until then, if that is later: a code must not outlive its hold."""
    return _kept_until(hold, until, context) if until > parse(hold["held_until"]) else []


def shortened(hold: Row, until: datetime, context: Context) -> list[Write]:
    """Lets a live hold end then, if that is sooner: its caller has hung up."""
    return _kept_until(hold, until, context) if until < parse(hold["held_until"]) else []


def _kept_until(hold: Row, until: datetime, context: Context) -> list[Write]:
    owner, ends = hold_id(hold), milliseconds(until)
    forget_at = seconds(until + KEPT)
    return [
        Change(TABLE, hold["id"], ends_at(until), _as_seen(hold)),
        *cells.taken(_stretch(hold), owner, context, until=ends, held=True),
        *(
            Take(each, owner, forget_at, until=ends, held=True)
            for each in hold.get("claims", ())
            if cells.has(owner, each, "visit", context)
        ),
    ]


@dataclass(frozen=True, slots=True)
class Booked:
    """What makes a hold an appointment, and the appointment as an answer shows it."""

    writes: tuple[Write, ...]
    appointment: Row


def converted(hold_id: str, context: Context, *, confirmed_by: str) -> Booked:
    """Turn a live hold into a confirmed appointment, and its caller into a contact, all at once.

    The contact is the one with the hold's number, or a new one. To be written together with
    whatever proves the caller.

    Raises:
        HoldExpiredError, AlreadyBookedError, NotFoundError: as `live`.
    """
    hold = live(hold_id, context)
    contact = booked_contact(context, hold.get("phone"), hold.get("name"), source="phone")
    copied = ("service_id", "service_name", "start", "end", "time_zone", "resource", *_CELLS)
    fields = {
        **{name: hold[name] for name in copied},
        **contact.fields,
        "status": "confirmed",
        "confirmed_at": context.timestamp,
        "confirmed_by": confirmed_by,
        "hold_id": hold_id,
        "source": "voice",
    }
    over = {**_no_work(), "hold_status": "converted", "appointment_id": hold_id}
    rows: list[Write] = [
        Create("appointments", hold_id, fields),
        Change(TABLE, hold["id"], over, _as_seen(hold)),
        *contact.writes,
    ]
    takes = cells.taken(_stretch(hold), hold_id, context, held=True)
    writes = (*rows, *takes, *_unclaimed(hold, context), *contact.checks)
    appointment = public({"id": hold_id, **fields, "version": context.version})
    return Booked(writes, appointment)


def release(hold_id: str, context: Context, why: str = "released") -> Decision[Held]:
    """Give a hold's slot back; one that is over already stays as it is.

    Raises:
        NotFoundError: there is no such hold in the org.
    """
    row = reading.look(context, TABLE, row_id(hold_id))
    if row is None:
        raise NotFoundError
    if row["hold_status"] != "held":
        return as_it_is(row)
    left = released(row, context, why)
    writes = (*left, *cells.freed(_stretch(row), hold_id, context), *_unclaimed(row, context))
    over = row | {"hold_status": "released"}
    return Decision(writes, Reply(Held(hold=shown(over))))


def expired(hold_id: str, context: Context) -> Decision:
    """What the sweep does with a hold that has lapsed: say so, and free what it still has.

    Nothing waits for it: whoever wants the slot takes it from the moment on at which it lapsed.
    """
    row = reading.look(context, TABLE, row_id(hold_id))
    if row is None or row["hold_status"] != "held" or is_live(row, context.now):
        return Decision((), Reply({"expired": False}))
    over = Change(TABLE, row["id"], {**_no_work(), "hold_status": "expired"}, _as_seen(row))
    frees = (*cells.freed(_stretch(row), hold_id, context), *_unclaimed(row, context))
    return Decision((over, *frees), Reply({"expired": True}))


_CELLS = ("lane", "shape")


def released(row: Row, context: Context, why: str) -> list[Write]:
    """Ends a hold's row before its time; its cells are another matter."""
    fields = {"hold_status": "released", "released_at": context.timestamp, "released_for": why}
    return [Change(TABLE, row["id"], {**_no_work(), **fields}, _as_seen(row))]


def _as_seen(row: Row) -> Row:
    return {"hold_status": row["hold_status"], "held_until": row["held_until"]}


def _unclaimed(row: Row, context: Context) -> list[Write]:
    """Gives back the caller's places, but for those that have passed on."""
    owner = hold_id(row)
    places = [each for each in row.get("claims", ()) if cells.has(owner, each, "visit", context)]
    return [Free(each, owner) for each in places]


def _stretch(row: Row) -> Stretch:
    found = Stretch.stored(row)
    assert found is not None  # noqa: S101 - every hold has cells
    return found


def ends_at(until: datetime) -> Row:
    """When a hold lapses: for people, for the work list, and for TTL a week later."""
    return {
        "held_until": iso(until),
        "work": WORK,
        "work_at": iso(until),
        "expires_at": seconds(until + KEPT),
    }


def _no_work() -> Row:
    return {"work": None, "work_at": None}


def milliseconds(moment: datetime) -> int:
    """A moment as a place keeps it."""
    return int(moment.timestamp() * 1000)


def seconds(moment: datetime) -> int:
    """A moment as TTL reads it."""
    return int(moment.timestamp())

"""Whose number it is: the contact of a booking, found by phone or made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from closedloop.core.decision import Find
from closedloop.core.rows import gone
from closedloop.core.writes import ABSENT, Change, Check, Create

if TYPE_CHECKING:
    from closedloop.core.decision import Context
    from closedloop.core.rows import Row
    from closedloop.core.writes import Write

_IDS = UUID("0d6a2c54-7c0c-5a7b-9a0e-3c6d1f0f5b21")
_NAMESAKES = 5
"""How many rows with one number are looked at; more would be a mistake in an org's data."""


@dataclass(frozen=True, slots=True)
class Known:
    """The contact of a booking: what its appointment keeps of it, and what is written with it."""

    fields: Row
    writes: tuple[Write, ...] = ()
    checks: tuple[Write, ...] = ()


def id_of(org_id: str, phone: str, number: int = 0) -> str:
    """The id of the row that a number gets: one, however many hurry to make it.

    When that row has another number by now, the next one is taken.
    """
    mark = f"#{number}" if number else ""
    return str(uuid5(_IDS, f"{org_id}#contact#{phone}{mark}"))


def by_phone(table: str, phone: str) -> Find:
    """The question who has a number."""
    return Find(table, "by_phone", ("phone", phone, phone), limit=_NAMESAKES)


def with_phone(context: Context, table: str, phone: str) -> Row | None:
    """Who has this number now: the oldest, if there are several.

    Raises:
        NeedsError: asked again, with what the index and the rows say.
    """
    listed = context.find(by_phone(table, phone))
    rows = context.read(*((table, each["id"]) for each in listed))
    own = _seen_by_id(context, table, phone)
    having = [each for each in (*rows, own) if each and has(each, phone)]
    return min(having, key=lambda each: str(each["created_at"]), default=None)


def free_id(context: Context, table: str, phone: str) -> str:
    """The id of a new row for this number: two that are made at once have the same one."""
    for number in range(_NAMESAKES):
        found = id_of(context.actor.org_id, _of_table(table, phone), number)
        if not context.seen.get((table, found)):
            return found
    return context.new_id(table)


def has(row: Row, phone: str) -> bool:
    """Whether this is a living row with the number."""
    return not gone(row) and row.get("phone") == phone


def booked_contact(context: Context, phone: str | None, name: str | None, *, source: str) -> Known:
    """The contact with this number, now booked; made if there is none. Without a number, nobody."""
    if phone is None:
        return Known({"contact_name": name} if name else {})
    found = with_phone(context, "contacts", phone)
    if found:
        return booked(context, found)
    new = free_id(context, "contacts", phone)
    fields = {
        "name": name or phone, "phone": phone, "lead_status": "booked", "source": source,
        "lead_status_changed_at": context.timestamp,
    }  # fmt: skip
    made = Create("contacts", new, fields)
    return Known(_of_appointment({"id": new, **fields}), writes=(made,))


def booked(context: Context, contact: Row) -> Known:
    """A contact that is there: it counts as booked from now on, and must not be deleted."""
    fields = _of_appointment(contact)
    status = contact.get("lead_status")
    if status == "booked":
        return Known(fields, checks=(Check("contacts", contact["id"], {"deleted_at": ABSENT}),))
    moved = {"lead_status": "booked", "lead_status_changed_at": context.timestamp}
    assume = {"lead_status": ABSENT if status is None else status, "deleted_at": ABSENT}
    return Known(fields, writes=(Change("contacts", contact["id"], moved, assume),))


def _of_appointment(contact: Row) -> Row:
    fields = {"contact_id": contact["id"], "contact_name": contact.get("name")}
    phone = contact.get("phone")
    return fields | ({"contact_phone": phone} if phone else {})


def _seen_by_id(context: Context, table: str, phone: str) -> Row | None:
    """The row that somebody made a moment ago, which the index may not know yet."""
    for number in range(_NAMESAKES):
        key = (table, id_of(context.actor.org_id, _of_table(table, phone), number))
        row: Row | None = context.seen.get(key)
        if row and has(row, phone):
            return row
    return None


def _of_table(table: str, phone: str) -> str:
    return phone if table == "contacts" else f"{table}#{phone}"

"""What Square lists beside what we have, and when a list is not to be believed. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from closedloop.square.booking import OFF, content_hash
from closedloop.square.customer import stale

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from closedloop.core.rows import Row
    from closedloop.square.model import Booking

FEW, SHARE = 10, 5
"""A run that closes more than ten jobs and more than a fifth of a window's waits for a person."""

SOME = 5
"""A list without a booking is not believed where we have so many."""


class UnbelievableError(Exception):
    """What Square lists would change too much to be believed without a person. Says why."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What is to be done about a window.

    `changed` are bookings that are new, or not as we have them; `old_customers` bookings that are,
    but whose customer was read too long ago; `missing` ids of jobs that the list lacks.
    """

    changed: tuple[Booking, ...]
    old_customers: tuple[Booking, ...]
    missing: tuple[str, ...]
    unchanged: int


def compared(listed: Iterable[Booking], entries: Sequence[Row], now: datetime) -> Compared:
    """By version and content, with what the index has of each job."""
    known = {str(each["id"]): each for each in entries}
    new: list[Booking] = []
    customers: list[Booking] = []
    same = 0
    found: set[str] = set()
    for booking in listed:
        if booking.id in found:
            continue  # a booking that moves while pages are read may stand on two of them
        found.add(booking.id)
        entry = known.get(booking.id)
        if entry is None or _differs(booking, entry):
            new.append(booking)
        elif stale(entry, now):
            customers.append(booking)
        else:
            same += 1
    missing = [
        row_id
        for row_id, entry in known.items()
        if row_id not in found and entry.get("booking_status") not in OFF
    ]
    return Compared(tuple(new), tuple(customers), tuple(missing), same)


def _differs(booking: Booking, entry: Row) -> bool:
    version = entry.get("square_version", -1)
    if booking.version != version:
        return bool(booking.version > version)
    return content_hash(booking) != entry.get("square_hash")


def changed(read: Iterable[Booking], entries: Sequence[Row]) -> list[Booking]:
    """Of bookings that were read by id, those that are not as we have them."""
    known = {str(each["id"]): each for each in entries}
    return [each for each in read if each.id not in known or _differs(each, known[each.id])]


def believe(listed: int, entries: Sequence[Row], missing: int) -> None:
    """Whether a list may be acted upon, before anything is read or written for it.

    Raises:
        UnbelievableError: it is empty where it was not, or lacks too many.
    """
    if listed == 0 and len(entries) >= SOME:
        raise UnbelievableError(f"Square lists no booking where {len(entries)} jobs are.")
    if _many(missing, entries):
        raise UnbelievableError(f"Square's list lacks {missing} of {len(entries)} jobs.")


def believe_closing(closing: int, entries: Sequence[Row]) -> None:
    """Whether so many jobs may be closed.

    Raises:
        UnbelievableError: too many at once.
    """
    if _many(closing, entries):
        raise UnbelievableError(f"{closing} of {len(entries)} jobs would be cancelled at once.")


def closing(bookings: Iterable[Booking], entries: Sequence[Row]) -> int:
    """How many jobs that are on would be off."""
    on = {str(each["id"]) for each in entries if each.get("booking_status") not in OFF}
    return sum(each.status in OFF and each.id in on for each in bookings)


def plan_hash(rows: Iterable[Mapping[str, Any]]) -> str:
    """Of all that a run would do: the same while it would still do the same."""
    text = json.dumps(
        sorted(rows, key=lambda row: (row.get("org", ""), row["id"])),
        sort_keys=True,
        default=str,
        separators=(",", ":"),
    )
    return sha256(text.encode()).hexdigest()[:32]


def _many(number: int, entries: Sequence[Row]) -> bool:
    return number > max(FEW, len(entries) // SHARE)

"""A booking of Square's as the fields of a job. Pure, and the only place that knows both.

What comes out names fields of `FROM_SQUARE` alone: whatever Square sends, no update that is built
from it can name a field of the staff.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from closedloop.core.times import iso, to_second
from closedloop.jobs.model import FROM_SQUARE, span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from closedloop.core.rows import Row
    from closedloop.jobs.rows import Segment
    from closedloop.square.model import Address, Booking, Service
    from closedloop.square.model import Segment as BookedSegment

NOT_NAMED = "Appointment"
"""What was booked, in words, until the catalog has told its name."""

OFF = frozenset({"CANCELLED_BY_CUSTOMER", "CANCELLED_BY_SELLER", "DECLINED"})
"""The statuses in which nobody comes. NO_SHOW is none: the visit keeps its time and its photos."""

KNOWN = OFF | {"PENDING", "ACCEPTED", "NO_SHOW"}
"""All that Square had when this was written; any other is kept as it is, and counted."""

_HASH = "1"
"""Grows with what is hashed: a new number reads every booking once more."""

_NOTES = 4096  # Square's own limit


@dataclass(frozen=True, slots=True)
class Told:
    """What Square says of a booking: `fields` by the names that a job has for them."""

    id: str
    version: int
    updated_at: str | None
    hash: str
    """Of the content as Square sent it, without version and times, and without names of ours."""
    fields: Mapping[str, Any]
    named: bool
    """Whether the names of its services are known, or known not to be in the catalog any more."""

    @property
    def off(self) -> bool:
        """Whether nobody comes."""
        return self.fields["booking_status"] in OFF

    @property
    def strange(self) -> bool:
        """Whether its status is none that we know."""
        return self.fields["booking_status"] not in KNOWN


@dataclass(frozen=True, slots=True)
class Catalog:
    """Names of services by variation. Those `asked` for and not among `services` are deleted."""

    services: Mapping[str, Service]
    asked: frozenset[str] = frozenset()


NO_CATALOG = Catalog({})


@dataclass(frozen=True, slots=True)
class Merged:
    """What becomes of a job whose booking has changed at Square.

    `set` is what the job takes over, None for what is gone; `square` what Square has said now.
    `clashes` are the fields that both sides have changed: ours stays, and a person decides.
    """

    set: Mapping[str, Any]
    square: Mapping[str, Any]
    clashes: Mapping[str, tuple[Any, Any]]


def told(
    booking: Booking, zone: str, catalog: Catalog = NO_CATALOG, row: Row | None = None
) -> Told:
    """What a booking says. The names that the job `row` has for the same services stay."""
    segments = list(_segments(booking.segments, catalog, (row or {}).get("segments", ())))
    fields = {
        "appointmentTime": to_second(booking.start_at),
        "serviceType": _service_type(segments, row),
        "booking_status": booking.status,
        "segments": segments,
        "time_zone": zone,
        "all_day": booking.all_day or None,
        "transition_time_minutes": booking.transition_time_minutes or None,
        "location_id": booking.location_id or None,
        "location_type": booking.location_type or None,
        "address": _address(booking.address),
        "square_customer_id": booking.customer_id or None,
        "customer_note": _note(booking.customer_note),
        "seller_note": _note(booking.seller_note),
        "source": booking.source or None,
    }
    return Told(
        id=booking.id,
        version=booking.version,
        updated_at=iso(booking.updated_at) if booking.updated_at else None,
        hash=content_hash(booking),
        fields={name: value for name, value in fields.items() if value is not None},
        named=not unnamed(segments) - catalog.asked,
    )


def content_hash(booking: Booking) -> str:
    """Of what a booking says, the same however it is written.

    The order of keys, null for absent, `Z` for `+00:00`, spaces around a note: all the same.
    """
    said = booking.model_dump(mode="json", exclude={"version", "created_at", "updated_at"})
    said["start_at"] = to_second(booking.start_at)
    said |= {name: said[name].strip() for name in ("customer_note", "seller_note")}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return f"{_HASH}:{sha256(text.encode()).hexdigest()[:32]}"


def merged(row: Row, told: Told, *, held: frozenset[str] = frozenset()) -> Merged:
    """Field by field: Square's value replaces ours only where ours still equals Square's last one.

    A field that is `held` and that Square has changed is a clash, whatever ours is.
    """
    before, changes, clashes = row.get("square") or {}, {}, {}
    for name in FROM_SQUARE:
        theirs, ours = told.fields.get(name), row.get(name)
        if theirs in (before.get(name), ours):
            continue
        if ours == before.get(name) and name not in held:
            changes[name] = theirs
        else:
            clashes[name] = (ours, theirs)
    if {"appointmentTime", "segments"} & changes.keys():
        now = {**row, **changes}
        changes |= span(now["appointmentTime"], now["segments"] or ())
    return Merged(changes, told.fields, clashes)


def unnamed(segments: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The variations of these segments that have no name yet."""
    return frozenset(
        each["service_variation_id"]
        for each in segments
        if "service_variation_id" in each and "service_name" not in each
    )


def _segments(
    booked: Iterable[BookedSegment], catalog: Catalog, before: Iterable[Mapping[str, Any]]
) -> Iterable[Segment]:
    """Each with the name and price of the version that was booked, once these are known."""
    known = {_variation(each): each for each in before if "service_name" in each}
    for each in booked:
        part: dict[str, Any] = {
            "duration_minutes": each.duration_minutes,
            "intermission_minutes": each.intermission_minutes or None,
            "service_variation_id": each.service_variation_id or None,
            "service_variation_version": each.service_variation_version,
            "team_member_id": each.team_member_id or None,
            "any_team_member": each.any_team_member or None,
            "resource_ids": list(each.resource_ids) or None,
        }
        part |= _named(known.get(_variation(part)), catalog.services.get(each.service_variation_id))
        found: Any = {name: value for name, value in part.items() if value is not None}
        yield found


def _named(known: Mapping[str, Any] | None, service: Service | None) -> dict[str, Any]:
    if known:
        return {name: known.get(name) for name in ("service_name", "price_cents")}
    if service is None:
        return {}
    return {"service_name": service.name, "price_cents": service.price_cents}


def _variation(segment: Mapping[str, Any]) -> tuple[Any, Any]:
    return segment.get("service_variation_id"), segment.get("service_variation_version")


def _service_type(segments: Sequence[Segment], row: Row | None) -> str:
    """In words. While a part has no name it stays as Square had it: never blank, never half."""
    before = ((row or {}).get("square") or {}).get("serviceType")
    if before and unnamed(segments):
        return str(before)
    names = [each["service_name"] for each in segments if "service_name" in each]
    return " + ".join(dict.fromkeys(names)) or NOT_NAMED


def _note(text: str) -> str | None:
    return text.strip()[:_NOTES] or None


def _address(address: Address | None) -> str | None:
    if address is None:
        return None
    lines = (address.address_line_1, address.address_line_2, address.address_line_3)
    town = f"{address.administrative_district_level_1} {address.postal_code}".strip()
    return ", ".join(each for each in (*lines, address.locality, town) if each) or None

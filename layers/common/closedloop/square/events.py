"""An event of Square's that has arrived: what is written down before it is answered with 2xx.

An event that changes something is remembered in the same transaction, so that "received" is "done".
What is older than what is known, or known already, changes nothing, however often it comes: the
booking's version decides, also where the event itself was forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from closedloop.core.decision import Decision, Find, Reply
from closedloop.core.rows import gone
from closedloop.core.times import to_second
from closedloop.core.writes import Change, Create
from closedloop.jobs.model import TABLE
from closedloop.square import model
from closedloop.square.booking import told
from closedloop.square.customer import cached, newer
from closedloop.square.model import UnreadableRecordError
from closedloop.square.settle import Outcome, settled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.core.decision import Context
    from closedloop.core.rows import Row
    from closedloop.core.writes import Write
    from closedloop.square.booking import Told
    from closedloop.square.settle import Settled

KEPT = timedelta(days=35)
"""How long an event is remembered: Square repeats for a day, and replays for 28."""

SETTINGS = ("orgs", "settings")
CONNECTION = ("orgs", "square")
"""An org's connection with Square."""

NO_ORG = "~nobody"
"""In place of an org where an event names a merchant that none of ours is. No org is called so."""

_CUSTOMERS_JOBS = 20
"""Jobs of one customer that one event changes; the reconciliation changes any others in a day."""

_BACK, _AHEAD = timedelta(days=1), timedelta(days=90)
_ENTRIES = 4000
_LARGEST = 16_000
_LONGEST = 255  # as Square's ids


class Heard(StrEnum):
    """What an event has come to: `outcome` of the reply, and the name it is counted under."""

    CREATED = "created"
    UPDATED = "updated"
    KNOWN = "known"
    """It says nothing new."""
    OLDER = "older"
    """Something newer is known."""
    REREAD = "reread"
    """It contradicts what is known of the same version: the booking is to be read again."""
    CUSTOMER = "customer"
    DISCONNECTED = "disconnected"
    IGNORED = "ignored"
    """A type of event that nobody asked for."""
    QUARANTINED = "quarantined"
    """It cannot be read, and is kept for a person."""


@dataclass(frozen=True, slots=True)
class Event:
    """A notification of Square's. `object` is `data.object`: the record under its kind's name.

    `data.id` is no booking's id (it has the version behind it), and is not looked at.
    """

    id: str
    type: str
    merchant_id: str
    object: Mapping[str, Any]

    @classmethod
    def of(cls, fields: Any) -> Event:
        """The event in a body that was signed by Square.

        Raises:
            UnreadableRecordError: it is none.
        """
        if not isinstance(fields, dict):
            raise UnreadableRecordError("body: no object")
        data = fields.get("data")
        found = data.get("object") if isinstance(data, dict) else None
        return cls(
            _text(fields, "event_id"),
            _text(fields, "type"),
            _text(fields, "merchant_id"),
            found if isinstance(found, dict) else {},
        )


def arrived(event: Event, context: Context) -> Decision:
    """Take in one event of the org. Nothing that it says can make this raise.

    The reply says the `outcome` (Heard), and beside it:

    * `job`: the booking that it is about;
    * `read`: whether that booking should be read from Square, for its names, its customer or the
      truth (without it, the reconciliation does that within ten minutes);
    * `conflicts`: how many disagreements it has brought;
    * `strange`: its status is none that we know.
    """
    try:
        if event.type in {"booking.created", "booking.updated"}:
            return _booking(event, context)
        if event.type == "customer.updated":
            return _customer(event, context)
    except UnreadableRecordError as wrong:
        return quarantine({"type": event.type, "object": event.object}, str(wrong), context)
    if event.type == "oauth.authorization.revoked":
        return disconnected(context)
    return _heard(Heard.IGNORED)


def quarantine(content: Any, reason: str, context: Context) -> Decision:
    """Keep what Square has signed and nobody can read, once, for a person to look at.

    `reason` names fields, not what they hold. What comes twice is kept once.
    """
    text = repr(content)[:_LARGEST]
    row = ("reconcile", f"quarantine#{sha256(text.encode()).hexdigest()[:32]}")
    if context.seen.get(row):
        return _heard(Heard.QUARANTINED)
    forget = int((context.now + KEPT).timestamp())
    kept = {"reason": reason[:1000], "content": text, "expires_at": forget}
    return _heard(Heard.QUARANTINED, (Create(*row, kept),))


def _text(fields: Mapping[str, Any], name: str) -> str:
    text = fields.get(name)
    if not isinstance(text, str) or not 0 < len(text) <= _LONGEST:
        raise UnreadableRecordError(f"{name}: a text")
    return text


def _booking(event: Event, context: Context) -> Decision:
    booking = model.booking(event.object.get("booking"))
    context.know((TABLE, booking.id), CONNECTION, SETTINGS)
    (row,) = context.read((TABLE, booking.id))
    said = told(booking, zone(context, booking.location_id), row=row)
    if row is not None and not gone(row) and (known := _gate(said, row)):
        return _heard(known, job=said.id, read=known is Heard.REREAD)
    return _taken_in(event, said, settled(said, context, created_by="webhook"), context)


def _gate(said: Told, row: Row) -> Heard | None:
    """What ends it here. The version decides, and 0 is one; no clock of anybody's does."""
    known = row.get("square_version", -1)
    if said.version < known:
        return Heard.OLDER
    if said.version > known or not row.get("square_hash"):
        return None
    return Heard.KNOWN if said.hash == row["square_hash"] else Heard.REREAD


def _taken_in(event: Event, said: Told, found: Settled, context: Context) -> Decision:
    about: dict[str, Any] = {
        "job": said.id,
        "read": found.incomplete,
        "conflicts": len(found.met),
        "strange": said.strange,
    }
    outcome = Heard(found.outcome.value)
    if found.outcome in {Outcome.KNOWN, Outcome.OLDER}:
        return _heard(outcome, **about)
    return _once(event, context, found.writes, outcome, **about)


def _customer(event: Event, context: Context) -> Decision:
    """What the customer is called and reached at, on the jobs that are near.

    A day back and ninety ahead; others are refreshed by the reconciliation once they are a day old.
    """
    customer = model.customer(event.object.get("customer"))
    since, until = context.now - _BACK, context.now + _AHEAD
    near = Find(TABLE, "by_start", ("start", to_second(since), to_second(until)), limit=_ENTRIES)
    ids = [
        each["id"] for each in context.find(near) if each.get("square_customer_id") == customer.id
    ]
    rows = context.read(*((TABLE, each) for each in ids[:_CUSTOMERS_JOBS]))
    now = cached(customer.id, customer, context.now)
    writes = tuple(
        Change(TABLE, row["id"], {"customerCached": now}, {"version": row["version"]})
        for row in rows
        if row and not gone(row) and newer(row.get("customerCached"), now)
        and row.get("square_customer_id") == customer.id
    )  # fmt: skip
    if not writes:
        return _heard(Heard.KNOWN)
    return _once(event, context, writes, Heard.CUSTOMER, jobs=len(writes))


def disconnected(context: Context, why: str = "revoked") -> Decision:
    """The seller has taken the permission back: nothing is asked any more, no job is touched."""
    (row,) = context.read(CONNECTION)
    if row is None or row.get("state") == "disconnected":
        return _heard(Heard.KNOWN)
    gone_now = {
        "state": "disconnected",
        "disconnected_at": context.timestamp,
        "disconnected_for": why,
        "work": None,
        "work_at": None,
    }
    change = Change(*CONNECTION, gone_now, {"version": row["version"]})
    return _heard(Heard.DISCONNECTED, (change,))


def zone(context: Context, location_id: str) -> str:
    """The clock of a location, else the business's own."""
    connection, settings = context.read(CONNECTION, SETTINGS)
    locations = (connection or {}).get("locations") or {}
    found = locations.get(location_id) if isinstance(locations, dict) else None
    named = found.get("time_zone") if isinstance(found, dict) else None
    return str(named or (settings or {}).get("time_zone") or "UTC")


def _once(
    event: Event, context: Context, writes: tuple[Write, ...], heard: Heard, **about: Any
) -> Decision:
    """With the memory of the event, in one transaction."""
    seen = ("system", f"square_event#{context.actor.org_id}#{event.id}")
    if context.seen.get(seen):
        return _heard(Heard.KNOWN, **about)
    forget = int((context.now + KEPT).timestamp())
    return _heard(heard, (*writes, Create(*seen, {"expiration": forget})), **about)


def _heard(heard: Heard, writes: tuple[Write, ...] = (), **about: Any) -> Decision:
    return Decision(writes, Reply({"outcome": heard, **about}))

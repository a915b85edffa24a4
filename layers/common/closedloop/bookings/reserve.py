"""Reserving: a caller takes a slot for a quarter of an hour, and is told what else is free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from closedloop.bookings import cells, reading
from closedloop.bookings.cells import TABLE, Stretch
from closedloop.bookings.errors import SlotNotOfferedError, SlotTakenError
from closedloop.bookings.holds import (
    KEPT,
    LASTS,
    Held,
    as_it_is,
    ends_at,
    hold_id,
    is_live,
    milliseconds,
    released,
    row_id,
    seconds,
    shown,
)
from closedloop.bookings.slots import Offer, named
from closedloop.core.decision import Decision, Reply
from closedloop.core.errors import RateLimitedError
from closedloop.core.times import to_second
from closedloop.core.writes import Create, Spend, Take

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.bookings.rows import FreeSlot
    from closedloop.bookings.setup import Service, Setup
    from closedloop.core.decision import Context
    from closedloop.core.rows import Row


@dataclass(frozen=True, slots=True)
class Wish:
    """A slot that a caller wants. `phone` is E.164 or None; `call_id` is the voice agent's."""

    slot_id: str
    service_id: str | None = None
    phone: str | None = None
    name: str | None = None
    call_id: str | None = None


def reserve(wish: Wish, context: Context) -> Decision[Held]:
    """Hold a slot for a caller, once: whoever asks for what it holds already gets its own hold.

    A call has one hold: another slot in the same call frees the first one in the same transaction.
    The reply's `hold` is `{id, slotId, hold_status, expiresAt, start, end, serviceId, resource}`.

    Raises:
        SlotTakenError, SlotNotOfferedError: carry the next three free `slots`.
        RateLimitedError: the caller's or the org's holds are used up.
        NotFoundError: no such service or org.
    """
    setup = reading.setup(context)
    new = context.new_id("hold")
    if made := context.seen.get((TABLE, row_id(new))):
        return as_it_is(made)
    wanted = _Wanted.of(wish, setup, context)
    old = _held_in_the_call(wish, context)
    if old and wanted.is_held_by(old):
        return as_it_is(old)
    wanted.refuse_unless_offered(context)
    owners = {new, hold_id(old) if old else new}
    if other := cells.in_the_way(wanted.stretch, owners, context):
        theirs = context.seen.get((TABLE, row_id(other)))
        if _may_be_the_callers(wish) and (TABLE, row_id(other)) not in context.seen:
            theirs = reading.look(context, TABLE, row_id(other))
        if theirs and _same_caller(wish, theirs) and wanted.is_held_by(theirs):
            return as_it_is(theirs)
        raise SlotTakenError(slots=wanted.alternatives(context))
    return _made(wish, wanted, new, old, context)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A slot that somebody wants, as the business knows it."""

    slot_id: str
    lane: str
    start: datetime
    service: Service
    offer: Offer

    @classmethod
    def of(cls, wish: Wish, setup: Setup, context: Context) -> _Wanted:
        service = setup.service(wish.service_id)
        offer = Offer(setup, service, context.now)
        lane, start = named(wish.slot_id) or ("", context.now)
        if lane not in setup.lanes_of(service):
            free = offer.alternatives(context.now, reading.taken(context, context.now))
            raise SlotNotOfferedError(reason="unknown", slots=free)
        return cls(wish.slot_id, lane, start, service, offer)

    @property
    def stretch(self) -> Stretch:
        return Stretch.of(self.lane, self.service, self.start)

    def is_held_by(self, hold: Row) -> bool:
        same = (hold["slot_id"], hold["service_id"]) == (self.slot_id, self.service.id)
        return same and is_live(hold, self.offer.now)

    def refuse_unless_offered(self, context: Context) -> None:
        if reason := self.offer.reason(self.start):
            raise SlotNotOfferedError(reason=reason, slots=self.alternatives(context))

    def alternatives(self, context: Context) -> list[FreeSlot]:
        start = min(max(self.start, context.now), context.now + self.offer.setup.horizon)
        return self.offer.alternatives(start, reading.taken(context, start))


def _held_in_the_call(wish: Wish, context: Context) -> Row | None:
    """The live hold that this call has already, once its place was seen taken."""
    if wish.call_id is None:
        return None
    place = context.seen.get((TABLE, _call_place(wish.call_id)))
    owner = cells.live_owner(place, "visit", context.now)
    hold = reading.look(context, TABLE, row_id(owner)) if owner else None
    return hold if hold and is_live(hold, context.now) else None


def _may_be_the_callers(wish: Wish) -> bool:
    return wish.call_id is not None or wish.phone is not None


def _same_caller(wish: Wish, hold: Row) -> bool:
    """Whether a hold is this caller's, by call or by number: who has neither owns nothing."""
    same_call = wish.call_id is not None and hold.get("call_id") == wish.call_id
    return same_call or (wish.phone is not None and hold.get("phone") == wish.phone)


def _made(
    wish: Wish, wanted: _Wanted, new: str, old: Row | None, context: Context
) -> Decision[Held]:
    until, setup = context.now + LASTS, wanted.offer.setup
    claims = _claims(wish, new, old, setup, context)
    end = wanted.start + timedelta(minutes=wanted.service.length)
    fields = {
        "hold_status": "held",
        "slot_id": wanted.slot_id,
        "service_id": wanted.service.id,
        "service_name": wanted.service.name,
        "resource": setup.lanes[wanted.lane],
        "start": to_second(wanted.start),
        "end": to_second(end),
        "time_zone": setup.zone.key,
        "name": wish.name,
        "phone": wish.phone,
        "call_id": wish.call_id,
        "claims": [each.id for each in claims],
        **wanted.stretch.fields,
        **ends_at(until),
    }
    left = released(old, context, "replaced") if old else []
    before = Stretch.stored(old) if old else None
    takes = cells.taken(
        wanted.stretch, new, context, until=milliseconds(until),
old=(before, hold_id(old)) if old and before else None,
    )  # fmt: skip
    rows = [Create(TABLE, row_id(new), fields), *left]
    writes = (*rows, *takes, *claims, _one_more(setup, context))
    hold = {"id": row_id(new), **fields}
    return Decision(writes, Reply(Held(hold=shown(hold))))


def _claims(wish: Wish, new: str, old: Row | None, setup: Setup, context: Context) -> list[Take]:
    """The places of the caller: the one of the call, and one of those of the number."""
    follows = hold_id(old) if old else None
    until = context.now + LASTS
    ends, forget_at = milliseconds(until), seconds(until + KEPT)
    places = [_call_place(wish.call_id)] if wish.call_id else []
    if wish.phone:
        places.append(_phone_place(wish.phone, {new, follows}, setup, context))
    return [Take(each, new, forget_at, until=ends, instead_of=follows) for each in places]


def _phone_place(phone: str, owners: set[str | None], setup: Setup, context: Context) -> str:
    for number in range(1, setup.holds_per_phone + 1):
        place = f"phone#{phone}#{number}"
        owner = cells.live_owner(context.seen.get((TABLE, place)), "visit", context.now)
        if owner is None or owner in owners:
            return place
    raise RateLimitedError.until(60, "This number holds as many times as one may.")


def _one_more(setup: Setup, context: Context) -> Spend:
    """Counts the hold for its org and hour."""
    hour = context.now.strftime("%Y-%m-%dT%H")
    over = context.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    spend = Spend(f"holds#{hour}", setup.holds_per_hour, seconds(over + timedelta(hours=1)))
    if (spend.table, spend.id) in context.seen:
        wait = int((over - context.now).total_seconds())
        raise RateLimitedError.until(wait, "Too many times were held within this hour.")
    return spend


def _call_place(call_id: str) -> str:
    return f"call#{call_id}"

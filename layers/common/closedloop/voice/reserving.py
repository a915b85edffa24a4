"""reserve-atomic: a caller takes a time for a quarter of an hour, by its id or by its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from closedloop.bookings import reading, reserve
from closedloop.bookings.errors import SlotNotOfferedError, SlotTakenError
from closedloop.bookings.holds import Held
from closedloop.bookings.hours import moment
from closedloop.bookings.reserve import Wish
from closedloop.bookings.slots import Offer, named, slot_id
from closedloop.business import countries
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.times import parse
from closedloop.core.words import PersonName  # noqa: TC001 - pydantic reads it
from closedloop.voice import days, heard, hours, spoken
from closedloop.voice.errors import NumberNotAllowedError, ask_back
from closedloop.voice.toolset import Said, ToolCommand, held_in_the_call, service_named

if TYPE_CHECKING:
    from closedloop.bookings.rows import FreeSlot
    from closedloop.core.rows import Row


class ReserveAtomic(ToolCommand):
    """A time that was offered: its `slotId`, or `date` and `time` as a caller says them.

    `phone` is the number that a code can be texted to, in E.164 or as people say it.
    """

    slotId: Annotated[str, Field(min_length=1, max_length=80)] | None = None  # noqa: N815
    date: Said | None = None
    time: Said | None = None
    phone: Said
    name: PersonName | None = None
    serviceId: Said | None = None  # noqa: N815 - the wire's own spelling

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if self.slotId is None and (self.date is None or self.time is None):
            raise ValueError("send a slotId, or a date and a time")
        return self


class Reserved(Held):
    """The hold that the caller has."""

    spoken: str
    """What an agent says: held, not booked yet, and what comes next."""


@dataclass(frozen=True, slots=True)
class _Speaker:
    """What turns times into words: the business's clock, and now."""

    offer: Offer
    now: datetime

    def at(self, start: str) -> str:
        return spoken.at(parse(start), self.offer.setup.zone, self.now)

    def line(self, why: str, free: list[FreeSlot]) -> str:
        """Why not, and what is free, as many times as fit into a line."""
        if not free:
            return f"{why} Nothing is held, and I have nothing else within two weeks of it."

        def line(count: int) -> str:
            said = [
                f"{self.at(each['start'])} {spoken.marked(each['slotId'])}" for each in free[:count]
            ]
            return f"{why} Nothing is held. I have {spoken.listed(said, 'or')}. Which shall I hold?"

        return spoken.fitting(line, len(free))


def reserve_atomic(command: ReserveAtomic, context: Context) -> Decision[Reserved]:
    """Hold a time for a caller, exactly one of all who ask: for 15 minutes, and not booked yet.

    Whoever asks for what it holds already gets its own hold. Another time in the same call frees
    the first one in the same transaction.

    Raises:
        SlotTakenError, SlotNotOfferedError: carry the next three free `slots`.
        ValidationFailedError: the day, the time or the number can be understood in two ways.
        NumberNotAllowedError: no code could be sent to this number.
        RateLimitedError: the caller's or the business's holds are used up.
        NotFoundError: no such service or business.
    """
    settings = reading.settings(context)
    setup = reading.setup(context)
    service = service_named(setup, command.serviceId)
    speaker = _Speaker(Offer(setup, service, context.now), context.now)
    phone = _phone(command.phone, settings)
    try:
        wanted = _slot_id(command, speaker.offer, context)
        wish = Wish(wanted, service.id, phone, command.name, command.callId)
        decided = reserve.reserve(wish, context)
    except (SlotTakenError, SlotNotOfferedError) as refusal:
        refusal.spoken = _lost(refusal, speaker)
        raise
    hold = decided.reply.body["hold"]
    at, number = speaker.at(hold["start"]), spoken.digits_of(phone[-4:])
    words = (
        f"I'm holding {at} for {spoken.name(service.name)}, for fifteen minutes. "
        f"It isn't booked yet. Next, send a code to the number ending in {number}. "
        f"{spoken.marked(hold['id'])}"
    )
    return Decision(decided.writes, Reply(Reserved(hold=hold, spoken=words)))


def _phone(said: str, settings: Row) -> str:
    """The number, if a code can be texted to it.

    Raises:
        ValidationFailedError: it is none, or has an extension, which no text reaches.
        NumberNotAllowedError
    """
    found = heard.phone(said, countries.home(settings))
    if found.extension:
        question = "I can't text an extension. Is there a mobile number I can use?"
        raise ask_back("phone", question)
    if found.e164 is None:
        question = "What mobile number can I text a code to? Please say it digit by digit."
        raise ask_back("phone", question)
    if not countries.allowed(found.e164, settings):
        raise NumberNotAllowedError
    return found.e164


def _slot_id(command: ReserveAtomic, offer: Offer, context: Context) -> str:
    if command.slotId is not None:
        return command.slotId.strip(" []()\"'.")
    start = _start(str(command.date), str(command.time), offer, context)
    free = offer.free_lane(
        start, reading.taken(context, start), offer.setup.lanes_of(offer.service)
    )
    mine = _own_lane(command, start, offer, context)
    lane = mine or free or offer.setup.lanes_of(offer.service)[0]
    return slot_id(lane, start)


def _own_lane(
    command: ReserveAtomic, start: datetime, offer: Offer, context: Context
) -> str | None:
    """The lane of this time that the call holds already: a repeat must not take another one."""
    mine = held_in_the_call(command.callId, context)
    if mine is None or parse(mine["start"]) != start or mine["service_id"] != offer.service.id:
        return None
    known = named(mine["slot_id"])
    return known[0] if known else None


def _start(day: str, time: str, offer: Offer, context: Context) -> datetime:
    """The moment that was said: the only reading at which a visit may begin.

    Raises:
        ValidationFailedError: two readings are possible.
        SlotNotOfferedError: none is.
    """
    zone = offer.setup.zone
    said = hours.heard(time)
    on = days.heard(day, context.now.astimezone(zone).date())
    starts = [
        moment(on, 60 * hour + minute, zone, latest=said.second) for hour, minute in said.readings
    ]
    if said.moment is not None and said.moment.astimezone(UTC) != starts[0]:
        both = [spoken.clock(each, zone) for each in (starts[0], said.moment.astimezone(UTC))]
        raise ask_back("time", f"Do you mean {both[0]} or {both[1]}, by our own clock?")
    possible = [each for each in starts if offer.reason(each) is None]
    if len(possible) > 1:
        raise ask_back("time", _which_half(said))
    if possible:
        return possible[0]
    start = starts[0]
    around = min(max(start, context.now), context.now + offer.setup.horizon)
    free = offer.alternatives(around, reading.taken(context, around))
    raise SlotNotOfferedError(reason=offer.reason(start) or "closed", slots=free)


def _which_half(said: hours.Heard) -> str:
    first, second = (spoken.time_of_day(*each) for each in sorted(said.readings))
    return f"Morning or evening? Do you mean {first} or {second}?"


_WHY = {
    "past": "That time has passed.",
    "too_soon": "That is too soon for us.",
    "too_far": "We don't book that far ahead.",
    "day_off": "We're off that day.",
    "closed": "We're not open then.",
    "off_grid": "No visit begins at that time.",
    "unknown": "I don't have that one.",
}


def _lost(refusal: SlotTakenError | SlotNotOfferedError, speaker: _Speaker) -> str:
    why = _WHY.get(refusal.body.get("reason", ""), "That one was just taken.")
    return speaker.line(why, refusal.body["slots"])

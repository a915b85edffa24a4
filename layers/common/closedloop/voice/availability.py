"""check-availability: which times are free on a day, in the business's own words and wall time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Annotated, NotRequired, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, model_validator
from typing_extensions import TypedDict

from closedloop.bookings import reading
from closedloop.bookings.hours import moment
from closedloop.bookings.slots import Offer
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.errors import ValidationFailedError
from closedloop.core.times import to_second
from closedloop.voice import days
from closedloop.voice.errors import ask_back
from closedloop.voice.offering import SPOKEN, Asked, Words, holding
from closedloop.voice.toolset import Said, ToolCommand, held_in_the_call, service_named

if TYPE_CHECKING:
    from closedloop.bookings.slots import Slot
    from closedloop.core.values import Time

_MOST = 1000
_LONGEST = timedelta(days=45)
_DAY = timedelta(days=1)
_SOON = timedelta(days=14)


class CheckAvailability(ToolCommand):
    """A day (`date`), or a stretch of time (`from`, `to`).

    A day is a date or what a caller says: `2026-11-24`, `tomorrow`, `Tuesday`, `November 24th`,
    `soonest`. The ends of a stretch are such days, the last one included, or times in ISO 8601;
    one without a zone is read by the business's clock. `timezone` (IANA) adds the caller's time.
    """

    date: Said | None = None
    from_: Said | None = Field(None, alias="from")
    to: Said | None = None
    serviceId: Said | None = None  # noqa: N815 - the wire's own spelling
    timezone: Annotated[str, Field(min_length=1, max_length=64)] | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.date is None) == (self.from_ is None):
            raise ValueError("send a date, or from and to")
        if (self.from_ is None) != (self.to is None):
            raise ValueError("from and to go together")
        return self


class OfferedSlot(TypedDict):
    """A time that the business offers."""

    slotId: str
    """What reserve-atomic takes: one resource at this time."""
    time: str
    """By the business's clock: `09:00 AM`."""
    callerTime: NotRequired[str]
    """By the clock of `timezone`, where that was asked for."""
    start: Time
    end: Time
    available: bool


class Availability(TypedDict):
    """The times that are offered, free or not, in order."""

    slots: list[OfferedSlot]
    timezone: str
    """The business's own (IANA): that of each `time`."""
    today: str
    """The business's date of now, by which `today` and `tomorrow` are read."""
    spoken: str
    """What an agent says: at most three of the free times, and what comes next."""


def check_availability(command: CheckAvailability, context: Context) -> Decision[Availability]:
    """The times that are offered on a day or within 45 days, and which of them are free.

    They follow from opening hours, breaks, days off, length and buffers of the service, capacity,
    lead time and horizon, and from every visit and hold. What is free can be reserved, unless
    somebody is faster.

    Raises:
        ValidationFailedError: the day has passed, or can be understood in two ways.
        NotFoundError: no such service or business.
    """
    setup = reading.setup(context)
    theirs = _theirs(command.timezone)
    service = service_named(setup, command.serviceId)
    offer = Offer(setup, service, context.now)
    asked = _asked(command, offer, context)
    taken = reading.taken(context, asked.span[0], ahead=asked.span[1] - asked.span[0])
    slots = list(islice(offer.slots(asked.span, taken), _MOST))
    mine = held_in_the_call(command.callId, context)
    free = [each for each in slots if each.available]
    words = Words(asked, holding(mine, asked), theirs)
    body_spoken = words.free(free) if free else words.nothing(_later(asked, context))
    body: Availability = {
        "slots": [_shown(each, setup.zone, theirs) for each in slots],
        "timezone": setup.zone.key,
        "today": context.now.astimezone(setup.zone).date().isoformat(),
        "spoken": body_spoken,
    }
    return Decision((), Reply(body))


def _later(asked: Asked, context: Context) -> list[Slot]:
    """The next free times behind what was asked for."""
    setup = asked.offer.setup
    since = min(max(asked.span[1], context.now), context.now + setup.horizon)
    found = asked.offer.slots((since, since + _SOON), reading.taken(context, since))
    return list(islice((each for each in found if each.available), SPOKEN))


def _asked(command: CheckAvailability, offer: Offer, context: Context) -> Asked:
    zone = offer.setup.zone
    today = context.now.astimezone(zone).date()
    if command.date and command.date.strip().lower().rstrip(".") in days.SOON:
        return Asked(offer, (context.now, context.now + _SOON), whole_day=False, now=context.now)
    if command.date:
        day = days.heard(command.date, today)
        span = (moment(day, 0, zone), moment(day + _DAY, 0, zone))
        return Asked(offer, span, whole_day=True, now=context.now)
    span = (
        _end(str(command.from_), offer, context, last=False),
        _end(str(command.to), offer, context, last=True),
    )
    if not timedelta() < span[1] - span[0] <= _LONGEST:
        question = "The end must be after the start, and within forty five days of it."
        raise ask_back("to", question)
    if span[1] <= context.now:
        raise ask_back("to", "That time has passed. Which day do you mean?")
    return Asked(offer, span, whole_day=False, now=context.now)


def _end(said: str, offer: Offer, context: Context, *, last: bool) -> datetime:
    zone = offer.setup.zone
    if len(said) > len("2026-11-24") and said[:4].isdigit() and said[10] in "T ":
        try:
            at = datetime.fromisoformat(said)
            return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise ask_back("to" if last else "from", "Which day and time do you mean?") from None
    day = days.heard(said, context.now.astimezone(zone).date())
    return moment(day + _DAY if last else day, 0, zone)


def _theirs(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValidationFailedError.at("timezone", "There is no such time zone.") from None


def _shown(slot: Slot, zone: ZoneInfo, theirs: ZoneInfo | None) -> OfferedSlot:
    shown: OfferedSlot = {
        "slotId": slot.id,
        "time": _clock(slot.start, zone),
        "start": to_second(slot.start),
        "end": to_second(slot.end),
        "available": slot.available,
    }
    if theirs:
        shown["callerTime"] = _clock(slot.start, theirs)
    return shown


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%I:%M %p")

"""send-otp: a code goes to the number of a hold, by text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from typing_extensions import TypedDict

from closedloop.bookings import cells, holds, reading
from closedloop.business import countries
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.times import iso, parse
from closedloop.core.writes import Change, Check, Create
from closedloop.texts import codes, consent, model
from closedloop.texts.errors import RecipientOptedOutError
from closedloop.voice import allowance, spoken
from closedloop.voice.errors import NumberNotAllowedError
from closedloop.voice.proving import OfAHold, as_seen, hold_of

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from closedloop.core.values import Time
    from closedloop.core.writes import Write

AGAIN_AFTER = timedelta(seconds=60)
"""A model that asks twice within it means the same code."""


class SendOtp(OfAHold):
    """Text a code to the number of a hold."""


class OtpSent(TypedDict):
    """A code is on its way."""

    otpSent: Literal[True]
    expiresAt: Time
    """Until when it counts; the hold lasts as long."""
    spoken: str
    """What an agent says; never the code."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a code: everything but the code."""

    fields: dict[str, Any]

    @property
    def until(self) -> str:
        """Until when it counts."""
        return str(self.fields["until"])


def send_otp(command: SendOtp, context: Context) -> Decision[OtpSent]:
    """Text a code to the number of a hold, which lasts as long as the code from now on.

    A new code ends the one before. Within a minute of the last one nothing new is sent.

    Raises:
        HoldExpiredError: the hold is over; carries it.
        AlreadyBookedError: the hold is booked already; carries it.
        NumberNotAllowedError: no code may be sent to this number.
        RecipientOptedOutError: the number has sent STOP.
        RateLimitedError: enough codes were sent to this number, to its neighbours or by the org.
        NotFoundError: there is no such hold in the org.
    """
    hold_id, before = hold_of(command, context)
    hold = holds.live(hold_id, context)
    if before and _just_sent(before, context):
        return _sent_already(hold, before)
    settings = reading.settings(context)
    phone = _reachable(hold, settings, context)
    until, keeps = _end(hold, before, context)
    text = model.outgoing(context, codes.HOLDS, hold["id"], codes.text(settings))
    limits = allowance.of(phone, settings, context)
    kept = _code(context, before, text.id, codes.length_of(settings), until)
    row = _written(hold_id, kept, before)
    return Decision(
        (text, row, consent.given(phone), *limits, *keeps), Reply(_said_sent(hold, kept))
    )


def _just_sent(before: Row, context: Context) -> bool:
    """Whether this is a repeat. Who has guessed in the meantime means a new code."""
    return not before["attempts"] and context.now < parse(before["sent_at"]) + AGAIN_AFTER


def _reachable(hold: Row, settings: Row, context: Context) -> str:
    """The hold's number, if a code may be texted to it.

    Raises:
        NumberNotAllowedError, RecipientOptedOutError
    """
    phone = hold.get("phone")
    if phone is None or not countries.allowed(phone, settings):
        raise NumberNotAllowedError
    if consent.withdrawn(context, phone):
        raise RecipientOptedOutError
    return str(phone)


def _end(hold: Row, before: Row | None, context: Context) -> tuple[str, list[Write]]:
    """Until when the code counts, and what keeps the hold as long: once, by its first code."""
    until = context.now + codes.LASTS
    if before is None:
        return iso(until), holds.extended(hold, until, context)
    return iso(min(until, parse(hold["held_until"]))), []


def _code(context: Context, before: Row | None, sms_id: str, length: int, until: str) -> _Kept:
    return _Kept(
        {
            "nonce": f"{context.chance}{context.version}",
            "length": length,
            "until": until,
            "sent_at": context.timestamp,
            "sms_id": sms_id,
            "attempts": 0,
            "sends": int((before or {}).get("sends", 0)) + 1,
            "expires_at": codes.over_at(parse(until)),
        }
    )


def _written(code_id: str, kept: _Kept, before: Row | None) -> Write:
    if before is None:
        return Create(codes.TABLE, code_id, kept.fields)
    return Change(codes.TABLE, code_id, kept.fields, as_seen(before))


def _sent_already(hold: Row, before: Row) -> Decision[OtpSent]:
    check = Check(cells.TABLE, hold["id"], {"hold_status": "held"})
    return Decision((check,), Reply(_said_sent(hold, _Kept(before))))


def _said_sent(hold: Row, kept: _Kept) -> OtpSent:
    number = spoken.digits_of(str(hold["phone"])[-4:])
    count = spoken.number(int(kept.fields["length"]))
    words = (
        f"I sent a {count}-digit code to the number ending in {number}. Please read it to me one "
        "digit at a time. The time is held, not booked yet."
    )
    return {"otpSent": True, "expiresAt": kept.until, "spoken": words}

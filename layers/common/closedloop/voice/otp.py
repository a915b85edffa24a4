"""send-otp and verify-otp: a code proves the number of a hold, and makes it an appointment.

A code never outlives its hold. It is worked out where it is sent and where it is checked, by
`texts.codes`; what is kept here are its nonce, its end and how often it was guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, Self

from pydantic import Field, model_validator
from typing_extensions import TypedDict

from closedloop.bookings import cells, holds, reading
from closedloop.bookings.errors import AlreadyBookedError
from closedloop.core.command import RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.errors import NotFoundError
from closedloop.core.replies import Answered
from closedloop.core.times import iso, parse
from closedloop.core.writes import ABSENT, Change, Check, Create
from closedloop.texts import codes, consent, model
from closedloop.texts.errors import RecipientOptedOutError
from closedloop.voice import allowance, countries, heard, spoken
from closedloop.voice.errors import (
    NumberNotAllowedError,
    OtpExpiredError,
    OtpLockedError,
    ask_back,
)
from closedloop.voice.toolset import Said, ToolCommand, held_in_the_call

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from closedloop.bookings.setup import Setup
    from closedloop.core.rows import Row
    from closedloop.core.values import Time
    from closedloop.core.writes import Write

ATTEMPTS = 3
"""Wrong codes that may be given; the next is not looked at."""

AGAIN_AFTER = timedelta(seconds=60)
"""A model that asks twice within it means the same code."""


class OfAHold(ToolCommand):
    """A hold by its id, or the one that the call has."""

    holdId: RowId | None = None  # noqa: N815 - the wire's own spelling

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if self.holdId is None and self.callId is None:
            raise ValueError("send a holdId")
        return self


class SendOtp(OfAHold):
    """Text a code to the number of a hold."""


class VerifyOtp(OfAHold):
    """The code as the caller has read it: digits, or what a recogniser writes for them."""

    code: Said


class OtpSent(TypedDict):
    """A code is on its way."""

    otpSent: Literal[True]
    expiresAt: Time
    """Until when it counts; the hold lasts as long."""
    spoken: str
    """What an agent says; never the code."""


class VerifiedAppointment(TypedDict):
    """The appointment that the hold has become, with the hold's id."""

    id: str
    appointment_status: Literal["confirmed"]
    start: Time
    end: Time
    time_zone: str
    service_id: str
    service_name: str
    resource: str
    contact_id: NotRequired[str]
    confirmed_at: Time


class OtpVerified(TypedDict):
    """The number is proved and the time is booked."""

    otp_verified: Literal[True]
    appointment: VerifiedAppointment
    spoken: str
    """What an agent says: booked, and when."""


class OtpWrong(TypedDict):
    """The code was another one, which is counted."""

    error: str
    """A sentence for a person."""
    code: Literal["OTP_INVALID"]
    request_id: str
    attemptsLeft: Annotated[int, Field(ge=0, lt=ATTEMPTS)]
    """At zero only a new code can be right."""
    spoken: str


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
    code_id = _hold_id(command, context)
    context.know((cells.TABLE, holds.row_id(code_id)), (codes.TABLE, code_id))
    hold = holds.live(code_id, context)
    before: Row | None = context.seen[codes.TABLE, code_id]
    if before and "used_at" not in before and context.now < parse(before["sent_at"]) + AGAIN_AFTER:
        return _sent_already(hold, before)
    settings = reading.settings(context)
    phone = _reachable(hold, settings, context)
    until, keeps = _end(hold, before, context)
    text = model.outgoing(context, codes.HOLDS, hold["id"], codes.text(settings))
    limits = allowance.of(phone, settings, context)
    kept = _code(context, before, text.id, codes.length_of(settings), until)
    row = _written(code_id, kept, before)
    return Decision((text, row, consent.given(phone), *limits, *keeps), Reply(_said_sent(hold, kept)))


def verify_otp(
    command: VerifyOtp, context: Context
) -> Decision[OtpVerified | Annotated[OtpWrong, Answered(422, success=False)]]:
    """Book a hold for the caller who has its code: appointment, contact and code in one commit.

    A code that cannot be read costs no attempt. Three wrong ones lock the code and free nothing.

    Raises:
        ValidationFailedError: the code could not be read, or has too many or too few digits.
        OtpExpiredError: no code of this hold counts any more.
        OtpLockedError: three wrong codes were given.
        HoldExpiredError: the hold is over; carries it, and frees nothing.
        AlreadyBookedError: the hold is booked already; carries it.
        NotFoundError: there is no such hold in the org.
    """
    hold_id = _hold_id(command, context)
    context.know((cells.TABLE, holds.row_id(hold_id)), (codes.TABLE, hold_id))
    setup = reading.setup(context)
    try:
        hold = holds.live(hold_id, context)
    except AlreadyBookedError:
        return _booked_before(command, hold_id, context, setup)
    kept = _valid(context.seen[codes.TABLE, hold_id], context)
    given = _given(command.code, int(kept["length"]))
    if not codes.fits(kept, codes.known_key(context), given):
        return _wrong(hold, kept, context)
    booked = holds.converted(hold_id, context, confirmed_by=context.actor.id)
    used = Change(codes.TABLE, hold_id, {"used_at": context.timestamp}, _as_seen(kept))
    return Decision((*booked.writes, used), Reply(_verified(booked.appointment, setup, context)))


def _hold_id(command: OfAHold, context: Context) -> str:
    """The hold that is meant: the call's own where the caller's agent has named none."""
    if command.holdId is not None:
        return command.holdId
    mine = held_in_the_call(command.callId, context)
    if mine is None:
        raise NotFoundError("This call holds no time.")
    return holds.hold_id(mine)


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


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a code: everything but the code."""

    fields: dict[str, Any]

    @property
    def until(self) -> str:
        """Until when it counts."""
        return str(self.fields["until"])


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
    return Change(codes.TABLE, code_id, kept.fields, _as_seen(before))


def _as_seen(kept: Row) -> Row:
    return {"nonce": kept["nonce"], "attempts": kept["attempts"], "used_at": ABSENT}


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


def _valid(kept: Row | None, context: Context) -> Row:
    """The code that counts now.

    Raises:
        OtpExpiredError, OtpLockedError
    """
    if kept is None or parse(kept["until"]) <= context.now:
        raise OtpExpiredError
    if kept["attempts"] >= ATTEMPTS:
        raise OtpLockedError
    return kept


def _given(said: str, length: int) -> str:
    """The digits that were said.

    Raises:
        ValidationFailedError: they could not be read, or are too many or too few: no attempt is counted.
    """
    digits = heard.digits(said)
    if digits is None:
        raise ask_back("code", "I didn't catch the code. Once more, one digit at a time?")
    if len(digits) != length:
        caught = spoken.number(min(len(digits), 59))
        question = f"I caught {caught} digits, and the code has {spoken.number(length)}. Once more?"
        raise ask_back("code", question)
    return digits


def _wrong(hold: Row, kept: Row, context: Context) -> Decision[Any]:
    """Counts the attempt; of those that come at once each is counted, or asked again."""
    left = ATTEMPTS - 1 - int(kept["attempts"])
    count = Change(
        codes.TABLE, kept["id"], {"attempts": int(kept["attempts"]) + 1}, _as_seen(kept)
    )
    check = Check(cells.TABLE, hold["id"], {"hold_status": "held"})
    tries = f"You have {spoken.number(left)} more {'try' if left == 1 else 'tries'}."
    rest = tries if left else "That was the last try. Shall I send a new code?"
    body: OtpWrong = {
        "error": "This code is wrong.",
        "code": "OTP_INVALID",
        "request_id": context.request_id,
        "attemptsLeft": left,
        "spoken": f"That didn't match. {rest} The time is still held, not booked yet.",
    }
    return Decision((check, count), Reply(body, 422, success=False), result="OTP_INVALID")


def _booked_before(
    command: VerifyOtp, hold_id: str, context: Context, setup: Setup
) -> Decision[Any]:
    """The same call is told what its first success told it; anybody else that it is booked.

    Raises:
        AlreadyBookedError: carries the hold.
    """
    hold = reading.look(context, cells.TABLE, holds.row_id(hold_id))
    same_call = hold and command.callId is not None and hold.get("call_id") == command.callId
    appointment = reading.look(context, "appointments", hold_id) if same_call else None
    if not appointment or appointment["status"] != "confirmed":
        raise AlreadyBookedError(hold=holds.shown(hold or {}))
    check = Check("appointments", hold_id, {"status": "confirmed"})
    return Decision((check,), Reply(_verified(appointment, setup, context)))


def _verified(row: Row, setup: Setup, context: Context) -> OtpVerified:
    names = VerifiedAppointment.__annotations__.keys() - {"appointment_status"}
    fields = {name: row[name] for name in names if name in row}
    shown: Any = {"id": row["id"], "appointment_status": "confirmed", **fields}
    words = (
        f"You're booked for {_when(row, setup.zone, context)}, {spoken.name(row['service_name'])}. "
        "Next, I can send a confirmation by text."
    )
    return {"otp_verified": True, "appointment": shown, "spoken": words}


def _when(row: Row, zone: ZoneInfo, context: Context) -> str:
    return spoken.at(parse(row["start"]), zone, context.now)


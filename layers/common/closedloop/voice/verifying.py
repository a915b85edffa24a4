"""verify-otp: the right code makes a hold an appointment, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from closedloop.bookings import cells, holds, reading
from closedloop.bookings.errors import AlreadyBookedError
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.replies import Answered
from closedloop.core.times import parse
from closedloop.core.writes import Change, Check
from closedloop.texts import codes
from closedloop.voice import heard, spoken
from closedloop.voice.errors import OtpExpiredError, OtpLockedError, ask_back
from closedloop.voice.proving import OfAHold, as_seen, hold_of
from closedloop.voice.toolset import Said  # noqa: TC001 - pydantic reads it

if TYPE_CHECKING:
    from closedloop.bookings.setup import Setup
    from closedloop.core.rows import Row
    from closedloop.core.values import Time

ATTEMPTS = 3
"""Wrong codes that may be given; the next is not looked at."""


class VerifyOtp(OfAHold):
    """The code as the caller has read it: digits, or what a recogniser writes for them."""

    code: Said


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
    hold_id, code = hold_of(command, context)
    setup = reading.setup(context)
    try:
        hold = holds.live(hold_id, context)
    except AlreadyBookedError:
        return _booked_before(command, hold_id, context, setup)
    kept = _valid(code, context)
    given = _given(command.code, int(kept["length"]))
    if not codes.fits(kept, codes.known_key(context), given):
        return _wrong(hold, kept, context)
    booked = holds.converted(hold_id, context, confirmed_by=context.actor.id)
    used = Change(codes.TABLE, hold_id, {"used_at": context.timestamp}, as_seen(kept))
    return Decision((*booked.writes, used), Reply(_verified(booked.appointment, setup, context)))


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
        ValidationFailedError: they could not be read, or are too many or too few: no attempt.
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
    count = Change(codes.TABLE, kept["id"], {"attempts": int(kept["attempts"]) + 1}, as_seen(kept))
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
    fields = {name: row[name] for name in VerifiedAppointment.__annotations__ if name in row}
    shown: Any = {"id": row["id"], "appointment_status": "confirmed", **fields}
    at = spoken.at(parse(row["start"]), setup.zone, context.now)
    words = (
        f"You're booked for {at}, {spoken.name(row['service_name'])}. "
        "Next, I can send a confirmation by text."
    )
    return {"otp_verified": True, "appointment": shown, "spoken": words}

"""How each refusal is said to a caller: what is so, and what can be done next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop.voice import spoken

if TYPE_CHECKING:
    from closedloop.core.errors import ClosedLoopError

UNKNOWN_TOOL = (
    "I have no tool by that name, so nothing was done. I can check availability, reserve a time, "
    "send a code, verify it, or send a confirmation."
)
UNREADABLE = "I could not read that request, so nothing was done. Please try once more."
TOO_MANY = "That was too much at once, so this part was not done. Please ask again."

_HELP = "Shall I have someone call you back?"
_FAILED = f"I can't reach the calendar right now, and I don't know whether that was done. {_HELP}"
_BUSY = f"I can't do that just now, because there was too much at once. {_HELP}"

SAID = {
    "ALREADY_CONFIRMED": "That time is booked already. Shall I send the confirmation by text?",
    "APPOINTMENT_CANCELLED": "That visit was cancelled, so nothing was sent.",
    "HOLD_EXPIRED": "That time was released, so nothing is held. Shall I look if it is still free?",
    "IDEMPOTENCY_KEY_REUSED": UNREADABLE,
    "INVALID_TRANSITION": "That visit is over, so nothing was sent.",
    "NOT_FOUND": "I don't find that, so nothing was done. Shall I check the free times again?",
    "NUMBER_NOT_ALLOWED": "I can't text that number. Is there a mobile I can use?",
    "OTP_EXPIRED": "There is no code that is still valid. Shall I send a new one?",
    "OTP_LOCKED": "That code was tried too often and is locked. Shall I send a new one?",
    "RATE_LIMITED": _BUSY,
    "RECIPIENT_HAS_NO_PHONE": "I have no number to text. Is there a mobile I can use?",
    "RECIPIENT_OPTED_OUT": "I can't text that number, because it has sent STOP. Is there another?",
    "REQUEST_IN_PROGRESS": "That is still being done. Please ask again in a moment.",
    "SERVICE_UNAVAILABLE": _FAILED,
}
"""By code. What depends on the case, a rule has said itself."""

_MISSING = {
    "appointmentId": "which visit you mean",
    "code": "the code",
    "date": "the day",
    "from": "the first day",
    "name": "a name",
    "phone": "a mobile number",
    "serviceId": "the service",
    "slotId": "which time you want",
    "time": "the time",
    "to": "the last day",
}
_OF_THE_WHOLE = {
    "Send a date, or from and to.": "Which day would suit you?",
    "From and to go together.": "From which day to which day?",
    "Send a slotId, or a date and a time.": "Which day and time shall I hold?",
    "Send a holdId.": "No time is held yet. Which day and time shall I hold?",
    "Send an appointmentId.": "Nothing is booked yet, so there is nothing to confirm.",
}


def said(refusal: ClosedLoopError | None) -> str:
    """The line of a refusal; of None, a fault of ours."""
    if refusal is None:
        return _FAILED
    if refusal.spoken:
        return refusal.spoken
    if fields := refusal.body.get("fields"):
        return _asking(fields)
    return SAID.get(refusal.code, _FAILED)


def _asking(fields: list[dict[str, str]]) -> str:
    """What is missing or does not fit, in one sentence."""
    for each in fields:
        if each["message"] in _OF_THE_WHOLE:
            return _OF_THE_WHOLE[each["message"]]
    names = (each["path"].partition(".")[0] for each in fields)
    needed = list(dict.fromkeys(_MISSING[name] for name in names if name in _MISSING))
    if not needed:
        return UNREADABLE
    return f"I still need {spoken.listed(needed[:3])}, so nothing was done yet."

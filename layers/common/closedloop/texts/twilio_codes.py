"""What can come of handing a text to Twilio, and what its words mean in ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """Twilio has the text and will say by callback what becomes of it."""

    sid: str
    status: str


@dataclass(frozen=True, slots=True)
class NotProcessed:
    """Twilio has not taken the text, and may take it later: too many requests, no connection."""


@dataclass(frozen=True, slots=True)
class QueueFull:
    """Our number has as many texts waiting at Twilio as it may: it takes this one in some time."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Twilio refuses this text with its error code."""

    code: int

    @property
    def opted_out(self) -> bool:
        """The recipient has sent STOP to Twilio itself."""
        return self.code == _OPTED_OUT

    @property
    def ours_to_mend(self) -> bool:
        """Account or number are not set up: no text of the org will be taken."""
        return self.code in _CONFIGURATION


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nobody can tell whether Twilio has the text: no answer in time, or a fault of its own."""


Outcome = Accepted | NotProcessed | QueueFull | Rejected | Unclear


@dataclass(frozen=True, slots=True)
class Sighting:
    """A text as Twilio lists it."""

    sid: str
    status: str
    body: str
    created_at: datetime
    error_code: int | None = None


_OPTED_OUT = 21610
_CONFIGURATION = frozenset({401, 403, 404, 20003, 20404, 21408, 21601, 21606, 21608, 30002, 30034})

_REASONS = {
    20003: "Twilio does not accept our credentials.",
    20404: "Twilio does not know our account.",
    21211: "The number is not valid.",
    21265: "The number is a short code.",
    21408: "Texts to this country are not enabled.",
    21601: "Our number cannot send texts.",
    21606: "Our number cannot send texts.",
    21608: "The account may text verified numbers only.",
    21610: "The person has sent STOP.",
    21612: "There is no route to this number.",
    21614: "The number is no mobile number.",
    21617: "The text is too long.",
    21635: "The number is a landline.",
    30002: "The account is suspended.",
    30003: "The phone cannot be reached.",
    30004: "The message was blocked.",
    30005: "The number is unknown.",
    30006: "The number is a landline or cannot be reached.",
    30007: "The carrier filtered the text.",
    30008: "The carrier gave no reason.",
    30034: "Our number is not registered with the carriers.",
    30036: "The text waited too long.",
    30450: "Twilio blocked the text as suspicious.",
}


def reason(code: int | None) -> str:
    """Why a text was not sent, for a person."""
    return _REASONS.get(code or 0, "Twilio did not send the text.")


_OURS = {
    "accepted": "sending",
    "scheduled": "sending",
    "queued": "sending",
    "sending": "sending",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "partially_delivered": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}
_LOWER = {
    "sending": (),
    "sent": ("sending", "unknown"),
    "failed": ("sending", "unknown", "sent"),
    "undelivered": ("sending", "unknown", "sent"),
    # A delivery receipt may follow the word that there would be none.
    "delivered": ("sending", "unknown", "sent", "failed", "undelivered"),
}


def ours(vendor_status: str) -> str | None:
    """Our word for a status of Twilio's, None for one that says nothing."""
    return _OURS.get(vendor_status)


def before(status: str) -> tuple[str, ...]:
    """The statuses from which a text may move to this one: never backwards."""
    return _LOWER[status]

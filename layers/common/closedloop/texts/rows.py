"""Texts as answers and events carry them: rows of sms_logs, and what threads show of them.

For annotations: no function loads this module. A field that may be missing is absent where there
is nothing to say.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypeAliasType, TypedDict

from closedloop.core.values import PhoneNumber, StoredRow, Time, one_of
from closedloop.texts import model

PersonTable = TypeAliasType(
    "PersonTable",
    Annotated[
        Literal["contacts", "leads", "appointment_holds"],
        Field(
            description="Where the person of a text is kept. A text with a code is a hold's: "
            "nobody knows yet whose number it is."
        ),
    ],
)

SmsStatus = TypeAliasType(
    "SmsStatus",
    Annotated[
        Literal[
            "pending",
            "sending",
            "sent",
            "delivered",
            "undelivered",
            "failed",
            "unknown",
            "received",
        ],
        Field(
            description="Out: pending, sending, sent, delivered; undelivered and failed are over; "
            "of an unknown one nobody can tell yet. In: received."
        ),
    ],
)

SmsDirection = TypeAliasType("SmsDirection", Literal["in", "out"])

SmsCategory = TypeAliasType(
    "SmsCategory", Annotated[str, one_of(model.MARKETING, model.TRANSACTIONAL, model.REPLY)]
)

HeldFor = TypeAliasType(
    "HeldFor",
    Annotated[
        Literal["quiet_hours", "breaker", "queue_full"],
        Field(description="Why a text waits before it is sent."),
    ],
)

BreakerState = TypeAliasType("BreakerState", Literal["closed", "open", "half_open"])

Segments = TypeAliasType(
    "Segments",
    Annotated[
        int,
        Field(
            description="How many texts the carriers make of it, and charge for: 160 characters of "
            "GSM-7 in one and 153 in each of several, of UCS-2 70 and 67.",
            ge=1,
        ),
    ],
)

Attempt = TypeAliasType(
    "Attempt", Annotated[int, Field(description="1 at first, one more each time.", ge=1)]
)


TextLanguage = TypeAliasType("TextLanguage", Literal["en", "es"])


class SmsError(TypedDict):
    """Why a text was not sent or not delivered."""

    code: str
    """Twilio's number as a text, or a word of ours: `NO_CONSENT`, `GIVEN_UP`, ..."""
    reason: str
    """A sentence for a person."""


class SmsQuestion(TypedDict):
    """What an answer to this text would answer."""

    kind: Literal["confirm_appointment"]
    appointment_id: str
    start: NotRequired[Time]
    """The time that the text names. When the visit has another by then, it is not sent."""
    language: NotRequired[TextLanguage]
    """In which the text is written, and what its reply is answered in; absent: English."""


class SmsChoice(TypedDict):
    """The visits that a person was asked to choose from, in the order of their numbers."""

    means: Literal["confirm", "cancel"]
    appointment_ids: list[str]


_From = TypedDict("_From", {"from": NotRequired[PhoneNumber]})  # a keyword: no class can name it


class SmsLog(StoredRow, _From):
    """One text message as it is stored, in or out. Threads show an SmsMessage of it."""

    person_table: PersonTable
    person_id: str
    """The contact or lead whose thread it is in."""
    message: str
    segments: Segments
    direction: SmsDirection
    status: SmsStatus
    category: SmsCategory
    kind: NotRequired[Literal["code"]]
    """It carries a code, whose digits are covered here and everywhere."""
    template_id: NotRequired[str]
    question: NotRequired[SmsQuestion]
    answered_at: NotRequired[Time]
    """When the question was answered."""
    answered_with: NotRequired[Literal["confirm", "cancel"]]
    """What the answer said. Who has confirmed may still cancel."""
    choice: NotRequired[SmsChoice]
    """Of our text that asked which of several visits was meant."""
    answer: NotRequired[str]
    """What we answered to an incoming text."""
    attempt: NotRequired[Attempt]
    """Of outgoing ones."""
    attention: NotRequired[Time]
    """Since when a person should look at it: it failed, or its result is unknown."""
    held_until: NotRequired[Time]
    held_for: NotRequired[HeldFor]
    claimed_at: NotRequired[Time]
    """When the worker took it in order to call Twilio."""
    to: NotRequired[PhoneNumber]
    vendor_id: NotRequired[str]
    """Twilio's sid."""
    vendor_status: NotRequired[str]
    """Twilio's own word."""
    queued_at: NotRequired[Time]
    """When Twilio took it."""
    sent_at: NotRequired[Time]
    delivered_at: NotRequired[Time]
    error: NotRequired[SmsError]

"""Rows as answers and events carry them: what is stored, less what only the backend uses.

For the API's description and its tests alone: no function imports this. Which fields are always
there is what the rules rely on; every other one is absent where there is nothing to say.
"""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from docs.api.values import (
    AppointmentStatus,
    Attempt,
    CallStatus,
    ContactStatus,
    HeldFor,
    LeadStatus,
    PersonTable,
    PhoneNumber,
    Segments,
    Shape,
    SmsCategory,
    SmsDirection,
    SmsStatus,
    Time,
    Version,
)


class Actor(Shape):
    """Who did it: a person of the staff, `system`, or a customer as `sms:` and the person's id."""

    id: str
    email: str
    """Empty where it was no person of the staff."""


class Row(Shape):
    """What every row carries."""

    id: str
    org_id: str
    version: Version
    created_at: Time
    updated_at: Time
    updated_by: Actor


class Appointment(Row):
    """An agreed time."""

    status: AppointmentStatus
    start: Time
    end: Time
    time_zone: str
    """IANA name: the clock by which people read `start` and `end`."""
    contact_id: str | None = None
    contact_name: str | None = None
    contact_phone: PhoneNumber | None = None
    service_id: str | None = None
    service_name: str | None = None
    resource: str | None = None
    """The bay, room or chair that it takes."""
    notes: str | None = None
    confirmed_at: Time | None = None
    confirmed_by: str | None = None
    """Who agreed to it: the id of who pressed, or the name that was given as `confirmedBy`."""
    confirmation_notes: str | None = None
    cancelled_at: Time | None = None
    cancelled_by: str | None = None
    """The id of who called it off; `sms:` and the person's id where a text did."""


class Contact(Row):
    """A person who called or wrote."""

    name: str
    """The number where nobody knows the name."""
    lead_status: ContactStatus
    lead_status_changed_at: Time | None = None
    phone: PhoneNumber | None = None
    email: str | None = None
    notes: str | None = None
    sms_consent: bool | None = None
    """False: no marketing by text. Absent: nobody asked."""
    opted_out_at: Time | None = None
    """Since when STOP holds: nothing is texted to this number."""
    source: str | None = None
    """Where the person came from: `sms`, `website`, ..."""


class Lead(Row):
    """A person in the sales pipeline."""

    name: str
    status: LeadStatus
    status_changed_at: Time | None = None
    phone: PhoneNumber | None = None
    email: str | None = None
    notes: str | None = None
    opted_out_at: Time | None = None
    """Since when STOP holds: nothing is texted to this number."""
    source: str | None = None
    """Where the person came from: `website`, `referral`, ..."""
    service_interest: str | None = None
    value_cents: int | None = None
    """What it may be worth, in cents of the org's currency."""


class Call(Row):
    """A call-back that somebody asked for."""

    contact_id: str
    status: CallStatus
    requested_by: str
    """The id of who pressed the button."""
    notes: str | None = None
    scheduled_for: Time | None = None
    """When to call; absent: as soon as somebody can."""


class SmsError(Shape):
    """Why a text was not sent or not delivered."""

    code: str
    """Twilio's number as a text, or a word of ours: `NO_CONSENT`, `GIVEN_UP`, ..."""
    reason: str
    """A sentence for a person."""


class Question(Shape):
    """What an answer to this text would answer."""

    kind: Literal["confirm_appointment"]
    appointment_id: str


class SmsLog(Row):
    """One text message as it is stored, in or out. Threads show an SmsMessage of it."""

    person_table: PersonTable
    person_id: str
    """The contact or lead whose thread it is in."""
    message: str
    segments: Segments
    direction: SmsDirection
    status: SmsStatus
    category: SmsCategory
    template_id: str | None = None
    question: Question | None = None
    answered_at: Time | None = None
    """When the question was answered."""
    answer: str | None = None
    """What we answered to an incoming text."""
    attempt: Attempt | None = None
    """Of outgoing ones."""
    attention: Time | None = None
    """Since when a person should look at it: it failed, or nobody can tell."""
    held_until: Time | None = None
    held_for: HeldFor | None = None
    claimed_at: Time | None = None
    """When the worker took it in order to call Twilio."""
    to: PhoneNumber | None = None
    from_: PhoneNumber | None = Field(None, alias="from")
    vendor_id: str | None = None
    """Twilio's sid."""
    vendor_status: str | None = None
    """Twilio's own word."""
    queued_at: Time | None = None
    """When Twilio took it."""
    sent_at: Time | None = None
    delivered_at: Time | None = None
    error: SmsError | None = None


class Job(Row):
    """The work behind one Square booking. Its fields are open here: no rule writes one yet."""

    model_config = ConfigDict(extra="allow")

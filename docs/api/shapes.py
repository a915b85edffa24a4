"""What answers carry beside rows: views of texts, the log, who is signed in, changes as told.

For the API's description and its tests alone: no function imports this.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from docs.api.org import Org
from docs.api.rows import Actor, Appointment, Call, Contact, Job, Lead, SmsError, SmsLog
from docs.api.values import (
    Attempt,
    BreakerState,
    ChangeCursor,
    FailureCode,
    HeldFor,
    PersonTable,
    Role,
    Segments,
    Shape,
    SmsCategory,
    SmsDirection,
    SmsStatus,
    TableName,
    Time,
    Version,
)


class AcceptedSms(Shape):
    """A text that is kept and goes out by itself, as the button that sends it is answered."""

    id: str
    leadId: str | None = None  # noqa: N815 - the wire's own spelling, here and below
    """Of a text to a lead."""
    contactId: str | None = None  # noqa: N815
    """Of a text to a contact."""
    message: str
    status: SmsStatus
    segments: Segments
    sentAt: Time  # noqa: N815
    """When the button was pressed."""
    version: Version


class SmsMessage(Shape):
    """A text as a person's thread shows it."""

    id: str
    message: str
    status: SmsStatus
    direction: SmsDirection
    sentAt: Time  # noqa: N815
    """When Twilio sent it; until that is known, when it was written."""
    deliveredAt: Time | None = None  # noqa: N815
    heldUntil: Time | None = None  # noqa: N815
    """It waits until then, if `status` is still pending."""
    heldFor: HeldFor | None = None  # noqa: N815
    error: SmsError | None = None


class FailedSms(SmsMessage):
    """A text that a person should look at, with whose it is."""

    person_table: PersonTable
    person_id: str
    attempt: Attempt
    version: Version


class Template(Shape):
    """A text with gaps that an org can send."""

    id: str
    text: str
    """A gap is a variable's name in braces: `{firstName}`."""
    variables: list[str]
    """The gaps, in order. `name`, `firstName` and `business` are filled without being sent."""
    category: SmsCategory


class Breaker(Shape):
    """Whether a vendor is called just now."""

    name: Literal["twilio"]
    state: BreakerState
    failures: int = Field(ge=0)
    """In the last minute."""
    opened_at: Time | None
    retry_at: Time | None
    """When it is tried again."""


class AlsoWritten(Shape):
    """One more row of the same press."""

    table: TableName
    row_id: str
    after: dict[str, Any]


class AuditEntry(Shape):
    """Who did what to which row, when, with which key and what came of it."""

    id: str
    at: Time
    actor: Actor
    action: str
    """The button's name: `confirm_booking`."""
    table: TableName | None = None
    """Absent, as `row_id`, where the press was refused before its row was known."""
    row_id: str | None = None
    idempotency_key: str
    result: str
    """`ok`, or the error's code."""
    before: dict[str, Any] | None = None
    """Fields of the row as the write proved them. Open: whatever rows of that time had."""
    after: dict[str, Any] | None = None
    """Fields as they were set, null where one was removed."""
    also: list[AlsoWritten] | None = None
    """The fiftieth row of an atomic bulk, which has no entry of its own."""


class Me(Shape):
    """Who is signed in, and for which business."""

    id: str
    email: str
    org_id: str
    roles: list[Role]
    org: Org


class BulkFailure(Shape):
    """A lead of many that was not moved, and why."""

    leadId: str  # noqa: N815
    code: FailureCode
    error: str
    """A sentence for a person."""


class _Change(Shape):
    type: Literal["INSERT", "UPDATE", "DELETE"]
    id: str
    version: Version
    """Drop what is not above yours."""
    cursor: ChangeCursor
    commit_timestamp: Time
    actor: Actor | None
    idempotency_key: str | None
    """The key of the press that did it: a client recognises its own."""
    old_record: None
    """Told over the socket alone (asyncapi.yaml)."""


class AppointmentChange(_Change):
    """An appointment as it is now, null when it is gone."""

    table: Literal["appointments"]
    record: Appointment | None


class CallChange(_Change):
    """A call as it is now, null when it is gone."""

    table: Literal["calls"]
    record: Call | None


class ContactChange(_Change):
    """A contact as it is now, null when it is gone."""

    table: Literal["contacts"]
    record: Contact | None


class JobChange(_Change):
    """A job as it is now, null when it is gone."""

    table: Literal["jobs"]
    record: Job | None


class LeadChange(_Change):
    """A lead as it is now, null when it is gone."""

    table: Literal["leads"]
    record: Lead | None


class SmsChange(_Change):
    """A text as it is now, null when it is gone."""

    table: Literal["sms_logs"]
    record: SmsLog | None


Change = TypeAliasType(
    "Change",
    Annotated[
        AppointmentChange | CallChange | ContactChange | JobChange | LeadChange | SmsChange,
        Field(
            discriminator="table",
            description="One committed change of one row. The same row may come twice.",
        ),
    ],
)

"""Changes as they are caught up: one of each table, with its row as it is now.

For annotations: no function loads this module, and the rows of other features are only named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType, TypedDict

if TYPE_CHECKING:
    from closedloop.bookings.rows import Appointment, HoldRow
    from closedloop.core.values import Author, SyncCursor, Time, Version
    from closedloop.jobs.rows import Job
    from closedloop.people.rows import Call, Contact, Lead
    from closedloop.texts.rows import SmsLog


class _Change(TypedDict):
    type: Literal["INSERT", "UPDATE", "DELETE"]
    id: str
    version: Annotated[Version, Field(description="Drop what is not above yours.")]
    cursor: SyncCursor
    commit_timestamp: Time
    actor: Author | None
    idempotency_key: Annotated[
        str | None,
        Field(description="The key of the press that did it: a client recognises its own."),
    ]
    old_record: Annotated[None, Field(description="Told over the socket alone (asyncapi.yaml).")]


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


class HoldChange(_Change):
    """A hold as it is now, null when it is gone."""

    table: Literal["appointment_holds"]
    record: HoldRow | None


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
        AppointmentChange
        | CallChange
        | ContactChange
        | HoldChange
        | JobChange
        | LeadChange
        | SmsChange,
        Field(
            discriminator="table",
            description="One committed change of one row. The same row may come twice.",
        ),
    ],
)

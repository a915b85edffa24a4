"""Contacts, leads and calls as answers and events carry them: stored, less what only we use.

For annotations: no function loads this module. Which fields are always there is what the rules
rely on; every other one is absent where there is nothing to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired

from typing_extensions import TypeAliasType, TypedDict

from closedloop.core.errors import NotFoundError
from closedloop.core.values import PhoneNumber, StoredRow, Time, one_of
from closedloop.people.errors import AlreadyHasStatusError, LeadChangedError, LeadTransitionError

if TYPE_CHECKING:
    from closedloop.people.contacts import ContactStatus
    from closedloop.people.leads import LeadStatus

CallStatus = TypeAliasType(
    "CallStatus", Literal["requested", "in_progress", "completed", "no_answer", "cancelled"]
)


class Contact(StoredRow):
    """A person who called or wrote."""

    name: str
    """The number, where the name is unknown."""
    lead_status: ContactStatus
    lead_status_changed_at: NotRequired[Time]
    phone: NotRequired[PhoneNumber]
    email: NotRequired[str]
    notes: NotRequired[str]
    sms_consent: NotRequired[bool]
    """False: no marketing by text. Absent: nobody asked."""
    opted_out_at: NotRequired[Time]
    """Since when STOP holds: nothing is texted to this number."""
    source: NotRequired[str]
    """Where the person came from: `sms`, `website`, ..."""


class Lead(StoredRow):
    """A person in the sales pipeline."""

    name: str
    status: LeadStatus
    status_changed_at: NotRequired[Time]
    phone: NotRequired[PhoneNumber]
    email: NotRequired[str]
    notes: NotRequired[str]
    opted_out_at: NotRequired[Time]
    """Since when STOP holds: nothing is texted to this number."""
    source: NotRequired[str]
    """Where the person came from: `website`, `referral`, ..."""
    service_interest: NotRequired[str]
    value_cents: NotRequired[int]
    """What it may be worth, in cents of the org's currency."""


class Call(StoredRow):
    """A call-back that somebody asked for."""

    contact_id: str
    status: CallStatus
    requested_by: str
    """The id of who pressed the button."""
    notes: NotRequired[str]
    scheduled_for: NotRequired[Time]
    """When to call; absent: as soon as somebody can."""
    status_changed_at: NotRequired[Time]
    handled_by: NotRequired[str]
    """The id of who said so."""
    result_notes: NotRequired[str]


FailureCode = TypeAliasType(
    "FailureCode",
    Annotated[
        str,
        one_of(
            *(
                each.code
                for each in (
                    AlreadyHasStatusError,
                    LeadChangedError,
                    LeadTransitionError,
                    NotFoundError,
                )
            )
        ),
    ],
)


class LeadFailure(TypedDict):
    """A lead of many that was not moved, and why."""

    leadId: str
    code: FailureCode
    error: str
    """A sentence for a person."""

"""What the leaves of answers are: times, versions, numbers, states, each by one name."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from aws_lambda_powertools.utilities.circuit_breaker import CircuitState
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from closedloop.bookings.views import Appointments
from closedloop.core.errors import InvalidTransitionError, NotFoundError
from closedloop.core.tables import Table
from closedloop.edge.request import ROLES
from closedloop.people import contacts, leads
from closedloop.people.errors import AlreadyHasStatusError
from closedloop.texts import model


def _one_of(*values: str) -> Any:
    """One of the values that the code itself names."""
    return Field(json_schema_extra={"enum": list(values)})


class Shape(BaseModel):
    """An object in an answer. A field `| None = None` may be absent and is never null."""

    model_config = ConfigDict(use_attribute_docstrings=True)


Time = TypeAliasType(
    "Time",
    Annotated[
        str,
        Field(
            description="A moment in UTC as ISO 8601 writes it, with `Z`: "
            "2026-11-21T15:00:00Z or 2026-11-21T15:00:00.000Z.",
            pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$",
            json_schema_extra={"format": "date-time"},
        ),
    ],
)

Version = TypeAliasType(
    "Version",
    Annotated[
        int,
        Field(
            description="Grows with every write of the row: of two states the one with the larger "
            "version is the later. Microseconds since 1970, so a double holds it exactly.",
            ge=0,
        ),
    ],
)

PhoneNumber = TypeAliasType(
    "PhoneNumber",
    Annotated[str, Field(description="A number in E.164.", pattern=r"^\+[1-9][0-9]{1,14}$")],
)

PageCursor = TypeAliasType(
    "PageCursor",
    Annotated[str, Field(description="Where the list goes on; good for the same question alone.")],
)

ChangeCursor = TypeAliasType(
    "ChangeCursor",
    Annotated[
        str,
        Field(
            description="Up to where the org's changes are known: what `GET /api/changes` and a "
            "subscription take as `since`.",
            max_length=80,
        ),
    ],
)

Role = TypeAliasType("Role", Annotated[str, _one_of(*sorted(ROLES))])

TableName = TypeAliasType("TableName", Table)

PersonTable = TypeAliasType(
    "PersonTable",
    Annotated[
        Literal["contacts", "leads"], Field(description="Where the person of a text is kept.")
    ],
)

AppointmentStatus = TypeAliasType(
    "AppointmentStatus",
    Annotated[str, _one_of(*get_args(get_args(Appointments.model_fields["status"].annotation)[0]))],
)

ContactStatus = TypeAliasType("ContactStatus", contacts.LeadStatus)

LeadStatus = TypeAliasType("LeadStatus", leads.LeadStatus)

CallStatus = TypeAliasType(
    "CallStatus", Literal["requested", "in_progress", "completed", "no_answer", "cancelled"]
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
    "SmsCategory", Annotated[str, _one_of(model.MARKETING, model.TRANSACTIONAL, model.REPLY)]
)

HeldFor = TypeAliasType(
    "HeldFor",
    Annotated[
        Literal["quiet_hours", "breaker"], Field(description="Why a text waits before it is sent.")
    ],
)

BreakerState = TypeAliasType(
    "BreakerState", Annotated[str, _one_of(*(state.value.lower() for state in CircuitState))]
)

FailureCode = TypeAliasType(
    "FailureCode",
    Annotated[
        str,
        _one_of(
            *(each.code for each in (AlreadyHasStatusError, InvalidTransitionError, NotFoundError))
        ),
    ],
)

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

"""What the leaves of rows and answers are: times, versions, numbers, cursors, each by one name.

For annotations: mypy reads them, and the API's description makes a named schema of each. No
function loads this module.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypeAliasType, TypedDict

from closedloop.core.cursors import CHANGES_PATTERN, PAGE_PATTERN
from closedloop.core.tables import Table


def one_of(*values: str) -> Any:
    """A text that is one of these: where the code names the values and mypy sees a text."""
    return Field(json_schema_extra={"enum": list(values)})


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
    Annotated[
        str,
        Field(
            description="Where the list goes on; good for the same question alone.",
            pattern=PAGE_PATTERN,
            max_length=2000,
        ),
    ],
)

SyncCursor = TypeAliasType(
    "SyncCursor",
    Annotated[
        str,
        Field(
            description="Up to where the org's changes are known: what `GET /api/changes` and a "
            "subscription take as `since`.",
            pattern=CHANGES_PATTERN,
        ),
    ],
)

TableName = TypeAliasType("TableName", Table)


Fields = TypeAliasType(
    "Fields", Annotated[dict[str, Any], Field(description="Some fields of a row, by name.")]
)


class Author(TypedDict):
    """Who did it: a person of the staff, `system`, or a customer as `sms:` and the person's id."""

    id: str
    email: str
    """Empty where it was no person of the staff."""


class FieldError(TypedDict):
    """One field or parameter that does not fit."""

    path: str
    """Where it is in the body, joined with dots; empty: the body itself."""
    message: str
    """A sentence for a person."""


class StoredRow(TypedDict):
    """What every row carries."""

    id: str
    org_id: str
    version: Version
    created_at: Time
    updated_at: Time
    updated_by: Author

"""The border of an action: what a caller may send, checked before anything else happens."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

ROW_ID = re.compile(r"^[A-Za-z0-9_\-:.]{1,64}$")
"""What a RowId looks like, where one comes inside of another value."""

RowId = Annotated[str, StringConstraints(pattern=ROW_ID.pattern)]
"""The id of a row: letters, digits and `_-:.`, up to 64."""

Notes = Annotated[str, StringConstraints(max_length=2000)]
"""Free text of a staff member."""

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def _written(moment: Any) -> Any:
    # Pydantic would take a number, or a text of digits, for seconds since 1970.
    if not isinstance(moment, str) or not _ISO_DATE.match(moment):
        raise ValueError("a time as ISO 8601 writes it, with its zone")
    return moment


def _bounded(moment: datetime) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise ValueError("a time between 1970 and 2200")
    return moment


Moment = Annotated[
    AwareDatetime, Field(strict=False), BeforeValidator(_written), AfterValidator(_bounded)
]
"""A time in ISO 8601 with its zone, near enough to be an appointment's."""


class Command(BaseModel):
    """A request body (and path) as a typed value. Unknown fields and wrong types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def as_asked(self) -> dict[str, Any]:
        """What a key stands for: a repeat of the key must ask for the same."""
        return self.model_dump(mode="json", by_alias=True)


class Edit(Command):
    """A change of some fields of a row: null clears one, and one that is not named stays."""

    def as_asked(self) -> dict[str, Any]:
        """What a key stands for, without the fields that are not named: they are no nulls."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

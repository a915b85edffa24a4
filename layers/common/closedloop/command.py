"""The border of an action: what a caller may send, checked before anything else happens."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

RowId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_\-:.]{1,64}$")]
"""The id of a row: letters, digits and `_-:.`, up to 64."""

Notes = Annotated[str, StringConstraints(max_length=2000)]
"""Free text of a staff member."""


class Command(BaseModel):
    """A request body (and path) as a typed value. Unknown fields and wrong types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

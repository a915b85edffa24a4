"""Records of DynamoDB's streams, as Lambda hands them over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from closedloop.dynamo.codec import row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.core.rows import Row


@dataclass(frozen=True, slots=True)
class Committed:
    """One write that happened: the row before and after it, and when (epoch seconds)."""

    table: str
    org_id: str
    old: Row | None
    new: Row | None
    at: float


def committed(record: Mapping[str, Any], prefix: str) -> Committed:
    """The write that a record tells of.

    Raises:
        Exception: of whatever kind; this is no record of a table of rows.
    """
    # arn:aws:dynamodb:<region>:<account>:table/<name>/stream/<label>
    name = record["eventSourceARN"].split("/")[1]
    change = record["dynamodb"]
    old, new = (
        row(change[image]) if image in change else None for image in ("OldImage", "NewImage")
    )
    if not name.startswith(prefix) or (new is None) != (record["eventName"] == "REMOVE"):
        raise ValueError("not a record of ours")
    return Committed(
        table=name.removeprefix(prefix),
        org_id=row(change["Keys"])["org_id"],
        old=old,
        new=new,
        at=float(change["ApproximateCreationDateTime"]),
    )

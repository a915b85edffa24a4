"""Changes as other screens receive them: over a socket when they happen, or by catching up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from closedloop.core.cursors import ChangeCursor
from closedloop.core.rows import gone, public
from closedloop.core.times import iso, microseconds, parse
from closedloop.realtime.packing import FRAME_BYTES, dump

if TYPE_CHECKING:
    from closedloop.core.rows import Row

_EVERY_TIME = frozenset({"version", "updated_at", "updated_by", "status_changed_at"})
"""What is written with every change, or every change of the status: as it was, it says nothing."""


def of_row(table: str, row: Row, since: int) -> Any:
    """The change that the current row means for a client that knows everything up to `since`."""
    if gone(row):
        return _event("DELETE", table, row, None)
    created = microseconds(parse(row["created_at"]))
    return _event("INSERT" if created > since else "UPDATE", table, row, None)


def of_images(table: str, old: Row | None, new: Row | None, at: float) -> Row | None:
    """The change that a row before and after a write means to everybody, None if nothing.

    A tombstone is a deletion, told when it is written: when it is cleaned away later, by TTL or
    by hand, nothing is told. A row that goes without a tombstone is told as deleted at `at`
    (epoch seconds), one version above its last, or it would lose to what a client holds.

    Raises:
        KeyError, TypeError: the images are none of a row.
    """
    if new is None:
        return None if old is None or gone(old) else _removed(table, old, at)
    if gone(new):
        return _event("DELETE", table, new, public(old) if old else None)
    if old is None or gone(old):
        return _event("INSERT", table, new, None)
    return _event("UPDATE", table, new, _changed(old, new))


def fitting(event: Row) -> Row:
    """The event, or if it does not fit a frame the event without its rows and with `truncated`.

    The client then reads the change from `GET /api/changes`, whose answers may be longer.
    """
    if len(dump(event).encode()) <= FRAME_BYTES:
        return event
    return event | {"record": None, "old_record": None, "truncated": True}


def _event(kind: str, table: str, row: Row, old_record: Row | None) -> Row:
    return {
        "type": kind,
        "table": table,
        "id": row["id"],
        "record": None if kind == "DELETE" else public(row),
        "old_record": old_record,
        "version": row["version"],
        "cursor": ChangeCursor.of_version(row["version"]),
        "commit_timestamp": row["updated_at"],
        "actor": row.get("updated_by"),
        "idempotency_key": row.get("idempotency_key"),
    }


def _removed(table: str, old: Row, at: float) -> Row:
    """The last writer of the row did not remove it, so no actor is named."""
    last = {
        "id": old["id"],
        "version": old["version"] + 1,
        "updated_at": iso(datetime.fromtimestamp(at, UTC)),
    }
    return _event("DELETE", table, last, public(old))


def _changed(old: Row, new: Row) -> Row:
    """The fields that differ, as they were; None where there was no such field."""
    before: Row = public(old)
    after: Row = public(new)
    return {
        name: before.get(name)
        for name in {**before, **after}
        if name not in _EVERY_TIME
        and (name not in before or name not in after or before[name] != after[name])
    }

"""Rows as Python values, and as other people may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of an index: the keys found and, unless the index ends here, the last one."""

    keys: list[Row]
    last: Row | None


_OURS = frozenset(
    {
        "claims",
        "expires_at",
        "idempotency_key",
        "lane",
        "lookups",
        "outbox",
        "person_key",
        "photo_removed",
        "shape",
        "spent_on",
        "square",
        "square_hash",
        "tries",
        "work",
        "work_at",
    }
)


_GONE = "deleted_at"  # what a tombstone has and a living row has not


def gone(row: Row | None) -> bool:
    """Whether there is no such row, or only its tombstone, of which catch-up still tells."""
    return row is None or _GONE in row


def public(row: Row) -> Any:
    """A row without the fields that only the backend uses.

    Any: what a stored row holds is known by its table's type, which the reply names.
    """
    return {name: value for name, value in row.items() if name not in _OURS}

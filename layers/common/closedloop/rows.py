"""Rows as other people may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from closedloop.errors import Row

_OURS = frozenset(
    {"idempotency_key", "expires_at", "lookups", "outbox", "person_key", "work", "work_at"}
)


def public(row: Row) -> Row:
    """A row without the fields that only the backend uses."""
    return {name: value for name, value in row.items() if name not in _OURS}

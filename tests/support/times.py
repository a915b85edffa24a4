"""The formats of stored times (docs/data-model.md): one for moments, one for agreed times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.database import Database

AGREED = frozenset({"start", "end", "appointmentTime"})
"""Times that people agree on, kept to the second."""

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.,]*(Z|[+-]\d\d:?\d\d)?")
_TO_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_TO_MILLISECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def wrong_in(db: Database, org: str) -> list[str]:
    """Every wrong time in the org's rows and audit entries."""
    return list(wrong_times([db.snapshot(org), db.audit(org)]))


def wrong_times(stored: Any, name: str = "") -> Iterator[str]:
    """Every time in a stored value that has not the format of its field, as `field: value`.

    A field is one for times if it is called so (`..._at`, `start`, `end`) or holds a time. A
    number is no stored time but an expiry in epoch seconds, which TTL asks for.
    """
    if isinstance(stored, dict):
        for each, value in stored.items():
            yield from wrong_times(value, each)
    elif isinstance(stored, list):
        for value in stored:
            yield from wrong_times(value, name)
    elif isinstance(stored, str) and (_is_for_times(name) or _TIME.fullmatch(stored)):
        wanted = _TO_SECOND if name in AGREED else _TO_MILLISECOND
        if not wanted.fullmatch(stored):
            yield f"{name}: {stored}"


def _is_for_times(name: str) -> bool:
    return name in AGREED or name.endswith("_at")

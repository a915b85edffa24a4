"""Cursors: where a list goes on, and up to where a client knows the changes of its org."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from closedloop.core.errors import ValidationFailedError
from closedloop.core.times import microseconds

if TYPE_CHECKING:
    from datetime import datetime

OVERLAP = timedelta(minutes=2)
"""A version is chosen before its commit: within this time one may still appear behind another.

The function's time-out (10 s) bounds the first gap; the rest is for clocks and for the index, which
promises no lag. Clients drop what they know by `version`.
"""

KEPT = timedelta(days=7)
"""How far back changes can be caught up; deleted rows leave their tombstone for as long."""

PAGE_PATTERN = r"^[A-Za-z0-9_-]+$"
"""How the cursor of a page is written: base64 for URLs."""

CHANGES_PATTERN = r"^(c-[0-9]{1,17}|p-[0-9]{1,17}-[0-9]{1,17}-[0-9]{1,17})$"
"""How a ChangeCursor is written."""

_MICROSECOND = timedelta(microseconds=1)


def encode_page(question: str, last: dict[str, Any]) -> str:
    """The cursor of the page after `last`, good for the same question alone."""
    text = json.dumps({"q": _mark(question), "k": last}, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_page(question: str, cursor: str, names: frozenset[str]) -> dict[str, Any]:
    """The key to go on from: a value for each of `names`.

    Raises:
        ValidationFailedError: the cursor is not one of ours, or of another question.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        content = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        key = content["k"]
        ours = content["q"] == _mark(question) and key.keys() == names
        ours = ours and all(isinstance(part, str | int) and part != "" for part in key.values())
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        ours = False
    if not ours:
        raise ValidationFailedError.at("cursor", "This cursor does not belong to this list.")
    return dict(key)


def _mark(question: str) -> str:
    return hashlib.sha256(question.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class ChangeCursor:
    """Up to which version a client knows its org.

    `safe` leaves the overlap out: everything up to it has appeared. In the middle of a long
    answer `position` is the last version delivered and `issued` when the answer began, both
    microseconds.
    """

    safe: int
    position: int | None = None
    issued: int = 0

    @classmethod
    def at(cls, moment: datetime) -> ChangeCursor:
        """The cursor of a client that knows everything as of `moment`."""
        return cls(microseconds(moment - OVERLAP))

    @classmethod
    def of_version(cls, version: int) -> str:
        """The cursor that a live event carries: safe to come back with."""
        return str(cls(max(0, version - OVERLAP // _MICROSECOND)))

    @classmethod
    def parse(cls, text: str) -> ChangeCursor:
        """The cursor written as `text`.

        Raises:
            ValidationFailedError: it is not one of ours.
        """
        if not re.fullmatch(CHANGES_PATTERN, text):
            raise ValidationFailedError.at("since", "This is not a cursor of changes.")
        return cls(*map(int, text.split("-")[1:]))

    def __str__(self) -> str:
        if self.position is None:
            return f"c-{self.safe}"
        return f"p-{self.safe}-{self.position}-{self.issued}"

    def start(self, now: datetime) -> int:
        """The version after which a client with this cursor goes on.

        A client that comes back late in the middle of an answer starts at the safe point again:
        something may have appeared behind its position.
        """
        return self.position if self.position and self._goes_on(now) else self.safe

    def is_too_old(self, now: datetime) -> bool:
        """Whether tombstones that the client needs may be gone."""
        return self.safe < microseconds(now - KEPT - OVERLAP)

    def next(self, delivered: int, *, more: bool, now: datetime) -> ChangeCursor:
        """The cursor after an answer whose last version was `delivered`.

        What lies behind a position was read when the answer began, not now: the safe point is
        measured from there.
        """
        began = self.issued if self._goes_on(now) else microseconds(now)
        floor = began - OVERLAP // _MICROSECOND
        if more:
            return ChangeCursor(max(self.safe, min(delivered, floor)), delivered, began)
        return ChangeCursor(max(self.safe, floor))

    def _goes_on(self, now: datetime) -> bool:
        return self.position is not None and microseconds(now - OVERLAP) <= self.issued

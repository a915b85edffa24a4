"""The border of a read: query parameters as typed values, and lists that are paged."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Protocol

from pydantic import BaseModel, ConfigDict, Field

from closedloop.core.cursors import PAGE_PATTERN, decode_page, encode_page
from closedloop.core.errors import ValidationFailedError
from closedloop.core.rows import gone
from closedloop.core.times import to_second

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from closedloop.core.rows import Page, Row

_STRETCHES = 6
_LONG_STRETCH = 200
"""How much of an index one request reads at most while a filter drops what it finds."""


class Reads(Protocol):
    """The reading side of the database, for one org at a time."""

    def get(self, table: str, org_id: str, row_id: str) -> Row | None:
        """One row, as of now."""

    def rows(self, table: str, org_id: str, ids: Sequence[str]) -> list[Row]:
        """Rows by id, as of now, in the order asked for; those that are gone are left out."""

    def system(self, ids: Sequence[str]) -> dict[str, Row]:
        """Items that belong to no org, by id; those that do not exist are left out."""

    def page(
        self,
        table: str,
        index: str | None,
        org_id: str,
        between: tuple[str, Any, Any] | None = None,
        *,
        limit: int,
        after: Row | None = None,
        newest_first: bool = False,
    ) -> Page:
        """Up to `limit` entries of an index (or of the table), in its order.

        `between` bounds the range key, both ends included. `after` is the `last` of a page.
        """


class Question(BaseModel):
    """Query parameters as typed values. Unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Paged(Question):
    """A list that goes on at `cursor`."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(pattern=PAGE_PATTERN, max_length=2000)] | None = None

    @property
    def about(self) -> str:
        """What the list is of: a cursor is good for the same list alone."""
        return type(self).__name__ + self.model_dump_json(exclude={"limit", "cursor"})


def listed(
    question: Paged,
    range_key: str,
    org_id: str,
    stretch: Callable[[int, Row | None], Page],
    load: Callable[[list[Row]], list[Row]],
) -> tuple[list[Row], str | None]:
    """Up to `limit` rows of a list and the cursor of the rest, None at the end.

    `stretch(limit, after)` reads keys from an index; `load` turns them into the stored rows that
    the question wants. No list shows what is deleted. Where a filter drops nearly all of many, the
    list may be shorter than `limit` and still go on.
    """
    names = frozenset({"id", range_key})
    after: Row | None = None
    if question.cursor is not None:
        known = decode_page(question.about, question.cursor, names)
        after = {"org_id": org_id, **known}
    found: list[Row] = []
    size = question.limit
    for _ in range(_STRETCHES):
        page = stretch(size, after)
        found += [row for row in load(page.keys) if not gone(row)]
        after = page.last
        if len(found) > question.limit:
            del found[question.limit :]
            after = found[-1]
        if after is None or len(found) == question.limit:
            break
        size = _LONG_STRETCH  # a filter drops rows: fewer and longer stretches from here on
    return found, _rest(question, names, after)


def _rest(question: Paged, names: frozenset[str], after: Row | None) -> str | None:
    if after is None:
        return None
    last: dict[str, Any] = {name: after[name] for name in names}
    return encode_page(question.about, last)


def whole_seconds(start: datetime, end: datetime) -> tuple[str, str]:
    """The first and the last second from `start` (included) to `end` (not included), as stored.

    Raises:
        ValidationFailedError: `to` is not after `from`.
    """
    if end <= start:
        raise ValidationFailedError.at("to", "The end must be after the start.")
    bounds = (
        start + timedelta(microseconds=999_999) if start.microsecond else start,
        end - timedelta(microseconds=1),
    )
    first, last = (to_second(bound) for bound in bounds)
    return first, max(first, last)

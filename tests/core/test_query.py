"""Lists in pages: every row once, whatever is dropped on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closedloop.core.query import Paged, listed
from closedloop.core.rows import Page

if TYPE_CHECKING:
    from closedloop.core.rows import Row


class Index:
    """An index of so many rows, of which every so-manieth is kept."""

    def __init__(self, size: int, keep: int = 1) -> None:
        self.rows = [{"org_id": "demo", "id": f"{i:05}", "at": i} for i in range(size)]
        self.keep = keep
        self.asked: list[int] = []

    def stretch(self, limit: int, after: Row | None) -> Page:
        """The next stretch; like DynamoDB's, one that ends at the last row may not know it."""
        self.asked.append(limit)
        start = after["at"] + 1 if after else 0
        keys = self.rows[start : start + limit]
        return Page(keys, keys[-1] if len(keys) == limit else None)

    def load(self, keys: list[Row]) -> list[Row]:
        """The rows that a filter lets through."""
        return [each for each in keys if each["at"] % self.keep == 0]

    def page(self, limit: int, cursor: str | None = None) -> tuple[list[int], str | None]:
        """A page of the list."""
        rows, rest = listed(
            Paged(limit=limit, cursor=cursor), "at", "demo", self.stretch, self.load
        )
        return [each["at"] for each in rows], rest


@given(st.integers(0, 60), st.integers(1, 20), st.integers(1, 7))
def test_pages_show_every_row_once_and_in_order(size: int, limit: int, keep: int) -> None:
    """Until there is no cursor; no page is longer than asked for."""
    index, shown, cursor = Index(size, keep), list[int](), None
    for _ in range(size + 2):
        rows, cursor = index.page(limit, cursor)
        assert len(rows) <= limit
        shown += rows
        if cursor is None:
            break
    assert cursor is None
    assert shown == list(range(0, size, keep))


def test_a_filter_that_drops_much_reads_longer_stretches() -> None:
    """What is found too much is left for the next page."""
    index = Index(1000, keep=40)
    rows, cursor = index.page(5)
    assert (rows, index.asked) == ([0, 40, 80, 120, 160], [5, 200])
    assert index.page(5, cursor)[0] == [200, 240, 280, 320, 360]


def test_a_filter_that_drops_nearly_all_gives_a_short_page_that_goes_on() -> None:
    """After six stretches, so that one request does not read an index to its end."""
    index = Index(5000, keep=4000)
    rows, cursor = index.page(5)
    assert (rows, len(index.asked)) == ([0], 6)
    assert cursor is not None
    while cursor:
        more, cursor = index.page(5, cursor)
        rows += more
    assert rows == [0, 4000]


def test_no_list_shows_what_is_deleted() -> None:
    """A tombstone is kept for those who catch up."""
    index = Index(3)
    index.rows[1]["deleted_at"] = "then"
    assert index.page(5) == ([0, 2], None)


@pytest.mark.parametrize("limit", [3, 2])
def test_a_full_page_goes_on_unless_the_index_ends(limit: int) -> None:
    """The end is told as soon as it is known."""
    rows, cursor = Index(2).page(limit)
    assert (rows, cursor is None) == ([0, 1], limit == 3)
    assert Index(3, keep=2).page(2) == ([0, 2], None)

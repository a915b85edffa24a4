"""Lists of Square's stand-in: windows, pages and cursors, by the judgement of Square's package."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from square.core.api_error import ApiError

from closedloop.square import errors
from local.sandbox.faults import Fault
from tests.sandbox.selling import END, START, WINDOW, book, listed, sdk
from tests.support.square import ACCOUNT

if TYPE_CHECKING:
    from tests.support.square import Selling


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4])
def test_pages_at_their_edges(square: Selling, number: int) -> None:
    """Nothing, one, the limit, the limit and one: all of them, once each."""
    ids = book(square, number)
    pages = list(square.client().bookings(START, END, limit=2))
    assert [each.id for page in pages for each in page.bookings] == ids
    assert [page.last for page in pages] == [*([False] * (len(pages) - 1)), True]


@pytest.mark.parametrize("end_counts", [True, False])
def test_a_booking_on_the_border_of_two_windows(square: Selling, *, end_counts: bool) -> None:
    """Whether Square counts the end in or not: in the second window alone."""
    square.vendor.lists[ACCOUNT.merchant_id].end_counts = end_counts
    square.vendor.seller.book({"id": "edge", "start_at": "2026-04-01T00:00:00Z"})
    assert listed(square) == []
    april = square.client().bookings(END, END + timedelta(days=30))
    assert [each.id for page in april for each in page.bookings] == ["edge"]


def test_without_bounds_a_list_begins_now_and_ends_in_31_days(square: Selling) -> None:
    """The default that makes past bookings disappear; a longer window is refused."""
    now = square.vendor.clock.now()
    for days in (-1, 1, 40):
        square.vendor.seller.book(
            {"start_at": (now + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")}
        )
    assert len(list(sdk(square).bookings.list())) == 1
    with pytest.raises(ApiError) as refused:
        list(sdk(square).bookings.list(**(WINDOW | {"start_at_max": "2026-04-02T00:00:00Z"})))
    assert (refused.value.status_code, refused.value.errors[0].field) == (400, "start_at_max")


def pages_of(square: Selling) -> Any:
    """The first page of two, and the window's further pages."""
    book(square, 4)
    pages = square.client().bookings(START, END, limit=2)
    next(pages)
    return pages


def test_a_cursor_dies_after_five_minutes(square: Selling) -> None:
    """By Square's clock; the window is to be begun anew."""
    pages = pages_of(square)
    square.vendor.clock.ahead += 301
    with pytest.raises(errors.SquareBadCursorError):
        next(pages)


@pytest.mark.parametrize(
    "change", [{"limit": 3}, {"location_id": "L"}, {"start_at_max": "2026-03-31T00:00:00Z"}, {}]
)
def test_a_cursor_belongs_to_all_parameters(square: Selling, change: dict[str, Any]) -> None:
    """Other ones, or the cursor alone: 400, and the field is the cursor."""
    book(square, 4)
    first = sdk(square).bookings.list(limit=2, **WINDOW)
    assert len(first.items or []) == 2
    cursor = first.response.cursor
    asked = {"limit": 2, **WINDOW, **change} if change else {}
    with pytest.raises(ApiError) as refused:
        sdk(square).bookings.list(cursor=cursor, **asked)
    assert (refused.value.status_code, refused.value.errors[0].field) == (400, "cursor")


def test_trouble_on_a_page_in_the_middle(square: Selling) -> None:
    """429 on page two of four: asked again with the same cursor, and nothing is missing."""
    book(square, 8)
    found: list[str] = []
    for number, page in enumerate(square.client().bookings(START, END, limit=2)):
        found += [each.id for each in page.bookings]
        if number == 0:
            square.faults.add(Fault("square", "429", count=1))
    assert (len(found), len(set(found))) == (8, 8)
    assert len(square.server.api.asked) == 5

"""The client before a server that behaves as Square does on its bad days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from closedloop.square import errors
from closedloop.square.model import Found, UnreadableRecordError
from tests.square.scripted import Answer, scripted
from tests.square.wired import END, START, booking, ids, page

pytestmark = pytest.mark.usefixtures("pauses")


def test_a_window_is_read_to_its_end() -> None:
    """Three pages, one of them empty; every parameter is repeated with the cursor."""
    with scripted(page(booking("a"), cursor="2"), page(cursor="3"), page(booking("b"))) as square:
        pages = list(square.square().bookings(START, END, "L1"))
    assert ids(pages) == [["a"], [], ["b"]]
    assert [each.last for each in pages] == [False, False, True]
    window = {
        "start_at_min": "2026-03-01T00:00:00Z",
        "start_at_max": "2026-04-01T00:00:00Z",
        "limit": "100",
        "location_id": "L1",
    }
    queries = [each.query for each in square.asked]
    assert queries == [window, window | {"cursor": "2"}, window | {"cursor": "3"}]


def test_what_every_call_carries() -> None:
    """The token, the version of the API whose shapes we know, no traces of the environment."""
    with scripted(page()) as square:
        list(square.square("secret-token").bookings(START, END))
    (asked,) = square.asked
    assert asked.headers["authorization"] == "Bearer secret-token"
    assert asked.headers["square-version"] == "2026-09-16"


@pytest.mark.parametrize("days", [0, -1, 32])
def test_a_window_that_square_does_not_list(days: int) -> None:
    """Longer than 31 days or shorter than nothing: refused before anybody is asked."""
    with scripted(page()) as square, pytest.raises(ValueError, match="31 days"):
        list(square.square().bookings(START, START + timedelta(days=days)))
    assert square.asked == []


def test_a_start_on_the_boundary_of_two_windows_is_seen_once() -> None:
    """Whether Square counts the end in or not, and to the second."""
    first = booking("first", "2026-03-01T00:00:00Z")
    last = booking("last", "2026-03-31T23:59:59Z")
    edge = booking("edge", "2026-04-01T00:00:00Z")
    with scripted(page(first, last, edge), page(edge)) as square:
        client = square.square()
        march = list(client.bookings(START, END))
        april = list(client.bookings(END, END + timedelta(days=30)))
    assert (ids(march), ids(april)) == ([["first", "last"]], [["edge"]])
    assert [each.strays for each in (*march, *april)] == [(), ()]


def test_a_booking_outside_the_window_is_a_stray() -> None:
    """It is told of and belongs to no window."""
    with scripted(page(booking("a"), booking("stray", "2026-05-02T09:00:00Z"))) as square:
        (only,) = square.square().bookings(START, END)
    assert [each.id for each in only.bookings] == ["a"]
    assert [each.id for each in only.strays] == ["stray"]


def test_one_booking_that_cannot_be_read() -> None:
    """99 are read and one is told of, with the fields that are wrong and not their values."""
    wrong = booking("bad", start_at="secret of a customer")
    good = [booking(str(number)) for number in range(99)]
    with scripted(page(*good[:50], wrong, *good[50:])) as square:
        (only,) = square.square().bookings(START, END)
    (unreadable,) = only.unreadable
    assert (len(only.bookings), only.full) == (99, True)
    assert (unreadable.id, unreadable.fields) == ("bad", wrong)
    assert "start_at" in unreadable.reason
    assert "secret" not in unreadable.reason


@pytest.mark.parametrize("body", [{"bookings": {"a": 1}}, {"bookings": "none"}])
def test_a_list_that_is_none(body: Any) -> None:
    """It is no empty list: nothing may be concluded from it."""
    with scripted(Answer(body=body)) as square, pytest.raises(errors.SquareUnexpectedError):
        list(square.square().bookings(START, END))


def test_a_cursor_that_leads_to_itself() -> None:
    """The client does not go in circles."""
    with (
        scripted(page(booking("a"), cursor="2")) as square,
        pytest.raises(errors.SquareUnexpectedError),
    ):
        list(square.square().bookings(START, END))
    assert len(square.asked) == 2


def test_one_booking() -> None:
    """By its id, which is not trusted to be free of slashes."""
    with scripted(Answer(body={"booking": booking("a/b?")})) as square:
        found = square.square().booking("a/b?")
    assert (found.id, found.version) == ("a/b?", 0)
    assert square.asked[0].path == "/v2/bookings/a%2Fb%3F"
    half = Answer(body={"booking": {"id": "a"}})
    with scripted(half) as square, pytest.raises(UnreadableRecordError):
        square.square().booking("a")


NOT_FOUND = {"errors": [{"category": "INVALID_REQUEST_ERROR", "code": "NOT_FOUND"}]}


LIMITED = {"errors": [{"category": "RATE_LIMIT_ERROR", "code": "RATE_LIMITED"}]}


def test_bookings_by_id() -> None:
    """Missing is only what Square says that it does not have: silence and trouble are no answer."""
    answers = {
        "here": {"booking": booking("here")},
        "gone": NOT_FOUND,
        "busy": LIMITED,
        "bad": {"booking": {"id": "bad"}},
        "odd": [],
    }
    with scripted(Answer(body={"bookings": answers})) as square:
        found = square.square().bookings_by_id(
            ["here", "gone", "busy", "bad", "odd", "no", "here", ""]
        )
    assert list(found.records) == ["here"]
    assert found.missing == ("gone",)
    assert found.failed == {"busy": "RATE_LIMITED", "odd": "NO_ANSWER", "no": "NO_ANSWER"}
    assert list(found.unreadable) == ["bad"]
    assert square.asked[0].body == {"booking_ids": ["here", "gone", "busy", "bad", "odd", "no"]}


def test_customers_a_hundred_at_once() -> None:
    """A merged one answers with its new id, under the id that was asked for."""
    first = {str(n): {"customer": {"id": str(n)}} for n in range(100)}
    second = {"100": {"customer": {"id": "merged", "given_name": "Ann", "family_name": "Lee"}}}
    with scripted(Answer(body={"responses": first}), Answer(body={"responses": second})) as square:
        found = square.square().customers([str(n) for n in range(101)])
    assert [len(each.body["customer_ids"]) for each in square.asked] == [100, 1]
    assert len(found.records) == 101
    assert (found.records["100"].id, found.records["100"].name) == ("merged", "Ann Lee")


def test_nobody_is_asked_for_nothing() -> None:
    """No ids, no call."""
    with scripted(Answer(500)) as square:
        client = square.square()
        assert client.bookings_by_id([]) == Found({}, (), {}, {})
        assert client.service_names([]) == {}
    assert square.asked == []


def test_service_names() -> None:
    """The item's name, for the variation's is often just "Regular"; kept, deleted ones too."""
    body = {
        "objects": [
            {
                "id": "V1",
                "type": "ITEM_VARIATION",
                "version": 1605808735978,
                "item_variation_data": {
                    "item_id": "I1",
                    "name": "Regular",
                    "service_duration": 3_600_000,
                    "price_money": {"amount": 12500, "currency": "USD"},
                },
            },
            {"id": "V2", "type": "ITEM_VARIATION", "item_variation_data": {"name": "Old"}},
            {"id": "X", "type": "TAX"},
            "nonsense",
        ],
        "related_objects": [{"id": "I1", "type": "ITEM", "item_data": {"name": "Full Detail"}}],
    }  # fmt: skip
    with scripted(Answer(body=body)) as square:
        client = square.square()
        names = client.service_names(["V1", "V2", "gone", "V1"])
        assert client.service_names(["V1", "gone"])["V1"] == names["V1"]
    full, old = names["V1"], names["V2"]
    assert (full.name, full.variation_name, full.duration_minutes, full.price_cents) == (
        "Full Detail", "Regular", 60, 12500,
    )  # fmt: skip
    assert (full.version, old.name, "gone" in names) == (1605808735978, "Old", False)
    assert len(square.asked) == 1

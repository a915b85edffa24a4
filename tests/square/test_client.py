"""The client before a server that behaves as Square does on its bad days."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core import deadline
from closedloop.square import errors
from closedloop.square.clients import calls
from closedloop.square.clients.calls import Calls
from closedloop.square.clients.square import Square
from closedloop.square.model import Found, UnreadableRecordError
from tests.square.scripted import HANG_UP, NEVER, Answer, error, scripted, token
from tests.support.database import free_port

if TYPE_CHECKING:
    from collections.abc import Sequence

    from closedloop.square.model import Page

START = datetime(2026, 3, 1, tzinfo=UTC)
END = START + timedelta(days=31)


def booking(
    booking_id: str, start_at: str = "2026-03-02T09:00:00Z", **fields: Any
) -> dict[str, Any]:
    """A booking as Square sends it."""
    segment = {"duration_minutes": 60, "team_member_id": "TM1", "service_variation_id": "V1"}
    return {
        "id": booking_id,
        "version": 0,
        "status": "ACCEPTED",
        "start_at": start_at,
        "appointment_segments": [segment],
    } | fields


def page(*bookings: Any, cursor: str | None = None) -> Answer:
    """A page of a list; as Square does, without a list where there is nothing to list."""
    body: dict[str, Any] = {"bookings": list(bookings)} if bookings else {}
    return Answer(body=body | ({"cursor": cursor} if cursor else {}))


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the client has waited; nobody waits for it."""
    waited: list[float] = []
    monkeypatch.setattr(calls, "_sleep", waited.append)
    return waited


def ids(pages: Sequence[Page]) -> list[list[str]]:
    """The bookings of each page."""
    return [[each.id for each in page.bookings] for page in pages]


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


TROUBLE = [
    (error("RATE_LIMITED", 429), errors.SquareRateLimitedError, 5),
    (Answer(429, b"Too many"), errors.SquareRateLimitedError, 5),
    (error("INTERNAL_SERVER_ERROR", 500), errors.SquareUnavailableError, 5),
    (error("SERVICE_UNAVAILABLE", 503), errors.SquareUnavailableError, 5),
    (error("GATEWAY_TIMEOUT", 504), errors.SquareUnavailableError, 5),
    (Answer(502, b"<html>"), errors.SquareUnavailableError, 5),
    (error("REQUEST_TIMEOUT", 408), errors.SquareUnavailableError, 5),
    (Answer(HANG_UP), errors.SquareUnavailableError, 5),
    (error("UNAUTHORIZED", 401), errors.SquareUnauthorizedError, 1),
    (error("ACCESS_TOKEN_EXPIRED", 401), errors.SquareTokenExpiredError, 1),
    (error("ACCESS_TOKEN_REVOKED", 401), errors.SquareRevokedError, 1),
    (error("INSUFFICIENT_SCOPES", 403), errors.SquareForbiddenError, 1),
    (error("NOT_FOUND", 404), errors.SquareNotFoundError, 1),
    (error("INVALID_VALUE", 400, field="cursor"), errors.SquareBadCursorError, 1),
    (error("INVALID_CURSOR", 400), errors.SquareBadCursorError, 1),
    (error("INVALID_TIME_RANGE", 400), errors.SquareUnexpectedError, 1),
    (error("CONFLICT", 409), errors.SquareUnexpectedError, 1),
    (error("INTERNAL_SERVER_ERROR", 200), errors.SquareUnexpectedError, 1),
    (Answer(200, b"not json"), errors.SquareUnexpectedError, 1),
    (Answer(200, []), errors.SquareUnexpectedError, 1),
    (
        Answer(302, headers={"Location": "https://elsewhere.example"}),
        errors.SquareUnexpectedError,
        1,
    ),
]


@pytest.mark.parametrize(("answer", "kind", "asked"), TROUBLE)
def test_a_failure_has_its_name(
    monkeypatch: pytest.MonkeyPatch, answer: Answer, kind: type[Exception], asked: int
) -> None:
    """Never an empty list. What may pass is asked five times, at this one layer; the rest once."""
    monkeypatch.setattr(calls, "_LONGEST_PAUSE", 0.0)
    with scripted(answer) as square, pytest.raises(kind) as raised:
        list(square.square().bookings(START, END))
    assert type(raised.value) is kind
    assert len(square.asked) == asked


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused connection is tried again like any other trouble."""
    monkeypatch.setattr(calls, "_LONGEST_PAUSE", 0.0)
    client = Calls(f"http://127.0.0.1:{free_port()}", token("t"))
    with pytest.raises(errors.SquareUnavailableError):
        client.get("/v2/bookings")


def test_an_answer_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time-out of a call never goes past the deadline."""
    monkeypatch.setattr(calls, "_ATTEMPTS", 1)
    monkeypatch.setattr(deadline, "SECONDS", 0.2)
    with scripted(Answer(NEVER)) as square, pytest.raises(errors.SquareUnavailableError):
        square.square().booking("a")


def test_square_says_how_long_to_wait(pauses: list[float]) -> None:
    """That long and a little more, so that not all of its clients come back at once."""
    limited = error("RATE_LIMITED", 429)
    limited.headers["Retry-After"] = "2"
    with scripted(page(booking("a"), cursor="2"), limited, page(booking("b"))) as square:
        pages = list(square.square().bookings(START, END))
    assert ids(pages) == [["a"], ["b"]]
    (waited,) = pauses
    assert 2 <= waited <= 3
    assert square.asked[1].query == square.asked[2].query


def test_nobody_waits_past_the_deadline(pauses: list[float]) -> None:
    """Square asks for more patience than there is: who asked comes back later, and knows when."""
    limited = error("RATE_LIMITED", 429)
    limited.headers["Retry-After"] = "60"
    with scripted(limited) as square, pytest.raises(errors.SquareRateLimitedError) as raised:
        square.square().booking("a")
    assert raised.value.retry_after == 60
    assert (len(square.asked), pauses) == (1, [])


def test_the_pauses_grow_and_are_random(pauses: list[float]) -> None:
    """1, 2, 4, 8 seconds at most, each from nothing on: full jitter."""
    with scripted(error("INTERNAL_SERVER_ERROR", 500)) as square:
        patient = square.calls(token("t"), until=lambda: float("inf"))
        with pytest.raises(errors.SquareUnavailableError):
            patient.get("/v2/bookings/a")
    assert len(pauses) == 4
    assert all(0 <= pause <= 2**attempt for attempt, pause in enumerate(pauses))


def test_calls_of_one_seller_are_paced(pauses: list[float]) -> None:
    """A handful at once, then so many a second: Square is not driven to its limit."""
    with scripted(page()) as square:
        client = square.calls(token("t"), calls_a_second=0.001)
        for _ in range(8):
            client.get("/v2/bookings")
    assert len(pauses) == 2  # six at once, for the first of a burst waits for nobody


def test_a_token_that_was_renewed_meanwhile() -> None:
    """A 401 makes the client read the secret past the cache, once."""
    with scripted(error("UNAUTHORIZED", 401), page(booking("a"))) as square:
        client = Square(square.calls(token("old", "new")))
        assert ids(list(client.bookings(START, END))) == [["a"]]
    assert [each.headers["authorization"] for each in square.asked] == ["Bearer old", "Bearer new"]


def test_a_token_that_is_dead() -> None:
    """The same token again, or a new one that is dead too: at most two calls, no circles."""
    for values, asked in ((("old",), 1), (("old", "new", "newer"), 2)):
        with scripted(error("UNAUTHORIZED", 401)) as square:
            client = Square(square.calls(token(*values)))
            with pytest.raises(errors.SquareUnauthorizedError):
                client.booking("a")
        assert len(square.asked) == asked


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


def test_the_session_follows_nobody() -> None:
    """No proxy and no netrc of the environment decides where a token goes."""
    client = Calls("http://127.0.0.1:1", token("t"))
    with closing(client._session) as session:  # noqa: SLF001 - the setting is the fact under test
        assert session.trust_env is False
        adapter = session.get_adapter("https://connect.squareup.com")
        assert vars(adapter)["max_retries"].total == 0

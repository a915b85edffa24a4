"""Calls of Square's API: failures by name, pauses, pace, tokens."""

from __future__ import annotations

from contextlib import closing
from types import SimpleNamespace

import pytest

from closedloop.core import deadline
from closedloop.square import errors
from closedloop.square.clients import calls
from closedloop.square.clients.calls import Calls
from closedloop.square.clients.square import Square
from tests.square.scripted import HANG_UP, NEVER, Answer, error, scripted, token
from tests.square.wired import END, START, booking, ids, page
from tests.support.database import free_port

pytestmark = pytest.mark.usefixtures("pauses")

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


@pytest.mark.parametrize("up_seconds", [1.0, 1_000_000.0])
def test_calls_of_one_seller_are_paced(
    pauses: list[float], up_seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handful at once, then so many a second: Square is not driven to its limit.

    As many at once on a machine that has just started.
    """
    with scripted(page()) as square:
        clock = SimpleNamespace(monotonic=lambda: up_seconds)
        monkeypatch.setattr("closedloop.square.clients.calls.time", clock)
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


def test_the_session_follows_nobody() -> None:
    """No proxy and no netrc of the environment decides where a token goes."""
    client = Calls("http://127.0.0.1:1", token("t"))
    with closing(client._session) as session:  # noqa: SLF001 - the setting is the fact under test
        assert session.trust_env is False
        adapter = session.get_adapter("https://connect.squareup.com")
        assert vars(adapter)["max_retries"].total == 0

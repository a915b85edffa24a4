"""How many sockets and tickets one person may have."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from closedloop import wiring
from closedloop.core.decision import Actor
from closedloop.core.errors import RateLimitedError
from closedloop.realtime import wiring as realtime
from closedloop.realtime.subscriptions import SOCKETS_OF_A_PERSON
from closedloop.realtime.tickets import TICKETS_AT_ONCE, ticket_row
from tests.realtime.gateway import busy, gone
from tests.realtime.support import connect, stored
from tests.support.actions import ALICE, BOB, Answer, Press, event_of, handlers

if TYPE_CHECKING:
    from tests.realtime.gateway import Gateway
    from tests.support.database import Database


def ticket_of(user: str, org: str) -> Answer:
    """The answer to this person's wish for a ticket."""
    press = Press(event_of("realtime_ticket", "issued")).by(user, org)
    return Answer.of(handlers()["realtime_ticket"](press.event))


@pytest.fixture
def minutes_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock is a minute after the one before."""
    start = datetime.now(UTC)
    ticks = count()  # unlike a generator, several threads may ask it at once
    monkeypatch.setattr("closedloop.wiring.now", lambda: start + timedelta(minutes=next(ticks)))


def opened(user: str, org: str) -> str:
    """A socket of this person, whose ticket was kept a moment ago."""
    connection, ticket = uuid4().hex, uuid4().hex + "A" * 11
    actor = Actor(user, f"{user}@example.com", org, frozenset({"staff"}))
    realtime.tickets().keep(ticket_row(ticket, actor, wiring.now() + timedelta(hours=1)), limit=99)
    assert connect(connection, ticket) == 200
    return connection


@pytest.mark.usefixtures("minutes_pass")
def test_one_socket_more_ends_the_oldest(db: Database, org: str, gateway: Gateway) -> None:
    """A person is never locked out: what was opened first makes room."""
    sockets = [opened(ALICE, org) for _ in range(SOCKETS_OF_A_PERSON)]
    other = opened(BOB, org)
    assert gateway.ended == []
    sockets += [opened(ALICE, org) for _ in range(3)]
    assert gateway.ended == sockets[:3]
    assert [stored(db, each) is None for each in sockets[:4]] == [True, True, True, False]
    assert stored(db, other) is not None


@pytest.mark.usefixtures("minutes_pass")
def test_many_at_once_leave_no_more_than_allowed(db: Database, org: str, gateway: Gateway) -> None:
    """Whoever else connects meanwhile: beyond the limit each one is ended by somebody."""
    with ThreadPoolExecutor(8) as pool:
        sockets = list(pool.map(lambda _: opened(ALICE, org), range(SOCKETS_OF_A_PERSON + 20)))
    left = [each for each in sockets if each not in gateway.ended]
    assert len(left) <= SOCKETS_OF_A_PERSON
    assert len(set(gateway.ended)) >= 20


@pytest.mark.usefixtures("minutes_pass")
@pytest.mark.parametrize("trouble", [gone, busy])
def test_an_old_socket_that_cannot_be_ended_keeps_nobody_out(
    db: Database, org: str, gateway: Gateway, trouble: object
) -> None:
    """Gone already, or the gateway is busy: the new one is let in."""
    gateway.ending[None] = [trouble]  # type: ignore[list-item] # one of the gateway's own
    sockets = [opened(ALICE, org) for _ in range(SOCKETS_OF_A_PERSON + 1)]
    assert (stored(db, sockets[0]) is None) == (trouble is gone)
    assert stored(db, sockets[-1]) is not None


def test_so_many_tickets_in_half_a_minute(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more is 429 with the time to wait; another person gets theirs; then there is room."""
    now = datetime.now(UTC)
    monkeypatch.setattr("closedloop.wiring.now", lambda: now)
    for _ in range(TICKETS_AT_ONCE):
        assert ticket_of(ALICE, org).status == 200
    refused = ticket_of(ALICE, org)
    assert (refused.status, refused.code) == (429, RateLimitedError.code)
    assert refused.headers["Retry-After"] == "30"
    assert ticket_of(BOB, org).status == 200
    monkeypatch.setattr("closedloop.wiring.now", lambda: now + timedelta(seconds=30))
    assert ticket_of(ALICE, org).status == 200

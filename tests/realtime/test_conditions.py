"""Every condition about tickets and connections: a write that it lets pass and one it refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from closedloop import wiring
from closedloop.core.decision import StaleError
from closedloop.realtime import wiring as realtime
from tests.realtime.support import many, stored

if TYPE_CHECKING:
    from tests.support.database import Database

NOW = datetime(2100, 1, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = 34_187_760
RATE: dict[str, Any] = {"minute": MINUTE, "limit": 2}


def kept(db: Database, org: str) -> str:
    """The id of a ticket that is good until NOW plus one second."""
    ends = int(NOW.timestamp()) + 1
    ticket = {"id": f"ticket#{uuid4()}", "org_id": org, "actor": {"id": "u"}, "expiration": ends}
    realtime.tickets().keep(ticket, limit=99)
    return str(ticket["id"])


def opened(db: Database, org: str, **fields: Any) -> str:
    """A connection that is open until NOW plus one second."""
    name = uuid4().hex
    row = {"connection_id": name, "org_id": org, "messages": {}, "subscriptions": {}}
    realtime.connections().open(row | {"expires_at": int(NOW.timestamp()) + 1} | fields)
    return name


def test_a_ticket_is_redeemed_while_it_is_good(db: Database, org: str) -> None:
    """And handed over."""
    ticket = realtime.tickets().redeem(kept(db, org), NOW)
    assert ticket is not None
    assert ticket["org_id"] == org


def test_a_ticket_is_not_redeemed_late_twice_or_unknown(db: Database, org: str) -> None:
    """In its last second it is over; used it is gone; another one never was."""
    late, used = kept(db, org), kept(db, org)
    assert realtime.tickets().redeem(late, NOW + SECOND) is None
    assert realtime.tickets().redeem(used, NOW) is not None
    assert realtime.tickets().redeem(used, NOW) is None
    assert realtime.tickets().redeem(f"ticket#{uuid4()}", NOW) is None
    assert realtime.tickets().redeem(late, NOW) is not None


def test_a_message_is_counted_within_its_minute(db: Database, org: str) -> None:
    """Up to the limit; the next minute starts at one and the last is forgotten."""
    name = opened(db, org)
    for number in (1, 2):
        realtime.connections().count(name, **RATE, now=NOW)
        assert _row(db, name)["messages"] == {str(MINUTE): number}
    realtime.connections().count(name, minute=MINUTE + 1, limit=2, now=NOW)
    assert _row(db, name)["messages"] == {str(MINUTE + 1): 1}


def test_a_message_too_many_is_not_counted(db: Database, org: str) -> None:
    """The row comes back, so that the refusal can be told from others."""
    name = opened(db, org, messages={str(MINUTE): 2})
    with pytest.raises(StaleError) as stale:
        realtime.connections().count(name, **RATE, now=NOW)
    assert list(stale.value.rows.values()) == [_row(db, name)]
    assert _row(db, name)["messages"] == {str(MINUTE): 2}


@pytest.mark.parametrize("method", ["count", "replace"])
def test_nothing_is_counted_for_a_connection_that_is_over(
    db: Database, org: str, method: str
) -> None:
    """By its own time; and none is made for a connection that is not known."""
    name, unknown = opened(db, org), uuid4().hex
    arguments = ([], ["leads"]) if method == "replace" else ()
    for each, now in ((name, NOW + SECOND), (unknown, NOW)):
        with pytest.raises(StaleError):
            getattr(realtime.connections(), method)(each, *arguments, **RATE, now=now)
    assert _row(db, name)["messages"] == {}
    assert stored(db, unknown) is None


def test_subscriptions_are_replaced_if_they_are_as_assumed(db: Database, org: str) -> None:
    """With one message counted; in any order, for they are a set."""
    name = opened(db, org)
    realtime.connections().replace(name, [], ["leads", "jobs#a"], **RATE, now=NOW)
    assert _row(db, name)["subscriptions"] == {"leads": True, "jobs#a": True}
    realtime.connections().replace(name, ["jobs#a", "leads"], ["calls"], **RATE, now=NOW)
    assert _row(db, name)["subscriptions"] == {"calls": True}
    assert _row(db, name)["messages"] == {str(MINUTE): 2}


def test_subscriptions_of_another_message_are_not_overwritten(db: Database, org: str) -> None:
    """Other than assumed, or too many messages: nothing is written and the row comes back."""
    name = opened(db, org, subscriptions={"leads": True})
    full = opened(db, org, messages={str(MINUTE): 2})
    for each, before in ((name, []), (name, ["leads", "jobs"]), (full, [])):
        was = _row(db, each)
        with pytest.raises(StaleError) as stale:
            realtime.connections().replace(each, before, ["calls"], **RATE, now=NOW)
        assert list(stale.value.rows.values()) == [was] == [_row(db, each)]


def test_an_orgs_open_connections_are_found_page_by_page(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of the org's and none of another's; those whose time is over are left out."""
    names = {f"{org}-{n}" for n in range(30)}
    many(db, org, {each: ["leads", "jobs#a"] for each in names})
    many(db, f"{org}-other", {uuid4().hex: ["leads"]})
    client = wiring.dynamodb()
    query = client.query
    monkeypatch.setattr(client, "query", lambda **request: query(**request, Limit=7))
    found = list(realtime.connections().of_org(org, wiring.now()))
    assert {row["connection_id"] for row in found} == names
    assert all(row["subscriptions"] == {"leads": True, "jobs#a": True} for row in found)
    later = wiring.now() + timedelta(hours=3)
    assert list(realtime.connections().of_org(org, later)) == []


def test_a_connection_is_forgotten_known_or_not(db: Database, org: str) -> None:
    """Twice does no harm."""
    name = opened(db, org)
    for _ in range(2):
        realtime.connections().close(name)
        assert stored(db, name) is None


def _row(db: Database, name: str) -> dict[str, Any]:
    row = stored(db, name)
    assert row is not None
    return row

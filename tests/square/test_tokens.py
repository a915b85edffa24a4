"""Tokens of sellers: renewed in time and by one, dead ones told of, and no job touched."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools import Logger

from closedloop import wiring
from closedloop.core.times import iso
from closedloop.square.clients.oauth import OAuth
from closedloop.square.handlers import tokens as keeping
from local.sandbox.faults import Fault
from tests.bookings.support import settings
from tests.support.actions import handlers
from tests.support.square import ACCOUNT, selling
from tests.template.support import grants
from tests.template.test_policies_used import asked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from closedloop.core.rows import Row
    from tests.support.database import Database
    from tests.support.square import Selling

START = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass
class Kept:
    """An org's secret; every sandbox sees the same."""

    value: dict[str, Any]
    writes: int = 0

    def read(self, *, fresh: bool = False) -> dict[str, Any]:  # noqa: ARG002 - never cached here
        """What it holds."""
        return dict(self.value)

    def write(self, value: Mapping[str, Any]) -> None:
        """In the place of what it holds."""
        self.value, self.writes = dict(value), self.writes + 1


@dataclass
class Shop:
    """An org that was connected at START, and its seller."""

    db: Database
    org: str
    seller: Selling
    log: StringIO
    secret: Kept
    now: datetime = START

    def on_day(self, day: float) -> dict[str, Any]:
        """What the function's line says when it runs so many days after START."""
        self.now = START + timedelta(days=day)
        self.seller.vendor.clock.ahead = (self.now - datetime.now(UTC)).total_seconds()
        handlers()["renew_square_tokens"]({}, None)
        found: dict[str, Any] = json.loads(self.log.getvalue().splitlines()[-1])
        return found

    def connection(self) -> Row:
        """The org's row."""
        rows = {each["id"]: each for each in self.db.rows("orgs", self.org)}
        return rows["square"]

    @property
    def renewals(self) -> int:
        """How often Square has renewed."""
        return self.seller.vendor.access.renewals


@pytest.fixture
def shop(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Only this org is looked after: other tests have theirs."""
    written = StringIO()
    logger = Logger(level="INFO", location=None, stream=written, service=org)
    account = replace(ACCOUNT, merchant_id=f"merchant-{org}")
    secret = Kept(
        {
            "access_token": account.access_token,
            "refresh_token": account.refresh_token,
            "merchant_id": account.merchant_id,
        }
    )
    with selling(account) as seller:
        made = Shop(db, org, seller, written, secret)
        oauth = OAuth(seller.server.url, account.client_id, account.client_secret)
        for name, value in {
            "closedloop.edge.log._logger": lambda: logger,
            "closedloop.square.clients.calls._sleep": lambda _: None,
            "closedloop.square.wiring.application": dict,
            "closedloop.square.wiring.credentials": lambda _: secret,
            "closedloop.square.wiring.oauth": lambda: oauth,
            "closedloop.wiring.now": lambda: made.now,
            "closedloop.dynamo.lookups.Lookups.due": lambda *_: iter([[(org, "square")]]),
        }.items():
            monkeypatch.setattr(name, value)
        connection = {
            "id": "square", "merchant_id": account.merchant_id, "state": "connected",
            "token_renewed_at": iso(START), "work": "square", "work_at": iso(START),
        }  # fmt: skip
        db.put(org, {"orgs": [settings(), connection], "jobs": [{"id": "b1", "start": iso(START)}]})
        wiring.forget_rows()
        made.seller.vendor.clock.ahead = (START - datetime.now(UTC)).total_seconds()
        seller.vendor.access.grant(account.merchant_id, account.access_token, account.refresh_token)
        yield made


def test_a_young_token_is_left_alone(shop: Shop) -> None:
    """Nothing is asked of Square and nothing is written."""
    before = shop.db.snapshot(shop.org)
    assert "OldTokens" not in shop.on_day(5.9)
    assert shop.renewals == 0
    assert shop.db.snapshot(shop.org) == before


def test_a_token_of_a_week_is_renewed(shop: Shop) -> None:
    """The secret holds the new one, the row says since when; the next run has nothing to do."""
    assert shop.on_day(7)["Renewed"] == [1.0]
    assert shop.secret.value["access_token"] != ACCOUNT.access_token
    row = shop.connection()
    assert (row["state"], row["token_renewed_at"]) == ("connected", iso(shop.now))
    assert "renewing_until" not in row
    assert shop.seller.client(shop.secret.value["access_token"]).bookings_by_id(["x"]).missing
    shop.on_day(7.25)
    assert (shop.renewals, shop.secret.writes) == (1, 1)


@pytest.mark.parametrize("mode", ["429", "500"])
def test_trouble_at_square_is_no_reason_to_disconnect(shop: Shop, mode: str) -> None:
    """Tried again by the next run, and from the eighth day on somebody is told."""
    shop.seller.faults.add(Fault("square", mode))
    week = shop.on_day(7)
    assert (week["Later"], "OldTokens" in week) == ([1.0], False)
    assert shop.on_day(8)["OldTokens"] == [1.0]
    assert shop.connection()["state"] == "connected"
    shop.seller.faults.clear()
    assert "OldTokens" not in shop.on_day(8.25)
    assert shop.renewals == 1


def test_an_expired_token_can_be_renewed_for_fifteen_days(shop: Shop) -> None:
    """Day 44 is renewed; after day 45 only the seller can help, and the org is disconnected."""
    assert shop.on_day(44)["Renewed"] == [1.0]
    assert shop.on_day(44 + 46)["Disconnected"] == [1.0]
    row = shop.connection()
    assert (row["state"], row["disconnected_for"]) == ("disconnected", "refused")
    assert "work" not in row


def test_a_token_that_was_taken_back(shop: Shop) -> None:
    """One notice, no job touched, and nothing is asked any more."""
    jobs = shop.db.rows("jobs", shop.org)
    shop.seller.vendor.permission.revoked = True
    for each in shop.seller.vendor.access._permissions.values():  # noqa: SLF001 - all of the seller's
        each.revoked = True
    assert shop.on_day(7)["Disconnected"] == [1.0]
    assert shop.db.rows("jobs", shop.org) == jobs
    calls = len(shop.seller.server.api.asked)
    assert "Disconnected" not in shop.on_day(8)
    assert len(shop.seller.server.api.asked) == calls


def test_a_mistake_of_ours_disconnects_nobody(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Square refuses our application's secret; the token itself still works."""
    wrong = OAuth(shop.seller.server.url, ACCOUNT.client_id, "wrong")
    monkeypatch.setattr("closedloop.square.wiring.oauth", lambda: wrong)
    assert shop.on_day(7)["Refused"] == [1.0]
    assert shop.on_day(9)["OldTokens"] == [1.0]
    assert shop.connection()["state"] == "connected"


def test_the_token_of_another_seller_is_not_taken(shop: Shop) -> None:
    """Whatever Square answers: the org stays with the seller that it was connected with."""
    shop.secret.value["merchant_id"] = "another"
    assert shop.on_day(7)["Refused"] == [1.0]
    assert shop.secret.writes == 0


def test_ten_at_once_renew_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """One has the lease; the others find it taken, or find that it is done. No two see one time."""
    ticks = count()
    day = START + timedelta(days=7)
    monkeypatch.setattr(wiring, "now", lambda: day + timedelta(microseconds=next(ticks)))
    with ThreadPoolExecutor(10) as pool:
        came = list(pool.map(lambda _: keeping.renew("renew", shop.org), range(10)))
    assert came.count("Renewed") == shop.renewals == shop.secret.writes == 1
    assert set(came) == {"Renewed", "Taken"}


def test_who_dies_holding_the_lease_is_followed_within_a_minute(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No flag stays behind that only a restart would clear."""
    shop.now = START + timedelta(days=7)

    class Died(BaseException):
        pass

    def die() -> OAuth:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr("closedloop.square.wiring.oauth", die)
        with pytest.raises(Died):
            keeping.renew("renew", shop.org)
    assert keeping.renew("renew", shop.org) == "Taken"
    shop.now += timedelta(seconds=59)
    assert keeping.renew("renew", shop.org) == "Renewed"


def test_a_renewal_that_was_written_by_somebody_else_is_known(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a token is called dead its secret is read anew."""
    shop.now = START + timedelta(days=7)
    wrong = OAuth(shop.seller.server.url, ACCOUNT.client_id, "wrong")

    def oauth() -> OAuth:
        shop.secret.value["access_token"] = "newer"
        return wrong

    monkeypatch.setattr("closedloop.square.wiring.oauth", oauth)
    assert keeping.renew("renew", shop.org) == "Known"


def test_it_asks_for_what_it_may(shop: Shop) -> None:
    """No renewal would end in AccessDenied on AWS."""
    allowed = {(each.action, str(each.resource)) for each in grants("renew_square_tokens")}
    with asked() as requests:
        assert shop.on_day(7)["Renewed"] == [1.0]
    assert requests <= allowed

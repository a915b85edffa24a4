"""Square's webhook from the wire to the row: signed by Square's scheme, once, in any order."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from closedloop import wiring
from closedloop.square.events import NO_ORG
from tests.support.actions import handlers
from tests.support.square import ACCOUNT, selling
from tests.support.waiting import eventually
from tests.support.wire import TROUBLES, Killed, wire
from tests.template.support import grants
from tests.template.test_policies_used import asked
from tools.events import SQUARE_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.square.town import Town
    from tests.support.square import Selling


TEN = "2026-12-17T16:00:00Z"


NONSENSE = [
    b"no json", b"[]", b"null", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"type": 1}', b"1e999",
    b'{"type":"booking.created","event_id":"e","merchant_id":""}',
]  # fmt: skip


@pytest.mark.parametrize("body", NONSENSE, ids=lambda body: repr(body[:24]))
def test_signed_nonsense_is_kept_for_a_person(town: Town, body: bytes) -> None:
    """And answered 200: Square would repeat it for a day and learn nothing."""
    assert town.post(body) == 200
    assert town.said()["Quarantined"] == [1.0]
    first = {each["id"] for each in town.db.rows("reconcile", NO_ORG)}
    assert town.post(body) == 200
    assert {each["id"] for each in town.db.rows("reconcile", NO_ORG)} == first
    assert first


def test_a_booking_that_cannot_be_read_is_its_business_s(town: Town) -> None:
    """Kept beside its other disagreements, and no job is made."""
    sent = json.loads(town.body())
    sent["data"]["object"]["booking"]["start_at"] = "soon"
    assert town.post(json.dumps(sent).encode()) == 200
    (kept,) = town.db.rows("reconcile", town.org)
    assert "start_at" in kept["reason"]
    assert town.jobs() == []


def test_an_unknown_type_is_named(town: Town) -> None:
    """In the log, where it costs no metric; what does not look like a type is not repeated."""
    assert town.post(town.body(type="labor.shift.created")) == 200
    assert town.said()["event_type"] == "labor.shift.created"
    for strange in ("Ann Arbor", "x" * 65, "a\n", "+13125550143"):
        assert town.post(town.body(type=strange)) == 200
        assert town.said()["event_type"] == "other"
    assert town.post(town.body()) == 200
    assert "event_type" not in town.said()


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ({"type": "labor.shift.created"}, "UnknownTypes"),
        ({"type": "customer.deleted"}, "UnknownTypes"),
        ({"merchant_id": "nobody-s"}, "UnknownMerchants"),
    ],
    ids=str,
)
def test_what_nobody_asked_for(town: Town, changes: dict[str, str], counted: str) -> None:
    """200, counted, and nothing is written."""
    before = town.db.snapshot(town.org)
    assert town.post(town.body(**changes)) == 200
    assert town.said()[counted] == [1.0]
    assert town.db.snapshot(town.org) == before


def test_nothing_of_a_customer_is_in_the_log(town: Town) -> None:
    """Neither a name nor a number nor a note nor a signature."""
    assert town.post(town.body("customer")) == 200
    assert town.post(town.body()) == 200
    written = town.log.getvalue()
    assert not [word for word in ("Ann", "555", "start_at", SQUARE_KEY) if word in written]


@pytest.mark.parametrize("name", TROUBLES)
@pytest.mark.parametrize("position", range(4))
def test_broken_at_any_request_and_sent_again(
    town: Town, monkeypatch: pytest.MonkeyPatch, position: int, name: str
) -> None:
    """Killed or answered 5xx, whatever was written before: sent again, the job is there once."""
    monkeypatch.setattr("closedloop.dynamo.transaction.time.sleep", lambda _: None)
    with wire() as watched, suppress(Killed):
        watched.break_at(position, name)
        assert town.post(town.body()) in {200, 500, 503}
    assert [town.post(town.body()) for _ in range(2)] == [200, 200]
    assert len(town.jobs()) == 1
    entries = [each for each in town.db.audit(town.org) if each.get("row_id") == "i2id2g3enyspi7"]
    assert len(entries) == 1


def _broken() -> Any:
    raise RuntimeError


@pytest.mark.parametrize("scenario", ["booked", "cancelled", "customer", "revoked"])
def test_it_asks_for_what_it_may(town: Town, scenario: str) -> None:
    """No notification would end in AccessDenied on AWS; the job is there first, and not."""
    allowed = {(each.action, str(each.resource)) for each in grants("square_webhook")}
    with asked() as requests:
        assert town.post(town.body(scenario)) == 200
        assert town.post(town.body("booked")) == 200
        assert town.post(town.body(scenario, event_id="another")) == 200
    assert requests <= allowed


@pytest.fixture
def seller(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Selling]:
    """The business's seller at Square, whose webhooks reach the function over HTTP."""
    account = replace(ACCOUNT, merchant_id=f"merchant-{town.org}")
    with selling(account) as found:
        url = found.vendor.webhooks.subscription.notification_url
        monkeypatch.setenv("SQUARE_NOTIFICATION_URL", url)
        found.heard = lambda event: handlers()["square_webhook"](event, None)
        yield found


def test_from_square_s_dashboard_to_the_job(town: Town, seller: Selling) -> None:
    """Booked, moved and cancelled: the job is so by the time Square has its answer."""
    made = seller.do(seller.vendor.book({"id": "b1", "start_at": TEN}))
    (job,) = town.jobs()
    assert (made.statuses, job["id"], job["start"]) == ([200], "b1", TEN)
    seller.do(seller.vendor.rebook("b1", {"start_at": "2026-12-17T18:00:00Z"}))
    assert town.jobs()[0]["start"] == "2026-12-17T18:00:00Z"
    seller.do(seller.vendor.rebook("b1", {"status": "CANCELLED_BY_SELLER"}))
    (job,) = town.jobs()
    assert (job["workStatus"], job["square_version"]) == ("cancelled", 2)


def test_what_an_event_does_not_say_is_to_be_read(town: Town, seller: Selling) -> None:
    """What a service is called and who the customer is: asked for after the commit."""
    seller.do(seller.vendor.book({"id": "b1", "start_at": TEN, "customer_id": "c1"}))
    assert town.asked == [{"kind": "booking", "org_id": town.org, "id": "b1"}]


def test_a_queue_that_takes_nothing_makes_no_trouble(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job is there, and within ten minutes the reconciliation reads what is missing."""
    monkeypatch.setattr(town, "put", lambda _: [0])
    assert town.post(town.body()) == 200
    assert town.said()["NotAsked"] == [1.0]
    assert len(town.jobs()) == 1


def test_doubled_and_in_the_wrong_order(town: Town, seller: Selling) -> None:
    """3, 1, 2, each twice, under the same id and under others: the job is as of version 3."""
    booked: list[Any] = []
    heard = seller.heard

    def keep(event: dict[str, Any]) -> dict[str, Any]:
        booked.append(event)
        return {"statusCode": 200}

    seller.heard = keep
    seller.do(seller.vendor.book({"id": "b1", "start_at": TEN, "seller_note": "1"}))
    for note in ("2", "3"):
        seller.do(seller.vendor.rebook("b1", {"seller_note": note}, "twin"))
    first, *_, third = booked
    second = booked[1]
    answers = [heard(each) for each in (third, third, first, second, booked[2], booked[3], first)]
    assert {each["statusCode"] for each in answers} == {200}
    (job,) = town.jobs()
    assert (job["seller_note"], job["square_version"]) == ("3", 2)
    entries = [each for each in town.db.audit(town.org) if each.get("row_id") == "b1"]
    assert len(entries) == 1


def test_what_was_not_taken_is_sent_again(
    town: Town, seller: Selling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was away for two tries: the third one makes the job."""
    monkeypatch.setattr("local.sandbox.square.webhooks._FIRST_PAUSE", 0.01)
    real, left = wiring.lookups, [1, 1]
    monkeypatch.setattr(wiring, "lookups", lambda: _broken() if left and left.pop() else real())
    told = seller.do(seller.vendor.book({"id": "b1", "start_at": TEN}))
    assert told.statuses == [500]
    deliveries = seller.vendor.webhooks.deliveries
    eventually(lambda: len(deliveries) == 3)
    assert [each.status for each in deliveries] == [500, 500, 200]
    assert len(town.jobs()) == 1


def test_a_seller_takes_the_permission_back(town: Town, seller: Selling) -> None:
    """The connection ends and says why; no job is touched, and what comes later is still taken."""
    seller.do(seller.vendor.book({"id": "b1", "start_at": TEN}))
    before = town.jobs()
    seller.do(seller.vendor.revoke())
    (connection,) = [each for each in town.db.rows("orgs", town.org) if each["id"] == "square"]
    assert (connection["state"], connection["disconnected_for"]) == ("disconnected", "revoked")
    assert town.jobs() == before
    seller.do(seller.vendor.book({"id": "b2", "start_at": "2026-12-18T16:00:00Z"}))
    assert len(town.jobs()) == 2

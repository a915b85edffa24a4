"""Webhooks of Square's stand-in: signed, repeated, lost, doubled, late."""

from __future__ import annotations

import base64
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from square.utils.webhooks_helper import verify_signature

from local.sandbox.square import webhooks
from tests.sandbox.selling import hearing
from tests.support.square import ACCOUNT
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.support.square import Selling


def test_square_s_own_helper_accepts_the_signature(square: Selling) -> None:
    """Over the address and the bytes as they were sent, whatever is in them."""
    heard = hearing(square)
    told = square.do(
        square.vendor.book({"start_at": "2026-03-02T09:00:00Z", "seller_note": 'é " \\u00e9 1.0'})
    )
    (event,) = heard
    genuine = verify_signature(
        request_body=base64.b64decode(event["body"]).decode(),
        signature_header=event["headers"]["x-square-hmacsha256-signature"],
        signature_key=ACCOUNT.signature_key,
        notification_url=square.vendor.webhooks.subscription.notification_url,
    )
    assert (genuine, told.statuses) == (True, [200])


WAYS = [("deliver", 1, 1), ("lose", 0, 0), ("double", 2, 1), ("twin", 2, 2), ("delay", 1, 1)]


@pytest.mark.parametrize(("way", "deliveries", "event_ids"), WAYS)
def test_a_webhook_goes_its_way(
    square: Selling, monkeypatch: pytest.MonkeyPatch, way: Any, deliveries: int, event_ids: int
) -> None:
    """Once, never, twice, twice under two ids, later."""
    monkeypatch.setattr(webhooks, "_DELAY_SECONDS", 0.05)
    square.do(square.vendor.book({"start_at": "2026-03-02T09:00:00Z"}, way))
    log = square.vendor.webhooks.deliveries
    eventually(lambda: len(log) == deliveries)
    assert len({each.event_id for each in log}) == event_ids


def test_a_later_event_overtakes(square: Selling) -> None:
    """`reorder` holds an event back until the next one has gone."""
    made = square.do(square.vendor.book({"start_at": "2026-03-02T09:00:00Z"}, "reorder"))
    moved = square.do(square.vendor.rebook(made.record["id"], {"seller_note": "moved"}))
    went = [each.event_id for each in square.vendor.webhooks.deliveries]
    assert went == [*moved.event_ids, *made.event_ids]


def test_a_webhook_is_repeated_until_it_is_taken(
    square: Selling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same event and the same bytes, with the number of the retry and its reason."""
    monkeypatch.setattr(webhooks, "_FIRST_PAUSE", 0.01)
    heard = hearing(square, 503, 401)
    square.do(square.vendor.book({"start_at": "2026-03-02T09:00:00Z"}))
    eventually(lambda: len(square.vendor.webhooks.deliveries) == 3)
    assert len({each["body"] for each in heard}) == 1
    told = [each["headers"].get("square-retry-number") for each in heard]
    assert told == [None, "1", "2"]
    statuses = Counter(each.status for each in square.vendor.webhooks.deliveries)
    assert statuses == {503: 1, 401: 1, 200: 1}


def test_a_subscription_that_is_disabled_tells_nothing(square: Selling) -> None:
    """As Square does after three weeks without a 2xx."""
    square.vendor.webhooks.subscription.enabled = False
    told = square.do(square.vendor.book({"start_at": "2026-03-02T09:00:00Z"}))
    assert (told.statuses, square.vendor.webhooks.deliveries) == ([], [])

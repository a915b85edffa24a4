"""The stand-in for Square keeps to Square's contract, by the judgement of Square's own package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from square.core.api_error import ApiError

from closedloop.square import errors
from local.sandbox.square.access import SELLER_SCOPES
from local.sandbox.square.webhooks import Subscription
from tests.sandbox.selling import END, START, WINDOW, book, hearing, listed, sdk
from tests.support.square import ACCOUNT, selling

if TYPE_CHECKING:
    from tests.support.square import Selling


ONCE: Any = {"max_retries": 0}


def test_square_s_own_client_reads_bookings(square: Selling) -> None:
    """Lists with paging, retrieves, bulk-retrieves: through its own models."""
    ids = book(square, 5, customer_note="Dog hair é")
    client = sdk(square)
    found = list(client.bookings.list(limit=2, **WINDOW))
    assert [each.id for each in found] == ids
    assert found[0].appointment_segments is not None
    assert found[0].appointment_segments[0].duration_minutes == 60
    one = client.bookings.get(ids[0]).booking
    assert one is not None
    assert (one.version, one.status, one.customer_note) == (0, "ACCEPTED", "Dog hair é")
    many = client.bookings.bulk_retrieve_bookings(booking_ids=[ids[0], "none"]).bookings or {}
    assert many[ids[0]].booking == one
    (missing,) = many["none"].errors or []
    assert missing.code == "NOT_FOUND"


def test_square_s_own_client_reads_customers_and_the_catalog(square: Selling) -> None:
    """In bulk, with partial errors; a variation with the item that it is of."""
    ann = square.vendor.seller.enrol({"given_name": "Ann", "phone_number": "(312) 555-0143"})
    client = sdk(square)
    asked = [ann["id"], "none"]
    answers = client.customers.bulk_retrieve_customers(customer_ids=asked).responses or {}
    assert answers[ann["id"]].customer.given_name == "Ann"
    assert answers["none"].errors[0].code == "NOT_FOUND"
    found = client.catalog.batch_get(object_ids=["svc_full"], include_related_objects=True)
    (variation,), (item,) = found.objects or [], found.related_objects or []
    assert variation.item_variation_data.service_duration == 240 * 60_000
    assert variation.item_variation_data.item_id == item.id
    assert item.item_data.name == "Full detail"


def test_square_s_own_client_reads_the_account(square: Selling) -> None:
    """Place, merchant, token and subscription: what an operator checks."""
    client = sdk(square)
    (place,) = client.locations.list().locations or []
    assert (place.timezone, place.merchant_id) == ("America/Chicago", ACCOUNT.merchant_id)
    assert client.merchants.get("me").merchant.id == ACCOUNT.merchant_id
    assert client.o_auth.retrieve_token_status().scopes == list(SELLER_SCOPES)
    (subscription,) = sdk(square, ACCOUNT.client_secret).webhooks.subscriptions.list()
    assert subscription.notification_url == square.vendor.webhooks.subscription.notification_url


def test_square_s_own_client_reads_subscriptions_in_pages(square: Selling) -> None:
    """As many at once as are asked for; a disabled one where it is asked for."""
    mine = square.vendor.webhooks.subscription
    mine.enabled = False
    others = [Subscription(f"https://{number}.example", "key") for number in range(4)]
    square.vendor.subscriptions.listed += others
    client = sdk(square, ACCOUNT.client_secret).webhooks.subscriptions
    pages = list(client.list(include_disabled=True, limit=2).iter_pages())
    assert [[each.id for each in page.items or []] for page in pages] == [
        [mine.id, others[0].id], [others[1].id, others[2].id], [others[3].id],
    ]  # fmt: skip
    assert [each.id for each in client.list()] == [each.id for each in others]
    for asked, code in (({"limit": 101}, "VALUE_TOO_HIGH"), ({"cursor": "x"}, "INVALID_CURSOR")):
        with pytest.raises(ApiError, match=code):
            client.list(**asked)


def test_our_client_and_square_s_see_the_same(square: Selling) -> None:
    """Page after page, by id, and what a service is called."""
    book(square, 7)
    ours = [
        each for page in square.client().bookings(START, END, limit=3) for each in page.bookings
    ]
    theirs = list(sdk(square).bookings.list(**WINDOW))
    assert [(each.id, each.version, each.status) for each in ours] == [
        (each.id, each.version, each.status) for each in theirs
    ]
    assert square.client().bookings_by_id([each.id for each in ours]).records[ours[0].id] == ours[0]
    (segment,) = ours[0].segments
    names = square.client().service_names([segment.service_variation_id])
    assert names[segment.service_variation_id].name == "Hand wash and wax"


def test_a_seller_has_a_limit_of_calls(square: Selling) -> None:
    """Beyond it 429 with Retry-After, as an error and never as an empty list."""
    square.server.api.calls_a_second = 1
    client = sdk(square)
    client.locations.list()
    with pytest.raises(ApiError) as refused:
        client.locations.list(request_options=ONCE)
    assert refused.value.status_code == 429
    assert {name.lower(): value for name, value in refused.value.headers.items()}[
        "retry-after"
    ] == "1"


@pytest.mark.parametrize(
    ("quirk", "in_list", "by_id"),
    [("hidden", False, True), ("gone", False, False), ("unreadable", False, False)],
)
def test_a_booking_that_is_odd(square: Selling, quirk: str, *, in_list: bool, by_id: bool) -> None:
    """Left out of lists, gone, or unreadable: on command, and back again."""
    first, second = book(square, 2)
    getattr(square.vendor.seller.quirks, quirk).add(first)
    assert (first in listed(square)) is in_list
    assert second in listed(square)
    found = square.client().bookings_by_id([first, second])
    assert (first in found.records) is by_id
    assert (found.missing == (first,)) is (quirk == "gone")
    assert bool(found.unreadable) is (quirk == "unreadable")
    getattr(square.vendor.seller.quirks, quirk).clear()
    assert listed(square) == [first, second]


def test_a_token_ends_or_is_taken_back(square: Selling) -> None:
    """Expired after 30 days, revoked at once, unknown: each has its error."""
    with pytest.raises(errors.SquareUnauthorizedError):
        square.client("nobody's").booking("x")
    square.vendor.clock.ahead = 30 * 86_400
    with pytest.raises(errors.SquareTokenExpiredError):
        square.client().booking("x")
    square.do(square.vendor.revoke())
    with pytest.raises(errors.SquareRevokedError):
        square.client().booking("x")


def test_a_buyer_s_token_sees_its_own_bookings_alone(square: Selling) -> None:
    """And without any of the scopes it is told so."""
    book(square, 2)
    (ours,) = book(square, 1, source="API")
    scopes = tuple(each for each in SELLER_SCOPES if each != "APPOINTMENTS_ALL_READ")
    square.vendor.permission.scopes = scopes
    assert listed(square) == [ours]
    square.vendor.permission.scopes = ()
    with pytest.raises(errors.SquareForbiddenError):
        listed(square)


def test_customers_are_merged_into_a_new_one(square: Selling) -> None:
    """The old ids are gone, their bookings follow, and the events alone say who became whom."""
    heard = hearing(square)
    ids = [square.vendor.seller.enrol({"given_name": name})["id"] for name in ("Ann", "Anne")]
    (booking,) = book(square, 1, customer_id=ids[1])
    made = square.do(square.vendor.merge(ids)).record
    found = square.client().customers([*ids, made["id"]])
    assert (set(found.missing), list(found.records)) == (set(ids), [made["id"]])
    assert square.client().booking(booking).customer_id == made["id"]
    assert len(heard) == 3


def test_records_outlive_a_restart(square: Selling) -> None:
    """What was saved is there again, the catalog included."""
    book(square, 2)
    saved = square.vendor.seller.saved()
    with selling() as again:
        again.vendor.seller.restore(saved)
        assert listed(again) == listed(square)
        assert again.client().service_names(["svc_full"]).keys() == {"svc_full"}

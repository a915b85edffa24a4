"""The stand-in for Square keeps to Square's contract, by the judgement of Square's own package."""

from __future__ import annotations

import base64
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from square import Square as Sdk
from square.core.api_error import ApiError
from square.utils.webhooks_helper import verify_signature

from closedloop.square import errors
from local.sandbox.faults import Fault
from local.sandbox.square import webhooks
from local.sandbox.square.access import SELLER_SCOPES
from local.sandbox.square.webhooks import Subscription
from tests.support.square import ACCOUNT, selling
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.square import Selling

START = datetime(2026, 3, 1, tzinfo=UTC)
END = START + timedelta(days=31)
WINDOW = {"start_at_min": "2026-03-01T00:00:00Z", "start_at_max": "2026-04-01T00:00:00Z"}


@pytest.fixture
def square() -> Iterator[Selling]:
    """Square with one seller."""
    with selling() as found:
        yield found


def sdk(square: Selling, token: str = ACCOUNT.access_token) -> Any:
    """Square's own client; it repeats nothing."""
    http = httpx.Client(trust_env=False)
    square.ends.append(http.close)
    return Sdk(token=token, base_url=square.server.url, httpx_client=http)


ONCE: Any = {"max_retries": 0}


def hearing(square: Selling, *statuses: int) -> list[dict[str, Any]]:
    """The webhooks that arrive; the first ones are answered so, the others with 200."""
    heard: list[dict[str, Any]] = []

    def hear(event: dict[str, Any]) -> dict[str, Any]:
        heard.append(event)
        return {"statusCode": (*statuses, *[200] * len(heard))[len(heard) - 1]}

    square.heard = hear
    return heard


def book(square: Selling, number: int = 1, **fields: Any) -> list[str]:
    """So many bookings, an hour apart, of which nobody is told."""
    starts = [START + timedelta(hours=10 + each) for each in range(number)]
    made = [
        square.vendor.seller.book({"start_at": each.isoformat(), **fields})["id"] for each in starts
    ]
    return [str(each) for each in made]


def listed(square: Selling) -> list[str]:
    """What our client finds in the window."""
    pages = square.client().bookings(START, END)
    return [each.id for page in pages for each in page.bookings]


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


def test_a_seller_has_a_limit_of_calls(square: Selling) -> None:
    """Beyond it 429 with Retry-After, as an error and never as an empty list."""
    square.server.api.calls_a_second = 1
    sdk(square).locations.list()
    with pytest.raises(ApiError) as refused:
        sdk(square).locations.list(request_options=ONCE)
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
    eventually(lambda: len(heard) == 3)
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


def test_records_outlive_a_restart(square: Selling) -> None:
    """What was saved is there again, the catalog included."""
    book(square, 2)
    saved = square.vendor.seller.saved()
    with selling() as again:
        again.vendor.seller.restore(saved)
        assert listed(again) == listed(square)
        assert again.client().service_names(["svc_full"]).keys() == {"svc_full"}

"""Square's dashboard, its webhook and the job, through the whole stack."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from square import Square as Sdk
from square.utils.webhooks_helper import verify_signature

from local.sandbox.square.webhooks import signature
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.support import Answer, Sandbox

pytestmark = pytest.mark.stack


@contextmanager
def sdk(sandbox: Sandbox) -> Iterator[Any]:
    """Square's own client, pointed at the stack."""
    square = sandbox.stack.info["square"]
    with httpx.Client(trust_env=False) as http:
        yield Sdk(token=square["access_token"], base_url=square["base_url"], httpx_client=http)


def book(sandbox: Sandbox, start_at: str, **wish: Any) -> dict[str, Any]:
    """A booking that somebody makes at Square, and how it was told."""
    made: dict[str, Any] = sandbox.ask(
        "POST", "/sandbox/square/bookings", {"start_at": start_at, **wish}
    ).json
    return made


def change(sandbox: Sandbox, booking_id: str, **wish: Any) -> Answer:
    """A change that somebody makes there."""
    return sandbox.ask("PATCH", f"/sandbox/square/bookings/{booking_id}", wish)


def job(sandbox: Sandbox, booking_id: str) -> dict[str, Any] | None:
    """The job of a booking, as the dashboard reads it."""
    answer = sandbox.api("GET", f"jobs/{booking_id}")
    return answer.json["job"] if answer.status == 200 else None


def test_a_booking_at_square_is_a_job_at_once(sandbox: Sandbox) -> None:
    """Booked, moved, cancelled: each is there when the webhook has its answer."""
    sandbox.ask("POST", "/api/webhooks/square", {})  # Square waits ten seconds: nobody starts cold
    made = book(sandbox, "2031-03-04T16:00:00Z", seller_note="é")
    booking_id = made["booking"]["id"]
    assert made["webhook"]["statuses"] == [200]
    found = job(sandbox, booking_id)
    assert found is not None
    assert (found["createdBy"], found["start"]) == ("webhook", "2031-03-04T16:00:00Z")
    change(sandbox, booking_id, start_at="2031-03-05T16:00:00Z")
    assert (job(sandbox, booking_id) or {})["start"] == "2031-03-05T16:00:00Z"
    change(sandbox, booking_id, status="CANCELLED_BY_SELLER")
    assert (job(sandbox, booking_id) or {})["workStatus"] == "cancelled"


def test_each_way_of_a_webhook(sandbox: Sandbox) -> None:
    """Lost ones make no job; doubled, late and overtaken ones make one, as it is at Square."""
    lost = book(sandbox, "2031-03-06T16:00:00Z", webhook="lose")["booking"]["id"]
    for way in ("double", "twin"):
        made = book(sandbox, "2031-03-07T16:00:00Z", webhook=way)
        assert made["webhook"]["statuses"] == [200, 200]
    late = book(sandbox, "2031-03-10T16:00:00Z", webhook="delay")["booking"]["id"]
    first = book(sandbox, "2031-03-11T16:00:00Z", webhook="reorder")["booking"]["id"]
    change(sandbox, first, seller_note="second")
    found = job(sandbox, first) or {}
    assert (found["seller_note"], found["square_version"]) == ("second", 1)
    assert eventually(lambda: job(sandbox, late))
    assert job(sandbox, lost) is None


def test_what_stack_json_says_of_square_is_all_that_a_program_needs(sandbox: Sandbox) -> None:
    """Square's own client lists the demo's bookings; its scheme signs what our webhook takes."""
    square = sandbox.stack.info["square"]
    assert square.keys() == {
        "signature_key", "notification_url", "merchant_id", "base_url", "access_token",
    }  # fmt: skip
    demo = sandbox.stack.info["ids"]["demo"]["job"]
    with sdk(sandbox) as client:
        found = client.bookings.bulk_retrieve_bookings(booking_ids=demo).bookings or {}
    assert all(each.booking for each in found.values())
    body = '{"type":"x.y","event_id":"e1","merchant_id":"nobody"}'
    key, url = square["signature_key"], square["notification_url"]
    signed = signature(key, url, body.encode())
    assert verify_signature(
        request_body=body, signature_header=signed, signature_key=key, notification_url=url
    )
    headers = {"x-square-hmacsha256-signature": signed}
    path = "/api/webhooks/square"
    told = {"type": "x.y", "event_id": "e1", "merchant_id": "nobody"}
    assert sandbox.ask("POST", path, told).status == 401
    assert sandbox.ask("POST", path, told, **headers).status == 401  # the bytes are others


@pytest.mark.parametrize(
    ("path", "wish", "status"),
    [
        ("bookings", {}, 400),
        ("bookings", [], 400),
        ("bookings", {"start_at": "2031-03-04T16:00:00Z", "webhook": "fly"}, 400),
        ("bookings", {"start_at": "tomorrow"}, 400),
        ("bookings", {"start_at": "2031-03-04T16:00:00Z", "status": 7}, 400),
        ("bookings", {"start_at": "2031-03-04T16:00:00Z", "appointment_segments": {}}, 400),
        ("customers/merge", {"customer_ids": ["nobody"]}, 404),
        ("customers/merge", {"customer_ids": [[]]}, 400),
        ("quirks", {"unknown": 1}, 400),
        ("quirks", {"hidden": "all"}, 400),
        ("quirks", {"revoked": "yes"}, 400),
        ("quirks", {"clock_ahead": "1"}, 400),
        ("quirks", {"calls_a_second": 0}, 400),
    ],
    ids=str,
)
def test_what_no_seller_does_is_refused(
    sandbox: Sandbox, path: str, wish: Any, status: int
) -> None:
    """With a sentence, in the shape of the API's own."""
    answer = sandbox.ask("POST", f"/sandbox/square/{path}", wish)
    assert (answer.status, answer.json["success"]) == (status, False)


def test_a_record_that_is_not_there(sandbox: Sandbox) -> None:
    """404, whatever its kind."""
    for path in ("bookings/none", "customers/none", "services/none"):
        assert sandbox.ask("PATCH", f"/sandbox/square/{path}", {}).status == 404


def test_customers_and_services_are_edited_too(sandbox: Sandbox) -> None:
    """Made, amended, merged; renamed and taken off."""
    made = sandbox.ask("POST", "/sandbox/square/customers", {"given_name": "Ann"}).json
    customer = made["customer"]
    path = f"/sandbox/square/customers/{customer['id']}"
    amended = sandbox.ask("PATCH", path, {"family_name": "Lee"}).json["customer"]
    assert (amended["given_name"], amended["family_name"], amended["version"]) == ("Ann", "Lee", 1)
    merged = sandbox.ask(
        "POST", "/sandbox/square/customers/merge", {"customer_ids": [customer["id"]]}
    ).json
    assert merged["customer"]["id"] != customer["id"]
    renamed = sandbox.ask("PATCH", "/sandbox/square/services/svc_labs", {"name": "x"})
    assert renamed.status == 404  # of the other business
    renamed = sandbox.ask("PATCH", "/sandbox/square/services/svc_wash", {"name": "Hand wash"})
    assert renamed.json["service"]["id"] == "svc_wash"


def test_quirks_are_shown_set_and_taken_back(sandbox: Sandbox) -> None:
    """A booking that lists leave out, a moved clock, a limit of calls."""
    path = "/sandbox/square/quirks"
    usual = sandbox.ask("DELETE", path).json
    wish = {"hidden": ["b1"], "clock_ahead": 301, "calls_a_second": 5, "end_counts": False}
    assert sandbox.ask("POST", path, wish).json == {**usual, **wish}
    assert sandbox.ask("DELETE", path).json == usual


def test_refused_connections_reach_square_too(sandbox: Sandbox) -> None:
    """The fault that takes the port away, and gives it back."""
    assert sandbox.ask("POST", "/sandbox/faults", {"target": "square", "mode": "refuse"}).json
    with sdk(sandbox) as client:
        with pytest.raises(httpx.ConnectError):
            client.locations.list(request_options={"max_retries": 0})
        sandbox.ask("DELETE", "/sandbox/faults")
        assert client.locations.list().locations

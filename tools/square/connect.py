"""Connects a business with its seller at Square, and looks at a connection that is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from closedloop.core.times import iso
from closedloop.square.clients.calls import Calls
from closedloop.square.clients.oauth import OAuth
from closedloop.square.clients.square import Square
from closedloop.square.clients.subscriptions import Subscriptions
from closedloop.square.errors import SquareError
from closedloop.square.subscription import wrongs
from tools.square.stack import NotConnectedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from closedloop.square.clients.oauth import Permission
    from tools.square.stack import Stack

SCOPES = (
    "APPOINTMENTS_ALL_READ", "APPOINTMENTS_READ", "CUSTOMERS_READ", "ITEMS_READ",
    "MERCHANT_PROFILE_READ",
)  # fmt: skip
"""What we read. Without the first, Square shows the bookings of our own application alone."""

MONTH = timedelta(days=30)
RENEWABLE = timedelta(days=15)


def connect(stack: Stack, org_id: str, merchant_id: str, token: Mapping[str, str]) -> Iterator[str]:
    """Check the token, keep it, and write the connection; says what it does.

    Raises:
        NotConnectedError: something is missing or belongs to somebody else; nothing was written.
    """
    access, permission = str(token.get("access_token")), _permission(stack, token)
    _check_stack(stack)
    _check_seller(stack, org_id, merchant_id, permission)
    calls = _calls(stack, access)
    places = {
        str(each["id"]): {"name": each.get("name", ""), "time_zone": each.get("timezone", "UTC")}
        for each in calls.get("/v2/locations").get("locations", [])
    }
    yield f"The seller {permission.merchant_id} has {len(places)} locations: " + ", ".join(
        f"{each['name']} ({each['time_zone']})" for each in places.values()
    )
    now = datetime.now(UTC)
    stack.keep_token(
        org_id,
        {
            "access_token": access,
            "refresh_token": str(token["refresh_token"]),
            "merchant_id": permission.merchant_id,
        },
    )
    ends = permission.expires_at or now + MONTH
    stack.connect(
        org_id,
        {
            "merchant_id": permission.merchant_id,
            "state": "connected",
            "connected_at": iso(now),
            "locations": places,
            "token_renewed_at": iso(ends - MONTH),
            "token_expires_at": iso(ends),
            "work": "square",
            "work_at": iso(now),
        },
    )
    yield f"{org_id} is connected."
    yield from counts(stack, org_id, Square(calls))


def backfill(stack: Stack, org_id: str, since: str, *, dry: bool) -> Iterator[str]:
    """Ask for the first run from this day on; it goes on by itself where it is long."""
    asked = {"org": org_id, "from": f"{since}T00:00:00Z"} | ({"dryRun": "true"} if dry else {})
    found = stack.reconcile(**asked)
    numbers = ", ".join(f"{found[each]} {each}" for each in ("scanned", "created", "updated"))
    yield f"{'Would be' if dry else 'So far'}: {numbers}, {len(found['errors'])} notes."
    if not found["scanned"]:
        yield "WARNING: Square lists nothing. Check the day, the plan and the scopes."


def counts(stack: Stack, org_id: str, seller: Square) -> Iterator[str]:
    """What Square says of these 30 days, beside what we hold: for the owner to confirm."""
    start = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - MONTH / 2
    theirs = sum(len(page.bookings) for page in seller.bookings(start, start + MONTH))
    ours = stack.jobs_between(org_id, start, start + MONTH)
    yield f"From {start:%d %B} on, 30 days: Square lists {theirs} bookings, we hold {ours} jobs."


def look(stack: Stack, org_id: str, application_token: str) -> Iterator[str]:
    """How a connection is: its token, its counts, and the subscription of webhooks."""
    connection = stack.org_row(org_id, "square")
    if connection is None:
        raise NotConnectedError(f"{org_id} is not connected.")
    token = stack.secret(f"square/{org_id}")
    yield f"{org_id}: {connection['state']}, seller {connection['merchant_id']}"
    yield _state(stack, token)
    if connection["state"] == "connected":
        yield from counts(stack, org_id, Square(_calls(stack, token["access_token"])))
    yield from subscription(stack, application_token)


def subscription(stack: Stack, application_token: str) -> Iterator[str]:
    """Whether the subscription at Square is as our webhook needs it."""
    application_token = application_token or stack.secret("square").get("application_token", "")
    if not application_token:
        yield "The subscription was not looked at: SQUARE_APPLICATION_TOKEN is not set."
        return
    listed = Subscriptions(_calls(stack, application_token)).listed()
    found = wrongs(listed, stack.notification_url)
    yield from [f"WARNING: {each}" for each in found] or [
        "The subscription is enabled and complete."
    ]


def _state(stack: Stack, token: Mapping[str, str]) -> str:
    try:
        found = _oauth(stack).permission(token["access_token"])
    except SquareError as no:
        return f"WARNING: the token is not accepted: {no}. Connect again, with a new one."
    return f"The token is valid until {found.expires_at:%d %B %Y}."


def _permission(stack: Stack, token: Mapping[str, str]) -> Permission:
    if not token.get("access_token") or not token.get("refresh_token"):
        raise NotConnectedError("Send access_token and refresh_token as JSON on standard input.")
    try:
        return _oauth(stack).permission(str(token["access_token"]))
    except SquareError as no:
        raise NotConnectedError(f"Square does not accept the token: {no}") from None


def _check_stack(stack: Stack) -> None:
    shared = stack.secret("square")
    names = ("signature_key", "application_id", "application_secret")
    missing = [each for each in names if not shared.get(each)]
    if missing or not stack.notification_url:
        missing += [] if stack.notification_url else ["SquareNotificationUrl"]
        raise NotConnectedError(f"The stack lacks {', '.join(missing)}: see docs/square.md.")


def _check_seller(stack: Stack, org_id: str, merchant_id: str, found: Permission) -> None:
    missing = [each for each in SCOPES if each not in found.scopes]
    if missing:
        raise NotConnectedError(f"The token lacks {', '.join(missing)}.")
    if merchant_id and found.merchant_id != merchant_id:
        raise NotConnectedError(f"The token is of the seller {found.merchant_id}.")
    if stack.org_row(org_id, "settings") is None:
        raise NotConnectedError(f"There is no business {org_id}.")
    before = stack.org_row(org_id, "square") or {}
    if before.get("merchant_id", found.merchant_id) != found.merchant_id:
        raise NotConnectedError(f"{org_id} belongs to the seller {before['merchant_id']}.")
    other = stack.org_of_merchant(found.merchant_id)
    if other not in {None, org_id}:
        raise NotConnectedError(f"The seller belongs to {other}.")


def _oauth(stack: Stack) -> OAuth:
    shared = stack.secret("square")
    return OAuth(stack.square_url, shared["application_id"], shared["application_secret"])


def _calls(stack: Stack, access_token: str) -> Calls:
    def token(*, fresh: bool) -> str:  # noqa: ARG001 - it was given by hand
        return access_token

    return Calls(stack.square_url, token)

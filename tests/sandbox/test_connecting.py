"""`make square` against the running stack: who is connected, who is refused, and what is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from local.demo.square import MERCHANT
from local.settings import STACK_NAME
from tools.square.connect import SCOPES, backfill, connect, look
from tools.square.stack import NotConnectedError, Stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.support import Sandbox

pytestmark = pytest.mark.stack


@pytest.fixture
def operator(sandbox: Sandbox) -> Iterator[Stack]:
    """The stack as `make square` reaches it; the seller is as before afterwards."""
    info = sandbox.stack.info
    square = info["square"]
    yield Stack(
        sandbox.stack.client,
        STACK_NAME,
        info["api_url"],
        square["base_url"],
        square["notification_url"],
    )
    sandbox.ask("DELETE", "/sandbox/square/quirks")


@pytest.fixture
def token(operator: Stack) -> dict[str, Any]:
    """What the demo's seller has agreed to."""
    return operator.secret("square/demo")


def test_a_business_is_connected_and_the_counts_are_shown(
    operator: Stack, token: dict[str, Any]
) -> None:
    """Its secret, its row with the places and their clocks, and both numbers side by side."""
    said = "\n".join(connect(operator, "demo", MERCHANT, token))
    row = operator.org_row("demo", "square")
    assert row is not None
    assert (row["state"], row["merchant_id"], row["work"]) == ("connected", MERCHANT, "square")
    assert row["locations"] == {
        "LOC_DEMO": {"name": "Fulton Street", "time_zone": "America/Chicago"}
    }
    assert operator.secret("square/demo")["access_token"] == token["access_token"]
    assert "demo is connected." in said
    assert "Square lists" in said


def test_who_is_not_connected(sandbox: Sandbox, operator: Stack, token: dict[str, Any]) -> None:
    """Another's seller, an unknown business, a token of nobody: a reason, and nothing written."""
    refusals = {
        ("demo", "MLANOTHER", "the seller ML7"): token,
        ("other", "", "belongs to demo"): token,
        ("nobody", "", "no business nobody"): token,
        ("demo", "", "does not accept"): {**token, "access_token": "nobody's"},
        ("demo", "", "standard input"): {},
    }
    before = operator.org_row("other", "square")
    for (org_id, merchant_id, reason), sent in refusals.items():
        with pytest.raises(NotConnectedError, match=reason):
            list(connect(operator, org_id, merchant_id, sent))
    assert operator.org_row("other", "square") == before is None


def test_a_stack_that_is_not_set_up(
    operator: Stack, token: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the key or the address no webhook would ever be taken: nobody is connected."""
    with pytest.raises(NotConnectedError, match="SquareNotificationUrl"):
        list(connect(replace(operator, notification_url=""), "demo", MERCHANT, token))
    shared = {**operator.secret("square"), "signature_key": ""}
    monkeypatch.setattr(Stack, "secret", lambda *_: shared)
    with pytest.raises(NotConnectedError, match="signature_key"):
        list(connect(operator, "demo", MERCHANT, token))


@pytest.mark.parametrize("missing", SCOPES)
def test_a_token_that_may_too_little(
    sandbox: Sandbox, operator: Stack, token: dict[str, Any], missing: str
) -> None:
    """A buyer's token, say: an error that names the scope, before anything is read."""
    scopes = [each for each in SCOPES if each != missing]
    sandbox.ask("POST", "/sandbox/square/quirks", {"scopes": scopes})
    with pytest.raises(NotConnectedError, match=missing):
        list(connect(operator, "demo", MERCHANT, token))


def test_a_look_at_a_connection(sandbox: Sandbox, operator: Stack) -> None:
    """Token and counts; and the subscription, once somebody says with which token to ask."""
    said = "\n".join(look(operator, "demo", ""))
    assert "The token is valid until" in said
    assert "not looked at" in said
    shared = operator.secret("square")["application_secret"]
    assert "enabled and complete" in "\n".join(look(operator, "demo", shared))
    sandbox.ask("POST", "/sandbox/square/quirks", {"subscription_enabled": False})
    assert "WARNING: the subscription is disabled" in "\n".join(look(operator, "demo", shared))
    sandbox.ask("POST", "/sandbox/square/quirks", {"revoked": True})
    with pytest.raises(Exception, match="REVOKED"):
        list(look(operator, "demo", shared))
    with pytest.raises(NotConnectedError, match="not connected"):
        list(look(operator, "other", ""))


def test_a_subscription_at_another_address(operator: Stack) -> None:
    """Whoever changes the domain is told that Square still calls the former one."""
    moved = replace(operator, notification_url="https://new.example")
    shared = operator.secret("square")["application_secret"]
    assert "0 subscriptions name https://new.example" in "\n".join(look(moved, "demo", shared))


def test_a_backfill_shows_what_it_would_do(operator: Stack) -> None:
    """Counts before anything is written."""
    (first, *_) = backfill(operator, "demo", "2026-11-01", dry=True)
    assert first.startswith("Would be: ")
    with pytest.raises(NotConnectedError, match="refused"):
        list(backfill(operator, "other", "2026-11-01", dry=True))

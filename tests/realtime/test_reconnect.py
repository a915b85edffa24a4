"""Ten thousand clients come back at once, by the rule that the description gives them."""

from __future__ import annotations

import yaml

from bench import scale_reconnect as reconnect
from bench.scale_quotas import SOCKETS_OPENED
from bench.scale_reconnect import BUTTON, CHANGES, CONNECT, TICKET, Storm
from tests.support.template import ROOT


def test_no_button_is_refused() -> None:
    """Nor anything else, but for a moment; everybody is live soon after the last one's turn."""
    back = Storm().happen()
    assert back.live == 10_000
    assert back.asked[BUTTON] > 5_000
    assert back.refused[BUTTON] == 0
    assert back.seconds < 2 * reconnect.SPREAD_SECONDS


def test_clients_that_keep_no_rule_hurt_themselves_alone() -> None:
    """All of them within a second: tickets are refused, buttons are not."""
    back = Storm(spread=1).happen()
    assert (back.live, back.refused[BUTTON]) == (10_000, 0)
    assert back.refused[TICKET] > 0


def test_with_one_bucket_for_all_the_buttons_suffer() -> None:
    """As it was: what the buckets of their own are for."""
    back = Storm(spread=1, own_buckets=False).happen()
    assert back.refused[BUTTON] > 100


def test_a_ticket_that_was_given_can_be_used() -> None:
    """Tickets come no faster than sockets may be opened, and every client catches up."""
    back = Storm(spread=1).happen()
    assert back.refused[CONNECT] == 0
    assert back.asked[CHANGES] >= back.live


def test_the_rule_is_the_descriptions() -> None:
    """Its seconds stand in docs/api/asyncapi.yaml, where a client's developer reads them."""
    text = (ROOT / "docs" / "api" / "asyncapi.yaml").read_text(encoding="utf-8")
    rule = " ".join(yaml.safe_load(text)["info"]["description"].split())
    assert f"spread from 0 to {reconnect.SPREAD_SECONDS} seconds" in rule
    *first, last = map(str, reconnect.WAITS)
    assert f"from 0 to {', '.join(first)} and then {last} seconds" in rule
    assert f"poll `GET /api/changes` every {reconnect.POLL_SECONDS} seconds" in rule
    assert "from 100 to 118 minutes" in rule
    assert reconnect.renewals(10_000) < SOCKETS_OPENED / 10

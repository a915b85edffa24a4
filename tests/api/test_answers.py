"""What the handlers really answer is what the description says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.api.support import astray, follow, operations
from tests.support.actions import Press, event_of, given, handlers, scenarios
from tests.support.template import routes

if TYPE_CHECKING:
    from tests.support.database import Database

BY_ROUTE = dict(operations())


def is_ours(method: str, path: str) -> bool:
    """Whether our users call it, in our format."""
    return bool(BY_ROUTE.get(f"{method} {path}", {"security": True})["security"])


@pytest.mark.parametrize(
    ("function", "scenario"),
    [each for each in scenarios() if any(is_ours(*route) for route in routes(each[0]))],
    ids=str,
)
def test_an_answer_is_as_described(function: str, scenario: str, db: Database, org: str) -> None:
    """Its status, its headers, and its body down to its leaves, without a field more."""
    db.put(org, given(function).get("rows", {}))
    event = Press(event_of(function, scenario)).by("user-alice", org, "[owner staff]").event
    got = handlers()[function](event)
    described = follow(BY_ROUTE[event["routeKey"]]["responses"][str(got["statusCode"])])
    if "content" in described:
        assert astray(json.loads(got["body"]), described) == []
    else:
        assert got["body"] == ""
    assert got["headers"].keys() - {"Content-Type", "Cache-Control"} <= described["headers"].keys()


def test_a_body_of_another_shape_would_be_noticed() -> None:
    """The check above can fail: an answer without its request id is not as described."""
    described = follow(BY_ROUTE["POST /api/bookings/confirm"]["responses"]["404"])
    body = {"success": False, "error": "There is no such record.", "code": "NOT_FOUND"}
    assert astray(body, described) == ["$: 'request_id' is a required property"]
    of_another = {**body, "request_id": "1", "code": "FORBIDDEN"}
    assert astray(of_another, described) == ["$.code: FORBIDDEN"]

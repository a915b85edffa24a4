"""Reads as a client asks for them, through the functions that answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop.edge.reads import ReadApi
from tests.support.actions import ALICE, Answer, Press, event_of, handlers

if TYPE_CHECKING:
    from collections.abc import Iterator


def ask(
    route: str, org_id: str, *, user: str = ALICE, groups: str = "[staff]", **query: object
) -> Answer:
    """The answer to `GET /api/<route>` with these query parameters."""
    event = event_of("read_api", "me")
    event["routeKey"] = f"GET /api/{route}"
    event["queryStringParameters"] = {
        name.rstrip("_"): str(value) for name, value in query.items() if value is not None
    }
    return Answer.of(_reader(event["routeKey"])(Press(event).by(user, org_id, groups).event))


def _reader(route: str) -> Any:
    """The function that answers the route; an unknown one is the business of the largest."""
    readers = [each for each in handlers().values() if isinstance(each, ReadApi)]
    return next((each for each in readers if route in each.routes), handlers()["read_api"])


def pages(route: str, org_id: str, **query: Any) -> Iterator[dict[str, Any]]:
    """All pages of a list, to its end."""
    cursor: str | None = None
    while True:
        page = ask(route, org_id, cursor=cursor, **query).json
        assert page["success"] is True
        yield page
        cursor = page["cursor"]
        if cursor is None:
            return

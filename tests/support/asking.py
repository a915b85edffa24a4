"""Reads as a client asks for them, through the read function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
    return Answer.of(handlers()["read_api"](Press(event).by(user, org_id, groups).event))


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

"""The subscriptions of webhooks that our application has at Square."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop.square.errors import SquareUnexpectedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.square.clients.calls import Calls

_PATH = "/v2/webhooks/subscriptions"
# Without it Square leaves out the disabled ones, which are those that somebody looks for.
_ASKED = {"include_disabled": "true", "limit": 100}
_MOST_PAGES = 50


class Subscriptions:
    """Calls with our application's own token."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def listed(self) -> list[Mapping[str, Any]]:
        """All of them, the disabled ones too, as Square lists them, page after page.

        Raises:
            SquareError: one of its kinds (closedloop/square/errors.py); half a list is none.
        """
        found: list[Mapping[str, Any]] = []
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            answer = self._calls.get(_PATH, _ASKED | ({"cursor": cursor} if cursor else {}))
            found += _listed(answer)
            cursor = answer.get("cursor")
            if not cursor:
                return found
        raise SquareUnexpectedError("ENDLESS_PAGES")


def _listed(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Square leaves an empty list out."""
    listed = answer.get("subscriptions") or []
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise SquareUnexpectedError("UNREADABLE")
    return listed

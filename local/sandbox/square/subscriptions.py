"""The list of an application's subscriptions of webhooks, as Square pages it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from local.sandbox.square.shapes import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.sandbox.square.webhooks import Subscription

LARGEST_PAGE = 100


class Subscriptions:
    """Those of one application, the oldest first. `listed` may be added to."""

    def __init__(self, listed: list[Subscription]) -> None:
        self.listed = listed
        self.largest_page = LARGEST_PAGE
        """Square may send fewer than were asked for."""
        self._cursors: dict[str, tuple[Mapping[str, str], int]] = {}

    def page(self, query: Mapping[str, str]) -> dict[str, Any]:
        """One page, as ListWebhookSubscriptions answers it; the disabled ones where asked for.

        Raises:
            RefusedError: the limit is wrong, or the cursor is not that of these parameters.
        """
        asked = {name: value for name, value in query.items() if name != "cursor"}
        disabled = asked.get("include_disabled") == "true"
        found = [each.shown() for each in self.listed if each.enabled or disabled]
        first = self._first(query.get("cursor"), asked)
        last = first + min(_limit(asked.get("limit")), self.largest_page)
        answer: dict[str, Any] = {"subscriptions": found[first:last]} if found[first:last] else {}
        if last < len(found):
            answer["cursor"] = uuid4().hex
            self._cursors[answer["cursor"]] = (asked, last)
        return answer

    def _first(self, cursor: str | None, asked: Mapping[str, str]) -> int:
        if not cursor:
            return 0
        parameters, first = self._cursors.get(cursor, ({}, -1))
        if first < 0:
            raise RefusedError(400, "INVALID_CURSOR", "The cursor is not valid.", "cursor")
        if parameters != asked:
            words = "The cursor belongs to a request with other parameters."
            raise RefusedError(400, "INVALID_VALUE", words, "cursor")
        return first


def _limit(text: str | None) -> int:
    if text is None:
        return LARGEST_PAGE
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LARGEST_PAGE):
        raise RefusedError(400, "VALUE_TOO_HIGH", f"limit is from 1 to {LARGEST_PAGE}.", "limit")
    return int(text)

"""Lists of bookings: their window, their pages, and cursors that live for five minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from local.sandbox.square.seller import made_by_api
from local.sandbox.square.shapes import RefusedError, moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.sandbox.square.seller import Record, Seller

LARGEST_PAGE = 500
LONGEST_WINDOW = timedelta(days=31)
CURSOR_LIFE = timedelta(minutes=5)

_PARAMETERS = (
    "limit", "customer_id", "team_member_id", "location_id", "start_at_min", "start_at_max",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Cursor:
    parameters: Mapping[str, str]
    after: tuple[datetime, str]
    until: datetime
    window: tuple[datetime, datetime]


class Lists:
    """The lists of one seller. `end_counts`: whether a start at the window's end is in it."""

    def __init__(self, seller: Seller) -> None:
        self._seller = seller
        self._cursors: dict[str, _Cursor] = {}
        self.end_counts = True

    def page(self, query: Mapping[str, str], *, whole: bool = True) -> dict[str, Any]:
        """One page, as ListBookings answers it; without `whole` of what applications have made.

        Raises:
            RefusedError: a parameter is wrong, or the cursor is not that of these parameters.
        """
        parameters = {name: query[name] for name in _PARAMETERS if query.get(name)}
        limit = _limit(parameters.get("limit"))
        cursor = self._known(query["cursor"], parameters) if query.get("cursor") else None
        window = cursor.window if cursor else self._window(parameters)
        found = [
            (key, one)
            for key, one in self._found(parameters, window)
            if (cursor is None or key > cursor.after) and (whole or made_by_api(one))
        ]
        bookings = [self._seller.shown(one) for _, one in found[:limit]]
        answer: dict[str, Any] = {"bookings": bookings, "errors": []}
        if len(found) > limit:
            until = self._seller.clock.now() + CURSOR_LIFE
            answer["cursor"] = uuid4().hex
            last = found[limit - 1][0]
            self._cursors[answer["cursor"]] = _Cursor(parameters, last, until, window)
        return answer

    def _known(self, text: str, parameters: Mapping[str, str]) -> _Cursor:
        cursor = self._cursors.get(text)
        if cursor is None or cursor.until <= self._seller.clock.now():
            raise RefusedError(400, "INVALID_CURSOR", "The cursor is not valid.", "cursor")
        if cursor.parameters != parameters:
            words = "The cursor belongs to a request with other parameters."
            raise RefusedError(400, "INVALID_VALUE", words, "cursor")
        return cursor

    def _window(self, parameters: Mapping[str, str]) -> tuple[datetime, datetime]:
        """From now on, for 31 days, unless the call says otherwise."""
        first, last = parameters.get("start_at_min"), parameters.get("start_at_max")
        start = moment(first, "start_at_min") if first else self._seller.clock.now()
        end = moment(last, "start_at_max") if last else start + LONGEST_WINDOW
        if end < start or end - start > LONGEST_WINDOW:
            words = "The window is longer than 31 days, or ends before it begins."
            raise RefusedError(400, "INVALID_TIME_RANGE", words, "start_at_max")
        return start, end

    def _found(
        self, parameters: Mapping[str, str], window: tuple[datetime, datetime]
    ) -> list[tuple[tuple[datetime, str], Record]]:
        quirks = self._seller.quirks
        keyed = [
            ((moment(one["start_at"], "start_at"), one["id"]), one)
            for one in self._seller.bookings.values()
            if one["id"] not in quirks.hidden | quirks.gone and _fits(one, parameters)
        ]
        start, end = window
        return sorted(
            (pair for pair in keyed if start <= pair[0][0] < end or self._at(pair[0][0], end)),
            key=lambda pair: pair[0],
        )

    def _at(self, start: datetime, end: datetime) -> bool:
        return self.end_counts and start == end


def _limit(text: str | None) -> int:
    if text is None:
        return LARGEST_PAGE
    if not (text.isascii() and text.isdigit()):
        raise RefusedError(400, "EXPECTED_INTEGER", "limit is no number.", "limit")
    if not 1 <= int(text) <= LARGEST_PAGE:
        code = "VALUE_TOO_LOW" if int(text) < 1 else "VALUE_TOO_HIGH"
        raise RefusedError(400, code, f"limit is from 1 to {LARGEST_PAGE}.", "limit")
    return int(text)


def _fits(booking: Record, parameters: Mapping[str, str]) -> bool:
    for name in ("customer_id", "location_id"):
        if name in parameters and booking.get(name) != parameters[name]:
            return False
    member = parameters.get("team_member_id")
    segments = booking.get("appointment_segments", [])
    return member is None or any(each.get("team_member_id") == member for each in segments)

"""What we read of a seller at Square: bookings, customers, the names of services.

Not Square's own package: its import costs 200 ms, and it repeats calls by itself, a version
conflict included.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from closedloop.core.times import to_second
from closedloop.square import model
from closedloop.square.clients.catalog import Catalog
from closedloop.square.errors import SquareUnexpectedError
from closedloop.square.model import (
    Booking,
    Customer,
    Found,
    Page,
    Service,
    Unreadable,
    UnreadableRecordError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from closedloop.square.clients.calls import Calls

LONGEST_WINDOW = timedelta(days=31)
"""Square lists no longer one without being asked in parts."""

PAGE = 100
"""How many bookings are asked for at once; Square may send fewer."""

AT_ONCE = 100
"""How many records are asked for by id at once."""

RecordT = TypeVar("RecordT")


class Square:
    """One seller's records. Every method raises SquareError (closedloop/square/errors.py)."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._catalog = Catalog(calls)

    def bookings(
        self, start: datetime, end: datetime, location_id: str = "", limit: int = PAGE
    ) -> Iterator[Page]:
        """The bookings that start from `start` on and before `end`, page after page.

        At most 31 days, whole seconds, UTC. Windows that follow each other see every booking once:
        whether Square counts the end in or not, we do not. Square ties a cursor to all parameters
        and lets it live for minutes only: who breaks off begins the window anew.

        Raises:
            SquareBadCursorError: the window is to be begun anew.
        """
        if not timedelta(0) < end - start <= LONGEST_WINDOW:
            raise ValueError("A window is longer than nothing and at most 31 days.")
        asked: dict[str, Any] = {
            "start_at_min": to_second(start),
            "start_at_max": to_second(end),
            "limit": limit,
        } | ({"location_id": location_id} if location_id else {})
        cursor: str | None = None
        while True:
            # All parameters again: with the cursor alone Square answers 400.
            answer = self._calls.get("/v2/bookings", asked | ({"cursor": cursor} if cursor else {}))
            before, cursor = cursor, answer.get("cursor")
            if cursor and cursor == before:
                raise SquareUnexpectedError("SAME_CURSOR")
            yield _page(_list(answer, "bookings"), start, end, limit, last=not cursor)
            if not cursor:
                return

    def booking(self, booking_id: str) -> Booking:
        """One booking as it is.

        Raises:
            SquareNotFoundError: Square has none, or none for this token.
            UnreadableRecordError: it has one that cannot be read.
        """
        answer = self._calls.get(f"/v2/bookings/{quote(booking_id, safe='')}")
        return model.booking(answer.get("booking"))

    def bookings_by_id(self, ids: Sequence[str]) -> Found[Booking]:
        """Bookings as they are, whether a list shows them or not."""

        def ask(some: Sequence[str]) -> Mapping[str, Any]:
            answer = self._calls.post("/v2/bookings/bulk-retrieve", {"booking_ids": some})
            return _map(answer, "bookings")

        return _found(ids, ask, "booking", model.booking)

    def customers(self, ids: Sequence[str]) -> Found[Customer]:
        """Customers as they are."""

        def ask(some: Sequence[str]) -> Mapping[str, Any]:
            answer = self._calls.post("/v2/customers/bulk-retrieve", {"customer_ids": some})
            return _map(answer, "responses")

        return _found(ids, ask, "customer", model.customer)

    def service_names(self, variation_ids: Sequence[str]) -> Mapping[str, Service]:
        """What these variations are called, ten minutes old at most; not those Square forgot."""
        return self._catalog.services(variation_ids)


def _page(listed: Sequence[Any], start: datetime, end: datetime, limit: int, *, last: bool) -> Page:
    good: list[Booking] = []
    strays: list[Booking] = []
    unreadable: list[Unreadable] = []
    first, until = (each.astimezone(UTC).replace(microsecond=0) for each in (start, end))
    for fields in listed:
        try:
            found = model.booking(fields)
        except UnreadableRecordError as wrong:
            unreadable.append(_unreadable(fields, wrong))
            continue
        if first <= found.start_at < until:
            good.append(found)
        elif found.start_at != until:
            strays.append(found)
    return Page(tuple(good), tuple(unreadable), tuple(strays), len(listed) >= limit, last)


def _found(
    ids: Sequence[str],
    ask: Callable[[Sequence[str]], Mapping[str, Any]],
    name: str,
    read: Callable[[Any], RecordT],
) -> Found[RecordT]:
    wanted = [each for each in dict.fromkeys(ids) if each]
    records: dict[str, RecordT] = {}
    missing: list[str] = []
    unreadable: dict[str, Unreadable] = {}
    failed: dict[str, str] = {}
    for at in range(0, len(wanted), AT_ONCE):
        some = wanted[at : at + AT_ONCE]
        answers = ask(some)
        for each in some:
            answer = answers.get(each)
            fields = answer.get(name) if isinstance(answer, dict) else None
            code = _code(answer)
            if fields is None and code == "NOT_FOUND":
                missing.append(each)
            elif fields is None:
                failed[each] = code
            else:
                try:
                    records[each] = read(fields)
                except UnreadableRecordError as wrong:
                    unreadable[each] = _unreadable(fields, wrong)
    return Found(records, tuple(missing), unreadable, failed)


def _code(answer: Any) -> str:
    """Why there is no record; an id that the answer leaves out is not said to be missing."""
    listed = answer.get("errors") if isinstance(answer, dict) else None
    first = listed[0] if isinstance(listed, list) and listed else None
    return str(first.get("code") or "NO_CODE") if isinstance(first, dict) else "NO_ANSWER"


def _unreadable(fields: Any, wrong: UnreadableRecordError) -> Unreadable:
    named = fields.get("id") if isinstance(fields, dict) else None
    return Unreadable(str(named or "")[:255], str(wrong), fields)


def _list(answer: Mapping[str, Any], name: str) -> list[Any]:
    """Square leaves an empty list out.

    Raises:
        SquareUnexpectedError: there is something else in its place.
    """
    found = answer.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise SquareUnexpectedError("NO_LIST")
    return found


def _map(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = answer.get(name)
    return found if isinstance(found, dict) else {}

"""The cells that the demo's visits take in the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop.bookings.cells import Stretch, at, cell_id
from local.demo.calendar import to_second

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Row = dict[str, Any]


def cells_of(visit: Row) -> tuple[str, ...]:
    """The ids of all that a visit takes; none where it has no place."""
    stretch = Stretch.stored(visit)
    return tuple(stretch.uses()) if stretch else ()


def places(visits: Iterable[Row]) -> Iterator[Row]:
    """The cells of visits that have a place; each is `row_id` and its own fields."""
    for visit in visits:
        if stretch := Stretch.stored(visit):
            yield from _places(stretch, visit["id"])


def _places(stretch: Stretch, owner: str) -> Iterator[Row]:
    head = cell_id(stretch.lane, stretch.first)
    whole = {"start": to_second(at(stretch.first)), "shape": stretch.fields["shape"]}
    for cell, use in stretch.uses().items():
        yield {
            "row_id": cell,
            use: owner,
            "expires_at": stretch.forget_at,
            **(whole if cell == head else {}),
        }

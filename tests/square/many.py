"""Many bookings at once, for the tests of the reconciliation."""

from __future__ import annotations

from datetime import timedelta

from tests.square.world import TEN, World

DAY = timedelta(days=1)


def many(world: World, number: int) -> list[str]:
    """So many bookings of tomorrow and the days after, all of them known; nobody keeps places."""
    world.open(resources=[])
    ids = [f"b{each:03}" for each in range(number)]
    for position, each in enumerate(ids):
        world.seller.book(each, TEN + position * DAY / 6)
    world.knows_all()
    return ids

"""Codes as the tests of the voice agent see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from tests.voice.world import World


def kept(world: World) -> Row:
    """The one row of a code."""
    (row,) = world.db.rows("codes", world.org)
    return row

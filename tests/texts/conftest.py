"""A world of texts for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.texts.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.database import Database


@pytest.fixture
def world(db: Database, org: str) -> Iterator[World]:
    """One org with a lead, a number and Twilio; the breaker is closed before and after."""
    with pytest.MonkeyPatch.context() as patch:
        made = World(db, patch, org)
        yield made
        made.close_breaker()

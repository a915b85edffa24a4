"""Fixtures of the tests about the voice agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.voice.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.database import Database


@pytest.fixture
def world(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A business that is open, with nothing booked."""
    made = World(db, monkeypatch, org)
    yield made
    made.close_breaker()

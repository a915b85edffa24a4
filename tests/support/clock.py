"""A clock on which each request to the database takes as long as a test says."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from closedloop.core import deadline
from closedloop.dynamo.client import _CONFIG

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

LAST = _CONFIG.connect_timeout + _CONFIG.read_timeout
"""How long a request may take."""

IN_TIME = deadline.SECONDS + LAST
"""When everything must be answered."""


class Clock:
    """Stands still but for pauses and requests; zero when the first request comes in."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 0.0
        ours = SimpleNamespace(monotonic=lambda: 1000 + self.seconds, sleep=self.pass_)
        for module in ("closedloop.core.deadline", "closedloop.dynamo.transaction"):
            monkeypatch.setattr(f"{module}.time", ours)

    def pass_(self, seconds: float) -> None:
        """Time passes."""
        self.seconds += seconds

    def slow(self, trouble: Callable[[Any], Any], tries: int) -> Callable[[Any], Any]:
        """Every request takes almost its time, and only the last one of so many tries succeeds."""
        asked: list[None] = []

        def take(request: Any) -> Any:
            self.pass_(LAST - tries / 10)
            asked.append(None)
            return trouble(request) if len(asked) % tries else None

        return take

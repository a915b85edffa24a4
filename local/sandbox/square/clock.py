"""Square's clock, which a test can move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(slots=True)
class Clock:
    """The time at Square; `ahead` is how many seconds it is before ours."""

    ahead: float = 0.0

    def now(self) -> datetime:
        """The time, UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def stamp(self) -> str:
        """The time as Square writes it."""
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")

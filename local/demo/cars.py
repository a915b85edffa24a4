"""Made-up cars: common makes, plates that no state gives out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

_CARS = (
    ("Honda", "Civic"), ("Toyota", "RAV4"), ("Ford", "F-150"), ("Subaru", "Outback"),
    ("Tesla", "Model 3"), ("Jeep", "Wrangler"), ("BMW", "X3"), ("Mazda", "CX-5"),
)  # fmt: skip
_COLORS = ("Black", "White", "Silver", "Blue", "Red", "Gray")


def vehicle(rng: random.Random) -> dict[str, str | int]:
    """A car as the staff note it."""
    make, model = rng.choice(_CARS)
    return {
        "year": rng.randint(2012, 2026),
        "make": make,
        "model": model,
        "color": rng.choice(_COLORS),
        "plate": f"DEMO {rng.randint(100, 999)}",
        "mileage": rng.randrange(4_000, 160_000, 500),
    }

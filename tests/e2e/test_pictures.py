"""The pages look as they did (`python -m tests.e2e.pictures` takes the pictures)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageChops

from tests.e2e.barriers import barriers
from tests.e2e.pictures import IMAGES, pictures

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.e2e.pictures import Picture

pytestmark = [pytest.mark.browser]

MOST_BYTES = 3_000_000
FAINT = 40
"""A difference of brightness, of 255, that edges of letters may have."""
MOST = 0.002
"""The share of a picture that may differ by more than that."""


@dataclass
class Seen:
    """What was seen of each page in each look: the share that has changed, and its barriers."""

    changed: dict[str, float] = field(default_factory=dict)
    barriers: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def seen(built: None, chromium: Browser) -> Seen:
    """Every page, loaded once."""
    assert built is None
    found = Seen()
    for each in pictures(chromium):
        found.changed[each.name] = _difference(each)
        if "tablet" not in each.name:
            dark = each.name.endswith("-dark")
            found.barriers[each.name] = barriers(each.page, colours_alone=dark)
    return found


def test_every_page_looks_as_in_its_picture(seen: Seen) -> None:
    """Wide, on a tablet and a phone, light and dark."""
    assert {name: share for name, share in seen.changed.items() if share > MOST} == {}


def test_no_page_has_a_barrier(seen: Seen) -> None:
    """Axe finds nothing of any weight, wide and on a phone, light and dark; nothing overflows."""
    assert {name: found for name, found in seen.barriers.items() if found} == {}


def test_the_pictures_are_small() -> None:
    """All of them together."""
    assert sum(file.stat().st_size for file in IMAGES.glob("*")) < MOST_BYTES


def _difference(picture: Picture) -> float:
    """Which share of it is not as it was."""
    file = IMAGES / f"{picture.name}.webp"
    if not file.exists():
        return 1.0
    now, before = _soft(picture.image), _soft(Image.open(file))
    if now.size != before.size:
        return 1.0
    counts = ImageChops.difference(now, before).histogram()
    return sum(counts[FAINT:]) / sum(counts)


def _soft(image: Image.Image) -> Image.Image:
    """In grey and half as large: the edge of a letter, and what packing lost, are no changes."""
    half = (image.width // 2, image.height // 2)
    return image.convert("L").resize(half, Image.Resampling.BOX)

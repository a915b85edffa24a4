"""What keeps people from using a page, as axe finds it: https://github.com/dequelabs/axe-core."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import axe_playwright_python

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from playwright.sync_api import Page

Look = tuple[int, int, Literal["light", "dark"]]
"""Width and height of the screen, and its scheme of colours."""

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
_STILL = """async () => {
  const moving = () => document.getAnimations()
    .filter(({effect}) => effect.getComputedTiming().iterations !== Infinity);
  for (let some = moving(); some.length > 0; some = moving()) {
    await Promise.all(some.map(({finished}) => finished.catch(() => null)));
  }
}"""
"""A colour on its way from one to another is no colour that anybody reads; one that has arrived
may send those that inherit it on theirs."""
_RUN = """(rules) => axe.run({resultTypes: ["violations"], ...rules}).then(({violations}) =>
  violations.map(({id, nodes}) => `${id}: ${nodes.map(({target}) => target.join(" ")).join(", ")}`))
"""
_OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
_WIDER = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= innerWidth) return [];
  const all = [...document.querySelectorAll("main *")];
  const out = all.filter((each) => each.getBoundingClientRect().right > innerWidth + 1);
  return [`page, ${root.scrollWidth}`, ...out.map((each) => each.className).slice(0, 9)];
}"""
"""What sticks out, where the page can be moved sideways."""

_WIDE, _PHONE = (1440, 900), (390, 844)
EVERY_LOOK: tuple[Look, ...] = (
    (*_WIDE, "light"), (*_WIDE, "dark"), (*_PHONE, "light"), (*_PHONE, "dark"),
)  # fmt: skip
TWO_LOOKS = (EVERY_LOOK[0], EVERY_LOOK[-1])
"""Each width and scheme once: enough for a page whose parts are seen in every look elsewhere."""


def barriers(page: Page, *, colours_alone: bool = False) -> list[str]:
    """Each finding of any weight, with its place; and whether the page is wider than the screen.

    `colours_alone`: for a page that was looked at in other colours, and is the same but for them.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    page.evaluate(_STILL)
    found: list[str] = page.evaluate(_RUN, _OF_COLOURS if colours_alone else {})
    wide = page.evaluate(_WIDER)
    return [*found, *(f"wider than the screen: {each}" for each in wide)]


def barriers_in(page: Page, looks: Iterable[Look]) -> Iterator[tuple[str, list[str]]]:
    """The barriers of what is open now, in each of these looks; then it is wide and light again."""
    seen: set[int] = set()
    for look in looks:
        _show(page, look)
        width, _, scheme = look
        yield f"{width} {scheme}", barriers(page, colours_alone=width in seen)
        seen.add(width)
    _show(page, EVERY_LOOK[0])


def _show(page: Page, look: Look) -> None:
    width, height, scheme = look
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)

"""Takes the pictures of docs/images: `python -m tests.e2e.pictures [page ...]`."""

from __future__ import annotations

import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from local.web_build import build
from tests.e2e.flags import FLAGS
from tests.e2e.picture_rows import NOW
from tests.e2e.replay import HOME, Replay
from tests.e2e.support import PATIENCE
from tests.support.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Browser, Page

IMAGES = ROOT / "docs" / "images"
QUALITY = 62

PAGES: dict[str, str] = {
    "today": "today",
    "inbox": "inbox/contacts:con_demo_005",
    "leads": "leads",
    "lead": "leads/lead_demo_005",
    "contacts": "contacts",
    "calendar": "calendar",
    "week": "calendar?view=week",
    "booking": "calendar?sheet=apt:{first}",
    "job": "jobs/{job}",
    "issues": "issues",
    "reconciliation": "reconciliation",
    "system": "system",
    "settings": "settings",
    "components": "components",
}
LOOKS: dict[str, tuple[int, int, Any]] = {
    "": (1440, 900, "light"),
    "-dark": (1440, 900, "dark"),
    "-tablet": (834, 1112, "light"),
    "-tablet-dark": (834, 1112, "dark"),
    "-phone": (390, 844, "light"),
    "-phone-dark": (390, 844, "dark"),
}


@dataclass(frozen=True)
class Picture:
    """One page in one look, as the browser drew it."""

    name: str
    image: Image.Image
    page: Page
    """The page itself, in that look until the next picture is asked for."""

    @property
    def packed(self) -> bytes:
        """As it is kept: small."""
        file = io.BytesIO()
        self.image.save(file, "WEBP", quality=QUALITY, method=4)
        return file.getvalue()


def pictures(browser: Browser, names: Sequence[str] = ()) -> Iterator[Picture]:
    """Each page in every look. Rows, clock and fonts are the same each time."""
    replay = Replay()
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        service_workers="block",
        reduced_motion="reduce",
        locale="en-US",
        timezone_id="America/Chicago",
    )
    replay.serve(context)
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    for name in names or PAGES:
        _open(page, _address(replay, PAGES[name]))
        for suffix, (width, height, scheme) in LOOKS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            shot = page.screenshot(animations="disabled")
            yield Picture(name + suffix, Image.open(io.BytesIO(shot)).convert("RGB"), page)
    context.close()


def _address(replay: Replay, path: str) -> str:
    first = next(row for row in replay.rows["appointments"] if row["start"] > "2026-11-24T16:20")
    return HOME + "en/" + path.format(first=first["id"], job=replay.rows["jobs"][0]["id"])


def _open(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(address)
    expect(page.locator("[data-connection=live]").first).to_be_attached()
    expect(page.get_by_test_id("loading")).to_have_count(0)
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle")


def main() -> None:
    """Writes the pictures, and says how large they are."""
    build(ROOT / "web")
    into = Path(IMAGES)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        for picture in pictures(browser, sys.argv[1:]):
            (into / f"{picture.name}.webp").write_bytes(picture.packed)
        browser.close()
    total = sum(file.stat().st_size for file in into.glob("*.webp"))
    sys.stdout.write(f"{total / 1e6:.2f} MB in {into}\n")


if __name__ == "__main__":
    main()

"""Takes the pictures of docs/images: `python -m tests.e2e.screenshots [page ...]`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect, sync_playwright

from local.stack import Stack
from tests.e2e.conftest import FLAGS
from tests.e2e.support import PATIENCE, Dashboard, Desk, button, pending
from tests.support.template import ROOT

IMAGES = ROOT / "docs" / "images"
PAGES = (
    "today",
    "inbox",
    "leads",
    "contacts",
    "calendar",
    "issues",
    "reconciliation",
    "system",
    "settings",
    "components",
)
LOOKS = {
    "": {"width": 1440, "height": 900},
    "-dark": {"width": 1440, "height": 900, "scheme": "dark"},
    "-tablet": {"width": 834, "height": 1112},
    "-narrow": {"width": 390, "height": 844},
}


def main() -> None:
    """Every page wide, dark, on a tablet and on a phone; Today offline with a queue."""
    pages = tuple(sys.argv[1:]) or PAGES
    with (
        TemporaryDirectory() as folder,
        Stack(Path(folder), web=True) as stack,
        sync_playwright() as playwright,
    ):
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        dashboard = Dashboard(stack, browser)
        for suffix, look in LOOKS.items():
            desk = dashboard.desk(**look)
            page = desk.tab()
            for name in pages:
                _shown(desk, page, name).screenshot(path=IMAGES / f"{name}{suffix}.png")
        _offline(dashboard.desk(width=1440))
        dashboard.close()
        browser.close()


def _shown(desk: Desk, page: Page, name: str) -> Page:
    """The page, once it is live and has all its rows."""
    page.goto(f"{desk.url.rstrip('/')}/en/{name}")
    expect(page.locator("[data-connection=live]").first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("loading")).to_have_count(0, timeout=PATIENCE)
    return page


def _offline(desk: Desk) -> None:
    page = desk.tab()
    chosen = pending(page)
    desk.context.set_offline(True)
    button(page, chosen).click()
    expect(page.locator("[data-queued='1']").first).to_be_attached(timeout=PATIENCE)
    page.screenshot(path=IMAGES / "today-offline.png")


if __name__ == "__main__":
    main()

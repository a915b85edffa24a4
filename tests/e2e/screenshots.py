"""Takes the pictures of docs/images: `python -m tests.e2e.screenshots`."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import expect, sync_playwright

from local.stack import Stack
from tests.e2e.conftest import FLAGS
from tests.e2e.support import Dashboard, button, pending
from tests.support.template import ROOT

IMAGES = ROOT / "docs" / "images"


def main() -> None:
    """The Today page: wide, dark, narrow, and offline with a queue."""
    with (
        TemporaryDirectory() as folder,
        Stack(Path(folder), web=True) as stack,
        sync_playwright() as playwright,
    ):
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        dashboard = Dashboard(stack, browser)
        for name, desk in {
            "today": dashboard.desk(height=800),
            "today-dark": dashboard.desk(height=800, scheme="dark"),
            "today-narrow": dashboard.desk(width=390, height=844),
        }.items():
            desk.tab().screenshot(path=IMAGES / f"{name}.png")
        desk = dashboard.desk(height=800)
        page = desk.tab()
        chosen = [pending(page, position) for position in range(2)]
        desk.context.set_offline(True)
        for row_id in chosen:
            button(page, row_id).click()
        expect(page.locator("[data-queued='2']").first).to_be_visible()
        page.screenshot(path=IMAGES / "today-offline.png")
        dashboard.close()
        browser.close()


if __name__ == "__main__":
    main()

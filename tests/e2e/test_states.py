"""What opens over a page, and pages that are empty, broken or offline: usable by everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.barriers import EVERY_LOOK, TWO_LOOKS, barriers_in
from tests.e2e.picture_rows import NOW
from tests.e2e.replay import HOME, Replay
from tests.e2e.support import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from tests.e2e.barriers import Look

    Step = Callable[[Page], None]

pytestmark = [pytest.mark.browser]

LISTS = ("Today", "Inbox", "Leads", "Contacts", "Calendar", "Issues", "Reconciliation", "System")


@pytest.fixture(scope="module")
def replay() -> Replay:
    """Answers in the place of a server."""
    return Replay()


@pytest.fixture(scope="module")
def page(built: None, chromium: Browser, replay: Replay) -> Iterator[Page]:
    """One page for all states, for it is loaded once. Each test leaves it as it found it."""
    assert built is None
    opened = _opened(chromium, replay, "en/contacts")
    expect(opened.locator("[data-connection=live]").first).to_be_visible()
    expect(opened.locator("[data-contact-id]").first).to_be_visible()
    yield opened
    opened.context.close()


def _opened(chromium: Browser, replay: Replay, path: str) -> Page:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, service_workers="block", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE)
    replay.serve(context)
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    page.goto(HOME + path)
    return page


def _found(page: Page, state: str, looks: tuple[Look, ...] = EVERY_LOOK) -> dict[str, list[str]]:
    return {f"{state}, {look}": found for look, found in barriers_in(page, looks) if found}


def _add_nothing(page: Page) -> None:
    """The form is sent empty: it names what is missing."""
    page.get_by_role("button", name="New contact").click()
    page.get_by_role("dialog").get_by_role("button", name="Add").click()


OVER: dict[str, Step] = {
    "form": lambda page: page.get_by_role("button", name="New contact").click(),
    "form with mistakes": _add_nothing,
    "palette": lambda page: page.keyboard.press("Control+k"),
    "shortcuts": lambda page: page.keyboard.press("?"),
}


@pytest.mark.parametrize("state", OVER)
def test_what_stands_over_a_page_has_no_barrier(page: Page, state: str) -> None:
    """Form, palette and list of shortcuts, in every look; Escape closes each."""
    OVER[state](page)
    expect(page.get_by_role("dialog")).to_be_visible()
    found = _found(page, state)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert found == {}


def test_a_sheet_and_its_question_have_no_barrier(page: Page) -> None:
    """A contact at the side of the list, the whole screen on a phone; then a question over it."""
    page.locator("[data-contact-id] button").first.click()
    sheet = page.get_by_test_id("row-sheet")
    expect(sheet.locator("[data-person-id]")).to_be_visible()
    found = _found(page, "sheet")
    sheet.get_by_role("button", name="Mark lost").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found |= _found(page, "question")
    page.keyboard.press("Escape")
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_have_count(0)
    assert found == {}


def test_a_menu_has_no_barrier(page: Page) -> None:
    """The moves of a lead."""
    page.get_by_role("link", name="Leads").click()
    page.get_by_role("button", name="Change the status").first.click()
    expect(page.get_by_role("menu")).to_be_visible()
    found = _found(page, "menu")
    page.keyboard.press("Escape")
    assert found == {}


@pytest.mark.parametrize("sheet", ["Failed texts", "Conflicts"])
def test_what_waits_for_a_person_has_no_barrier(page: Page, sheet: str) -> None:
    """Both lists of Issues with rows; on a phone a wide table scrolls by itself."""
    page.get_by_role("link", name="Issues").click()
    page.get_by_role("tab", name=sheet).click()
    panel = page.get_by_role("tabpanel")
    expect(panel.locator("[data-failed-text], [data-conflict-id]").first).to_be_visible()
    assert _found(page, sheet) == {}


def test_a_page_without_a_network_has_no_barrier(page: Page, replay: Replay) -> None:
    """A press waits: the banner says so, and the list of what waits can be read."""
    page.get_by_role("link", name="Today").click()
    replay.away = True
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.get_by_role("button", name="Confirm").first.click()
    banner = page.get_by_test_id("offline-banner")
    found: dict[str, list[str]] = {}
    try:
        expect(banner).to_be_visible()
        found = _found(page, "offline")
        banner.get_by_role("button", name="Show").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        found |= _found(page, "outbox")
        page.keyboard.press("Escape")
    finally:
        replay.away = False
        page.context.set_offline(False)
    assert found == {}


@pytest.mark.parametrize("state", ["empty", "refused"])
def test_pages_without_rows_have_no_barrier(built: None, chromium: Browser, state: str) -> None:
    """Nothing there yet, or nothing that can be read: each page says so, and none waits on."""
    assert built is None
    replay = Replay()
    replay.fails = state == "refused"
    replay.empty()
    page = _opened(chromium, replay, "en/today")
    found: dict[str, list[str]] = {}
    for name in LISTS:
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_test_id("loading")).to_have_count(0)
        found |= _found(page, f"{state} {name}", TWO_LOOKS)
    page.context.close()
    assert found == {}

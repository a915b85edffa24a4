"""Every page of the dashboard in a real browser, against the whole stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.support import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.e2e.support import Dashboard, Desk

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

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def _open(desk: Desk, path: str) -> Page:
    page = desk.tab()
    page.goto(f"{desk.url.rstrip('/')}/{path}")
    expect(page.locator("[data-connection=live]").first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("loading")).to_have_count(0, timeout=PATIENCE)
    return page


@pytest.mark.parametrize("locale", ["en", "es"])
def test_every_page_is_whole(dashboard: Dashboard, locale: str) -> None:
    """No page breaks, overflows a phone, or has a serious barrier; in both languages."""
    desk = dashboard.desk(width=390, height=844)
    page = _open(desk, f"{locale}/today")
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    for name in PAGES:
        page.goto(f"{desk.url.rstrip('/')}/{locale}/{name}")
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_test_id("loading")).to_have_count(0, timeout=PATIENCE)
        found = Axe().run(page).response["violations"]
        serious = [each["id"] for each in found if each["impact"] in {"serious", "critical"}]
        assert (name, serious) == (name, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert broken == []


def test_a_lead_moves_on_both_screens(dashboard: Dashboard) -> None:
    """A status chosen from the menu shows at the other desk, with who chose it."""
    here, there = (_open(dashboard.desk(), "en/leads?status=new") for _ in range(2))
    chosen = here.locator("[data-lead-id]").first
    lead = chosen.get_attribute("data-lead-id")
    there.goto(there.url.replace("?status=new", f"?sheet=lead:{lead}"))
    card = there.locator(f"[data-person-id='{lead}'] [data-lead-status]")
    expect(card).to_have_attribute("data-lead-status", "new", timeout=PATIENCE)
    chosen.get_by_role("button", name="Change the status").click()
    here.get_by_role("menuitem", name="Qualified").click()
    expect(card).to_have_attribute("data-lead-status", "qualified", timeout=PATIENCE)


def test_many_leads_move_with_one_press(dashboard: Dashboard) -> None:
    """Chosen by their boxes, moved by the bar below; the choice ends with the success."""
    page = _open(dashboard.desk(), "en/leads?status=contacted")
    rows = page.locator("[data-lead-id]")
    table = page.get_by_role("table", name="Leads", exact=True)
    before = int(table.get_attribute("aria-rowcount") or 0)
    for position in range(2):
        rows.nth(position).get_by_role("checkbox").check()
    bar = page.get_by_role("region", name="2 selected")
    bar.get_by_role("combobox").select_option("negotiating")
    bar.get_by_role("button", name="Move 2 leads to Negotiating").click()
    expect(bar).to_have_count(0, timeout=PATIENCE)
    expect(table).to_have_attribute("aria-rowcount", str(before - 2), timeout=PATIENCE)


def test_a_text_goes_out_once_though_its_answer_is_lost(dashboard: Dashboard) -> None:
    """The server accepts, the answer never comes, the page is reloaded: one text."""
    desk = dashboard.desk()
    page = _open(desk, "en/leads")
    page.locator("[data-lead-id] button").first.click()
    words = "Exactly once, please."
    page.get_by_role("textbox", name="Text to").fill(words)

    def lose_answer(route: Route) -> None:
        route.fetch()

    desk.context.route("**/api/leads/send-sms", lose_answer)
    page.get_by_role("button", name="Send text").click()
    page.reload()
    desk.context.unroute("**/api/leads/send-sms")
    expect(page.get_by_text(words)).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("[data-queued='0']").first).to_be_attached(timeout=PATIENCE)
    texts = [row for row in dashboard.database.rows("sms_logs", "demo") if row["message"] == words]
    assert len(texts) == 1


def test_it_starts_without_a_network(dashboard: Dashboard) -> None:
    """A reload while offline shows the page and the rows of before."""
    desk = dashboard.desk()
    page = _open(desk, "en/leads")
    name = page.locator("[data-lead-id] button").first.inner_text()
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_timeout(1_500)
    desk.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-lead-id] button").first).to_have_text(name, timeout=PATIENCE)
    expect(page.get_by_test_id("org-name")).not_to_be_empty()


def test_it_works_where_site_data_is_blocked(dashboard: Dashboard) -> None:
    """Looking at any storage throws: the page comes up all the same."""
    desk = dashboard.desk()
    desk.context.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])"
        " Object.defineProperty(window, name,"
        " {get() { throw new DOMException('no', 'SecurityError') }})"
    )
    page = _open(desk, "en/today")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")


def test_another_person_here_is_another_person_in_every_tab(dashboard: Dashboard) -> None:
    """Who leaves in one tab leaves in the other, which shows nothing of theirs any more."""
    desk = dashboard.desk()
    first, second = _open(desk, "en/leads"), _open(desk, "en/leads")
    options = first.get_by_test_id("user-switcher").locator("option")
    first.get_by_test_id("user-switcher").select_option(index=options.count() - 1)
    expect(second.get_by_text("You are signed out")).to_be_visible(timeout=PATIENCE)
    expect(second.locator("[data-lead-id]")).to_have_count(0)

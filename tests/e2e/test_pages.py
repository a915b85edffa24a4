"""Every page of the dashboard in a real browser, against the whole stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.barriers import barriers
from tests.e2e.support import opened
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.e2e.support import Dashboard

PAGES = 10
"""The links of the side rail, for an owner."""

_LEADS_ARE_KEPT = """() => new Promise((resolve) => {
  const opening = indexedDB.open("closed-loop");
  opening.onsuccess = () => {
    const kept = opening.result.transaction("meta").objectStore("meta").getAll();
    kept.onsuccess = () => {
      opening.result.close();
      resolve(JSON.stringify(kept.result).includes("leads:"));
    };
  };
})"""
"""What is written last: that the list of leads was read whole."""

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_every_page_opens_in_spanish(dashboard: Dashboard) -> None:
    """By its link, with the rows of a running stack; on a phone no sentence is too long for it."""
    page = opened(dashboard.desk(), "es/today")
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    links = page.get_by_role("navigation").get_by_role("link")
    expect(links).to_have_count(PAGES)
    title = page.get_by_role("heading", level=1)
    for position in range(PAGES):
        page.set_viewport_size({"width": 1280, "height": 900})
        before = title.inner_text()
        links.nth(position).click()
        expect(links.nth(position)).to_have_attribute("aria-current", "page")
        if position > 0:  # until its code is there, the page of before is shown
            expect(title).not_to_have_text(before)
        expect(page.get_by_test_id("loading")).to_have_count(0)
        page.set_viewport_size({"width": 390, "height": 844})
        assert barriers(page) == [], page.url
    assert broken == []


def test_a_lead_moves_on_both_screens(dashboard: Dashboard) -> None:
    """A status chosen from the menu shows at the other desk, with who chose it."""
    here = opened(dashboard.desk(), "en/leads?status=new")
    chosen = here.locator("[data-lead-id]").first
    lead = chosen.get_attribute("data-lead-id")
    there = opened(dashboard.desk(), f"en/leads?sheet=lead:{lead}")
    card = there.locator(f"[data-person-id='{lead}'] [data-lead-status]")
    expect(card).to_have_attribute("data-lead-status", "new")
    chosen.get_by_role("button", name="Change the status").click()
    here.get_by_role("menuitem", name="Qualified").click()
    expect(card).to_have_attribute("data-lead-status", "qualified")


def test_many_leads_move_with_one_press(dashboard: Dashboard) -> None:
    """Chosen by their boxes, moved by the bar below; the choice ends with the success."""
    page = opened(dashboard.desk(), "en/leads?status=contacted")
    rows = page.locator("[data-lead-id]")
    table = page.get_by_role("table", name="Leads", exact=True)
    before = int(table.get_attribute("aria-rowcount") or 0)
    for position in range(2):
        rows.nth(position).get_by_role("checkbox").check()
    bar = page.get_by_role("region", name="2 selected")
    bar.get_by_role("combobox").select_option("negotiating")
    bar.get_by_role("button", name="Move 2 leads to Negotiating").click()
    expect(bar).to_have_count(0)
    expect(table).to_have_attribute("aria-rowcount", str(before - 2))


def test_a_text_goes_out_once_though_its_answer_is_lost(dashboard: Dashboard) -> None:
    """The server accepts, the answer never comes, the page is reloaded: one text."""
    desk = dashboard.desk()
    page = opened(desk, "en/leads")
    page.locator("[data-lead-id] button").first.click()
    words = "Exactly once, please."
    page.get_by_role("textbox", name="Text to").fill(words)

    def lose_answer(route: Route) -> None:
        route.fetch()

    desk.context.route("**/api/leads/send-sms", lose_answer)
    with page.expect_request("**/api/leads/send-sms"):  # what is not sent yet may not be stored
        page.get_by_role("button", name="Send text").click()
    page.reload()
    desk.context.unroute("**/api/leads/send-sms")
    expect(page.locator("[data-text-id]").filter(has_text=words)).to_have_count(1)
    expect(page.locator("[data-queued='0']").first).to_be_attached()
    texts = [row for row in dashboard.database.rows("sms_logs", "demo") if row["message"] == words]
    assert len(texts) == 1


def test_it_starts_without_a_network(dashboard: Dashboard) -> None:
    """A reload while offline shows the page and the rows of before."""
    desk = dashboard.desk(keeps_page=True)
    page = opened(desk, "en/leads")
    name = page.locator("[data-lead-id] button").first.inner_text()
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    eventually(lambda: page.evaluate(_LEADS_ARE_KEPT))
    desk.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-lead-id] button").first).to_have_text(name)
    expect(page.get_by_test_id("org-name")).not_to_be_empty()


def test_it_works_where_site_data_is_blocked(dashboard: Dashboard) -> None:
    """Looking at any storage throws: the page comes up all the same."""
    desk = dashboard.desk()
    desk.context.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])"
        " Object.defineProperty(window, name,"
        " {get() { throw new DOMException('no', 'SecurityError') }})"
    )
    page = opened(desk, "en/today")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")


def test_another_person_here_is_another_person_in_every_tab(dashboard: Dashboard) -> None:
    """Who leaves in one tab leaves in the other, which shows nothing of theirs any more."""
    desk = dashboard.desk()
    first, second = opened(desk, "en/leads"), opened(desk, "en/leads")
    options = first.get_by_test_id("user-switcher").locator("option")
    first.get_by_test_id("user-switcher").select_option(index=options.count() - 1)
    expect(second.get_by_test_id("notice")).to_contain_text("You are signed out")
    expect(second.locator("[data-lead-id]")).to_have_count(0)

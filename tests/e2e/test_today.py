"""The Today page in a real browser, against the whole stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.support import button, pending, press_offline, row, show, shows

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.e2e.support import Dashboard

SERVER = ("**/api/**", "**/sandbox/**")

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.mark.presses("POST /api/bookings/confirm")
def test_two_screens_see_a_confirmation(dashboard: Dashboard) -> None:
    """Pressed at one desk, it shows at the other without a reload."""
    here, there = dashboard.desk().tab(), dashboard.desk().tab()
    chosen = pending(here)
    show(there, chosen)
    button(here, chosen).click()
    shows(here, chosen, "confirmed")
    shows(there, chosen, "confirmed")
    assert dashboard.effects(chosen) == ["ok"]


def test_a_double_click_is_one_press(dashboard: Dashboard) -> None:
    """Two clicks at once: one effect, and the button keeps the focus while it is busy."""
    page = dashboard.desk().tab()
    chosen = pending(page)
    button(page, chosen).dblclick()
    shows(page, chosen, "confirmed")
    assert dashboard.settled(page, chosen) == ["ok"]


def test_pressed_offline_it_survives_a_reload(dashboard: Dashboard) -> None:
    """Offline the press is queued and said so; after a reload and online it happens once."""
    desk = dashboard.desk()
    page = desk.tab()
    chosen = press_offline(desk, page)
    assert dashboard.effects(chosen) == []
    # The page itself must load, so from here on only the button's address is away.
    desk.context.route("**/api/bookings/**", lambda route: route.abort())
    desk.context.set_offline(False)
    page.reload()
    expect(page.locator("[data-queued='1']").first).to_be_attached()
    assert dashboard.effects(chosen) == []
    desk.context.unroute("**/api/bookings/**")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    shows(page, chosen, "confirmed")
    assert dashboard.settled(page, chosen) == ["ok"]


def test_the_queue_is_shown_after_a_reload_without_the_server(dashboard: Dashboard) -> None:
    """Nothing but the page itself can be had: it shows the queue and what is wrong, then heals."""
    desk = dashboard.desk()
    page = desk.tab()
    chosen = press_offline(desk, page)
    for address in SERVER:
        desk.context.route(address, lambda route: route.abort())
    desk.context.set_offline(False)
    page.reload()
    banner = page.get_by_test_id("offline-banner")
    expect(banner).to_contain_text("1 action is saved")
    expect(page.get_by_test_id("org-name")).not_to_be_empty()
    expect(row(page, chosen)).to_have_attribute("data-tentative", "true")
    assert dashboard.effects(chosen) == []
    for address in SERVER:
        desk.context.unroute(address)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    shows(page, chosen, "confirmed")
    expect(banner).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert dashboard.settled(page, chosen) == ["ok"]


def test_a_lost_answer_ends_by_the_socket(dashboard: Dashboard) -> None:
    """The request arrives and its answer never does: the event with its key ends the spinner."""
    desk = dashboard.desk()
    page = desk.tab()
    chosen = pending(page)

    def lose_answer(route: Route) -> None:
        route.fetch()
        # Neither fulfilled nor aborted: for the page the answer is on its way for ever.

    desk.context.route("**/api/bookings/confirm", lose_answer)
    button(page, chosen).click()
    shows(page, chosen, "confirmed")
    assert dashboard.settled(page, chosen) == ["ok"]


def test_two_tabs_have_one_drainer(dashboard: Dashboard) -> None:
    """Queued in one tab, with another one open: sent once, and both tabs show it."""
    desk = dashboard.desk()
    first, second = desk.tab(), desk.tab()
    answered: list[str] = []
    desk.context.on(
        "response", lambda got: answered.append(got.url) if "/confirm" in got.url else None
    )
    show(second, str(first.locator("[data-pending-id]").first.get_attribute("data-pending-id")))
    chosen = press_offline(desk, first)
    desk.context.set_offline(False)
    shows(first, chosen, "confirmed")
    shows(second, chosen, "confirmed")
    assert dashboard.settled(first, chosen) == ["ok"]
    assert len(answered) == 1


def test_what_was_missed_is_caught_up(dashboard: Dashboard) -> None:
    """Away from the network while somebody else confirms: after the reconnect it shows."""
    desk = dashboard.desk()
    page = desk.tab()
    chosen = pending(page, 1)
    desk.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    expect(page.locator("[data-connection=live]")).to_have_count(0)
    dashboard.confirm_elsewhere(chosen)
    shows(page, chosen, "pending")
    desk.context.set_offline(False)
    shows(page, chosen, "confirmed")

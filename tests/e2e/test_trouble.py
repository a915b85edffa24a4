"""Trouble, in a real browser: a slow network, a vendor that fails, a server that restarts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.support import PATIENCE, button, opened, pending, row, shows

if TYPE_CHECKING:
    from playwright.sync_api import Route, WebSocketRoute

    from tests.e2e.support import Dashboard

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_a_slow_network_shows_at_once_and_moves_nothing(dashboard: Dashboard) -> None:
    """Before the request arrives: the row is as expected, the button keeps its width and focus."""
    page = dashboard.desk().tab()
    slow: list[Route] = []

    def hold(route: Route) -> None:
        slow.append(route)

    page.route("**/api/bookings/confirm", hold)
    chosen = pending(page)
    press = button(page, chosen)
    press.focus()
    width = press.bounding_box()
    with page.expect_request("**/api/bookings/confirm"):
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
    expect(press).to_have_attribute("aria-busy", "true")
    expect(row(page, chosen)).to_have_attribute("data-tentative", "true")
    assert press.bounding_box() == width
    assert press.evaluate("element => element === document.activeElement")
    (request,) = slow
    request.continue_()
    shows(page, chosen, "confirmed")
    assert dashboard.settled(page, chosen) == ["ok"]


def test_a_text_that_the_vendor_may_have_taken_is_called_unclear(dashboard: Dashboard) -> None:
    """Twilio answers 500 once: the thread says so, nobody sends it a second time."""
    lead = dashboard.stack.info["ids"]["demo"]["lead"][60]
    page = opened(dashboard.desk(), f"en/leads/{lead}")
    words = "Is Friday at nine all right?"
    dashboard.sandbox("POST", "faults", {"target": "twilio", "mode": "500", "count": 1})
    try:
        page.get_by_role("textbox", name="Text to").fill(words)
        page.get_by_role("button", name="Send text").click()
        bubble = page.locator("[data-text-id]").filter(has_text=words)
        expect(bubble).to_have_attribute("data-status", "unknown")
        expect(bubble).to_contain_text("Unclear whether it went out")
        expect(bubble.get_by_role("button")).to_have_count(0)
    finally:
        dashboard.sandbox("DELETE", "faults")


def test_a_server_that_restarts_is_found_again_by_itself(dashboard: Dashboard) -> None:
    """Sockets close, requests are refused, a press waits; when it is back nobody reloads."""
    desk = dashboard.desk()
    sockets: list[WebSocketRoute] = []
    is_away = False

    def connect(socket: WebSocketRoute) -> None:
        if is_away:
            socket.close(code=1012)
            return
        sockets.append(socket)
        socket.connect_to_server()

    desk.context.route_web_socket("**/*", connect)
    page = desk.tab()
    chosen = pending(page)
    is_away = True
    desk.context.route("**/api/**", lambda route: route.abort("connectionrefused"))
    for socket in sockets:
        socket.close(code=1012)
    button(page, chosen).click()
    expect(page.get_by_test_id("offline-banner")).to_contain_text("1 action is saved")
    expect(page.locator("[data-connection=live]")).to_have_count(0)
    is_away = False
    desk.context.unroute("**/api/**")
    expect(page.locator("[data-connection=live]").first).to_be_visible(timeout=2 * PATIENCE)
    shows(page, chosen, "confirmed")
    expect(page.get_by_test_id("offline-banner")).to_have_count(0)
    assert dashboard.settled(page, chosen) == ["ok"]

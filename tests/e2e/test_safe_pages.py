"""What a real Chromium makes of the security headers, and of a page from somewhere else."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.e2e.support import Dashboard

pytestmark = [pytest.mark.stack, pytest.mark.browser]

_PRESS = """(door) => fetch(`${door}/sandbox/faults`, {
  method: "POST", mode: "no-cors", body: '{"target": "square", "mode": "500"}',
}).catch(() => {})"""
_READ_SECRETS = """(emulator) => fetch(emulator, {
  method: "POST",
  body: "{}",
  headers: {
    "X-Amz-Target": "secretsmanager.ListSecrets",
    "Authorization": "AWS4-HMAC-SHA256 Credential=000000000000/20261121/us-east-1/secretsmanager"
      + "/aws4_request, SignedHeaders=host, Signature=dead",
  },
}).then((answer) => answer.text()).catch(() => "refused")"""
_FRAME = """(url) => {
  const frame = document.createElement("iframe");
  frame.src = url;
  document.body.append(frame);
}"""


class _Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """A page of another origin."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of a page that somebody else serves."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def complaints(page: Page) -> list[str]:
    """Fills up with what the browser refuses to load."""
    said: list[str] = []
    page.on("console", lambda each: said.append(each.text) if "Policy" in each.text else None)
    return said


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_the_dashboard_runs_live_by_either_name(dashboard: Dashboard, name: str) -> None:
    """Scripts, styles, the API and the socket are allowed; nothing is complained about."""
    page = dashboard.desk().context.new_page()
    said = complaints(page)
    page.goto(dashboard.stack.info["web_url"].replace("127.0.0.1", name))
    expect(page.locator("[data-connection=live]").first).to_be_visible()
    assert said == []


def test_the_sandbox_page_presses_its_buttons(dashboard: Dashboard) -> None:
    """With its script and style as files of their own."""
    page = dashboard.desk().context.new_page()
    said = complaints(page)
    page.goto(dashboard.stack.info["sandbox_url"])
    page.get_by_label("Where").select_option("square")
    page.get_by_role("button", name="Make trouble").click()
    expect(page.locator("#under-way li")).to_have_text("square: 429, 1 times (0 so far)")
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator("#under-way li")).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.querySelector('main')).display") == "grid"
    assert said == []


def test_a_page_from_elsewhere_gets_nowhere(dashboard: Dashboard, elsewhere: str) -> None:
    """It neither presses the sandbox nor reads what the emulator holds."""
    stack = dashboard.stack
    page = dashboard.desk().context.new_page()
    page.goto(elsewhere)
    page.evaluate(_PRESS, stack.info["web_url"])
    assert page.evaluate(_READ_SECRETS, stack.client.endpoint) == "refused"
    page.goto(stack.info["sandbox_url"])
    shown = page.evaluate("fetch('/sandbox/faults').then((answer) => answer.json())")
    assert shown == {"faults": []}


def test_nobody_frames_a_page_of_the_stack(dashboard: Dashboard, elsewhere: str) -> None:
    """A frame from elsewhere stays empty."""
    page = dashboard.desk().context.new_page()
    page.goto(elsewhere)
    with page.expect_console_message(lambda said: "frame" in said.text.lower()):
        page.evaluate(_FRAME, dashboard.stack.info["sandbox_url"])
    assert "Sandbox" not in page.frames[-1].content()

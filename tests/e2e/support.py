"""Screens of the dashboard, as staff at several desks have them open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import urllib3
from playwright.sync_api import expect

from tests.e2e.presses import note_presses
from tests.support.database import Database

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Browser, BrowserContext, Locator, Page

    from closedloop.core.rows import Row
    from local.stack import Stack

ORG = "demo"
SECONDS = 1000
PATIENCE = 60 * SECONDS
"""The first press of a stack starts half a dozen functions, one after the other."""


@dataclass
class Desk:
    """One browser profile: its tabs share storage, as at one desk."""

    context: BrowserContext
    url: str

    def tab(self) -> Page:
        """A tab on the Today page, once it is live."""
        page = self.context.new_page()
        page.goto(self.url)
        expect(page.locator("[data-connection=live]").first).to_be_visible()
        return page


@dataclass
class Dashboard:
    """The dashboard in as many desks as a test opens."""

    stack: Stack
    browser: Browser
    desks: list[Desk] = field(default_factory=list)
    pressed: set[str] = field(default_factory=set)
    """The buttons that were pressed at these desks, and that the server took."""

    def desk(self, *, height: int = 900, keeps_page: bool = False) -> Desk:
        """A browser profile of its own. Where it keeps the page, it starts without a network."""
        context = self.browser.new_context(
            viewport={"width": 1280, "height": height},
            # To keep the page a browser loads all its parts: most tests have no use for them.
            service_workers="allow" if keeps_page else "block",
        )
        context.set_default_timeout(PATIENCE)
        note_presses(context, self.pressed)
        opened = Desk(context, self.stack.info["web_url"])
        self.desks.append(opened)
        return opened

    def wait_for(self, buttons: set[str]) -> None:
        """Wait until the server has taken these presses: a page shows them before."""
        for _ in range(200):
            if buttons <= self.pressed:
                break
            self.desks[-1].context.pages[0].wait_for_timeout(50)

    def close(self) -> None:
        """Close all that was opened."""
        for each in self.desks:
            each.context.close()

    @property
    def database(self) -> Database:
        """The stack's tables."""
        return Database(self.stack.client("dynamodb"), "", self.stack.table_prefix)

    def appointment(self, row_id: str) -> Row:
        """An appointment as it is stored."""
        return next(row for row in self.database.rows("appointments", ORG) if row["id"] == row_id)

    def effects(self, row_id: str) -> list[str]:
        """What the audit log says of an appointment, oldest first."""
        return [e["result"] for e in self.database.audit(ORG) if e.get("row_id") == row_id]

    def settled(self, page: Page, row_id: str) -> list[str]:
        """What the audit log says once the page has its answer; a press shows before that."""
        expect(row(page, row_id).locator("[aria-busy=true]")).to_have_count(0)
        expect(page.locator("[data-queued='1']")).to_have_count(0)
        for _ in range(200):
            if self.effects(row_id):
                break
            page.wait_for_timeout(50)
        return self.effects(row_id)

    def confirm_elsewhere(self, row_id: str) -> None:
        """Somebody confirms it without any browser."""
        self.ask_elsewhere("bookings/confirm", {"appointmentId": row_id})

    def ask_elsewhere(self, path: str, body: Row) -> None:
        """A colleague's program presses a button of the API."""
        answer = urllib3.request(
            "POST",
            f"{self.stack.info['api_url']}/{path}",
            headers={
                "authorization": f"Bearer {self.stack.info['tokens'][ORG]['manager']}",
                "x-idempotency-key": str(uuid4()),
            },
            json=body,
        )
        assert answer.status == 200

    def sandbox(self, method: str, path: str, body: Row | None = None) -> Any:
        """What a vendor's stand-in answers, for example after `PATCH square/bookings/...`."""
        answer = urllib3.request(
            method,
            f"{self.stack.info['sandbox_url'].rstrip('/')}/{path}",
            headers={"origin": self.stack.info["web_url"].rstrip("/")},
            json=body,
        )
        assert answer.status == 200, answer.data
        return answer.json()


def pending(page: Page, position: int = 0) -> str:
    """The id of a pending appointment of the next days, opened at the side of the page."""
    found = page.locator("[data-pending-id]").nth(position).get_attribute("data-pending-id")
    assert found is not None
    show(page, found)
    return found


def show(page: Page, row_id: str) -> None:
    """Open a pending appointment at the side of the page."""
    page.locator(f"[data-pending-id='{row_id}']").get_by_role("button").first.click()
    expect(row(page, row_id)).to_be_visible()


def row(page: Page, row_id: str) -> Locator:
    """The appointment at the side of the page."""
    return page.locator(f"[data-booking-card='{row_id}']")


def button(page: Page, row_id: str) -> Locator:
    """Its confirm button."""
    return row(page, row_id).get_by_role("button", name="Confirm").first


def shows(page: Page, row_id: str, status: str) -> None:
    """Wait until the page shows the appointment with this status, as committed."""
    expect(row(page, row_id)).to_have_attribute("data-status", status)


def press_offline(desk: Desk, page: Page) -> str:
    """Press a pending appointment's button without a network; its id, once the press is queued."""
    chosen = pending(page)
    desk.context.set_offline(True)
    button(page, chosen).click()
    expect(page.locator("[data-queued='1']").first).to_be_visible()
    return chosen


def opened(desk: Desk, path: str) -> Page:
    """A tab on another page, once it is live and has its rows."""
    page = desk.context.new_page()
    page.goto(f"{desk.url.rstrip('/')}/{path}")
    expect(page.locator("[data-connection=live]").first).to_be_visible()
    expect(page.get_by_test_id("loading")).to_have_count(0)
    return page


def fill(form: Locator, values: Mapping[str, str]) -> None:
    """Write into fields by their names."""
    for name, value in values.items():
        form.get_by_label(name).first.fill(value)


def drag(page: Page, what: Locator, to: Locator, *, down: int) -> None:
    """Drag a box by the mouse into a column, so many pixels further down."""
    start, target = what.bounding_box(), to.bounding_box()
    assert start is not None
    assert target is not None
    x, y = start["x"] + 20, start["y"] + 10
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y + 20)
    page.mouse.move(target["x"] + 40, y + down, steps=4)
    page.mouse.up()

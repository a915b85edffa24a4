"""A working day in a real browser: people, bookings, call-backs, settings, edits of two at once."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from closedloop.core.times import to_second
from tests.e2e.barriers import barriers
from tests.e2e.support import drag, fill, opened

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.e2e.support import Dashboard

pytestmark = [pytest.mark.stack, pytest.mark.browser]

CHICAGO = ZoneInfo("America/Chicago")


def _far_wednesday() -> date:
    """Beyond the two weeks that the demo data fills, and within what may be booked."""
    first = datetime.now(CHICAGO).date() + timedelta(days=21)
    return first + timedelta(days=(2 - first.weekday()) % 7)


FAR_DAY = _far_wednesday()


def _new_contact(page: Page, name: str, phone: str) -> str:
    """Writes down a contact; its id, once its card is open at the side."""
    page.get_by_role("button", name="New contact").click()
    form = page.get_by_role("dialog")
    assert barriers(page) == []
    fill(form, {"Name": name, "Phone": phone})
    form.get_by_role("button", name="Add").click()
    card = page.locator("[data-person-id]")
    expect(card.get_by_role("heading", name=name)).to_be_visible()
    return str(card.get_attribute("data-person-id"))


@pytest.mark.presses(
    "POST /api/contacts",
    "PATCH /api/contacts/{id}",
    "POST /api/contacts/{id}/call-back",
    "PATCH /api/calls/{id}",
)
def test_a_person_from_first_call_to_last(dashboard: Dashboard) -> None:
    """Written down, refused a second time, corrected, called back: one row, every step shown."""
    page = opened(dashboard.desk(), "en/contacts")
    contact = _new_contact(page, "Zelda Quist", "(312) 555-9911")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="New contact").click()
    form = page.get_by_role("dialog")
    fill(form, {"Name": "Zelda Again", "Phone": "312.555.9911"})
    form.get_by_role("button", name="Add").click()
    form.get_by_role("button", name="Open Zelda Quist").click()
    card = page.locator(f"[data-person-id='{contact}']")
    card.get_by_role("tab", name="Facts").click()
    card.get_by_role("button", name="Edit").click()
    fill(page.get_by_role("dialog"), {"Notes": "Likes it quiet"})
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    noted = card.get_by_role("definition").filter(has_text="Likes it quiet")
    expect(noted).to_be_visible()
    card.get_by_role("button", name=re.compile("Call back")).click()
    expect(page.get_by_test_id("live-region")).to_contain_text("Call-back noted")
    page.goto(page.url.split("/en/")[0] + "/en/today")
    call = page.locator("[data-call-id]").filter(has_text="Zelda Quist")
    call.get_by_role("button", name=re.compile("No answer")).click()
    expect(call).to_have_attribute("data-status", "no_answer")
    call.get_by_role("button", name=re.compile("Done")).click()
    expect(call).to_have_count(0)
    rows = dashboard.database.rows("contacts", "demo")
    assert [row["id"] for row in rows if row.get("phone") == "+13125559911"] == [contact]


def _free_column(page: Page) -> Locator:
    """A bay in the calendar of a day far ahead, on which nobody has booked."""
    column = page.locator("[data-column='bay-1']")
    expect(column).to_be_visible()
    return column


@pytest.mark.presses(
    "POST /api/bookings", "POST /api/bookings/reschedule", "POST /api/bookings/cancel"
)
def test_a_visit_is_booked_moved_and_called_off(dashboard: Dashboard) -> None:
    """At the time that was clicked; dragged to another bay; by keys to another hour; then free."""
    desk = dashboard.desk(height=1000)
    page = opened(desk, f"en/calendar?date={FAR_DAY}")
    column = _free_column(page)
    column.click(position={"x": 40, "y": 60 * 3 + 5})
    form = page.get_by_role("dialog")
    assert barriers(page) == []
    expect(form.get_by_label("Time")).to_have_value("11:00")
    fill(form, {"Customer": "Yusuf Calendar", "Phone": "+13125559922"})
    form.get_by_role("button", name="Book").click()
    card = page.locator("[data-booking-card]")
    expect(card).to_have_attribute("data-status", "confirmed")
    visit = str(card.get_attribute("data-booking-card"))
    page.get_by_role("button", name="Close").click()
    box = page.locator(f"[data-appointment-id='{visit}']")
    drag(page, box, page.locator("[data-column='bay-2']"), down=60)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("12:00 PM, Bay 2")
    dialog.get_by_test_id("dialog-confirm").click()
    expect(
        page.locator(f"[data-column='bay-2'] [data-appointment-id='{visit}']")
    ).to_have_attribute("data-tentative", "false")
    box.focus()
    page.keyboard.press("Shift+ArrowDown")
    fill(dialog, {"Time": "15:00"})
    dialog.get_by_role("button", name="Move").click()
    expect(box).to_have_accessible_name(re.compile("3:00.PM, Bay 2"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    moved_to = datetime.combine(FAR_DAY, time(15), CHICAGO)
    assert dashboard.appointment(visit)["start"] == to_second(moved_to)
    box.click()
    card.get_by_role("button", name=re.compile("Cancel booking")).click()
    page.get_by_test_id("dialog-confirm").click()
    expect(card).to_have_attribute("data-status", "cancelled")


def test_a_time_that_is_taken_is_refused_with_the_next_free_ones(dashboard: Dashboard) -> None:
    """Two desks book one slot of one bay: the second is told, and books what is free instead."""
    for number in range(2):
        page = opened(
            dashboard.desk(height=1000), f"en/calendar?date={FAR_DAY + timedelta(days=1)}"
        )
        page.get_by_role("button", name="Book").click()
        form = page.get_by_role("dialog")
        fill(
            form, {"Customer": f"Rival {number}", "Phone": f"+1312555993{number}", "Time": "10:00"}
        )
        form.get_by_label("Bay").select_option("bay-3")
        form.get_by_role("button", name="Book").click()
        if number == 1:
            expect(form.get_by_role("alert")).to_contain_text("just been taken")
            form.get_by_role("alert").get_by_role("button").first.click()
        expect(page.locator("[data-booking-card]")).to_be_visible()
    booked = [row for row in dashboard.database.rows("appointments", "demo") if "Rival" in str(row)]
    assert len({(row["resource"], row["start"]) for row in booked}) == 2


@pytest.mark.presses("PATCH /api/settings")
def test_settings_are_saved_whole_and_not_over_those_of_somebody_else(dashboard: Dashboard) -> None:
    """A template and a bay are there after a reload; who read them before is told."""
    first, second = (opened(dashboard.desk(), "en/settings") for _ in range(2))
    first.get_by_role("button", name="Add a template").click()
    first.get_by_label("template_1, Text").fill("Hi {firstName}, see you soon!")
    first.get_by_role("button", name="Save changes").click()
    expect(first.get_by_role("button", name="Save changes")).to_be_disabled()
    first.reload()
    expect(first.get_by_label("template_1, Text")).to_have_value("Hi {firstName}, see you soon!")
    second.get_by_label("Address").fill("Somewhere else")
    second.get_by_role("button", name="Save changes").click()
    second.get_by_role("button", name="Load theirs").click()
    expect(second.get_by_label("template_1, Text")).to_be_visible()
    expect(second.get_by_label("Address")).not_to_have_value("Somewhere else")


def noted(page: Page, words: str) -> Locator:
    """What the card shows as a note; the dialog where it was written may still be closing."""
    return page.locator("dd").filter(has_text=words)


@pytest.mark.presses("PATCH /api/leads/{id}")
def test_two_who_wrote_one_field_see_both(dashboard: Dashboard) -> None:
    """One of them offline: nothing is overwritten, Issues shows both values, a press decides."""
    here, there = (dashboard.desk() for _ in range(2))
    lead = dashboard.stack.info["ids"]["demo"]["lead"][40]
    pages = [opened(desk, f"en/leads/{lead}") for desk in (here, there)]
    here.context.set_offline(True)
    for page, words in zip(pages, ("Mine, offline", "Theirs, meanwhile"), strict=True):
        page.get_by_role("button", name="Edit").click()
        fill(page.get_by_role("dialog"), {"Notes": words})
        page.get_by_role("dialog").get_by_role("button", name="Save").click()
        expect(noted(page, words)).to_be_visible()
    expect(pages[1].locator("[data-queued='0']").first).to_be_attached()
    here.context.set_offline(False)
    page = pages[0]
    expect(noted(page, "Theirs, meanwhile")).to_be_visible()
    page.get_by_role("link", name="Issues").click()
    page.get_by_role("tab", name="Edits").click()
    edit = page.locator("[data-edit-key]")
    expect(edit).to_contain_text("Mine, offline")
    expect(edit).to_contain_text("Theirs, meanwhile")
    edit.get_by_role("button", name="Use mine").click()
    expect(noted(pages[1], "Mine, offline")).to_be_visible()


@pytest.mark.presses(
    "POST /api/bookings/confirm", "POST /api/leads/send-sms", "POST /api/leads/update-status"
)
def test_confirm_text_and_status_go_on_after_a_reload(dashboard: Dashboard) -> None:
    """The three presses of a visit, with a reload between the first and the second."""
    phones = {row["phone"]: row for row in dashboard.database.rows("leads", "demo")}
    visit = next(
        row
        for row in sorted(
            dashboard.database.rows("appointments", "demo"), key=lambda row: row["id"]
        )
        if row["status"] == "pending"
        and phones.get(row.get("contact_phone"), {}).get("status") == "new"
    )
    page = opened(
        dashboard.desk(), f"en/calendar?date={visit['start'][:10]}&sheet=apt:{visit['id']}"
    )
    flow = page.get_by_role("region", name="Confirm, text and move on")
    flow.get_by_role("button", name=re.compile("Confirm")).click()
    expect(flow).to_have_attribute("data-step", "sms")
    page.reload()
    expect(flow).to_have_attribute("data-step", "sms")
    flow.get_by_role("button", name=re.compile("Send text")).click()
    expect(flow).to_have_attribute("data-step", "status")
    flow.get_by_role("button", name=re.compile("Change the status")).click()
    page.get_by_role("menuitem", name="Contacted").click()
    expect(flow).to_have_count(0)
    lead = phones[visit["contact_phone"]]["id"]
    texts = [row for row in dashboard.database.rows("sms_logs", "demo") if row["person_id"] == lead]
    assert len(texts) == 1

"""Buttons of a working day that no other journey presses, each in a browser and for good."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import FilePayload, expect

from tests.e2e.support import fill, opened
from tests.support.pictures import picture
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

    from tests.e2e.support import Dashboard

pytestmark = [pytest.mark.stack, pytest.mark.browser]

UNREACHABLE = "+15005550038"
"""Twilio accepts a text to this number, and reports later that it failed."""


@pytest.mark.presses(
    "PATCH /api/jobs/{id}",
    "POST /api/jobs/{id}/photos",
    "POST /api/jobs/{id}/photos/{photoId}/remove",
)
def test_a_job_is_worked_on(dashboard: Dashboard) -> None:
    """Its step, a tick, a note and a photo are there after a reload, the photo as a picture.

    It was the wrong car: after a question the photo is gone, and stays gone.
    """
    job_id = _job(dashboard, "checked_in")
    page = opened(dashboard.desk(), f"en/jobs/{job_id}")
    job = page.locator("[data-job-id]")
    job.get_by_role("button", name="In progress").click()
    expect(job).to_have_attribute("data-status", "in_progress")
    tick = job.get_by_role("checkbox").last
    tick.click()
    expect(tick).to_be_checked()
    notes = job.get_by_role("textbox", name="Notes")
    notes.fill("Coffee on the back seat")
    save = job.get_by_role("region", name="Notes").get_by_role("button")
    save.click()
    expect(save).to_be_disabled()
    photo = FilePayload(name="door.jpg", mimeType="image/jpeg", buffer=picture(size=(640, 480)))
    job.locator("input[type=file]").set_input_files(photo)
    shown = job.get_by_role("region", name="Photos").get_by_role("img")
    expect(shown).to_be_visible()
    page.reload()
    expect(job).to_have_attribute("data-status", "in_progress")
    expect(tick).to_be_checked()
    expect(notes).to_have_value("Coffee on the back seat")
    expect(shown).to_be_visible()
    shown.scroll_into_view_if_needed()
    page.wait_for_function("image => image.naturalWidth > 0", arg=shown.element_handle())
    photos = job.get_by_role("region", name="Photos")
    photos.get_by_role("button", name=re.compile("Remove")).click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(shown).to_have_count(0)
    eventually(lambda: not _row(dashboard, job_id)["photosMeta"])
    page.reload()
    expect(photos).to_contain_text("No photos yet")


def _row(dashboard: Dashboard, job_id: str) -> dict[str, Any]:
    (found,) = [row for row in dashboard.database.rows("jobs", "demo") if row["id"] == job_id]
    return found


def _job(dashboard: Dashboard, status: str, position: int = 0) -> str:
    found = [row for row in dashboard.database.rows("jobs", "demo") if row["workStatus"] == status]
    return str(found[position]["id"])


@pytest.mark.presses("POST /api/conflicts/{id}/resolve")
def test_of_two_disagreements_each_side_wins_one(dashboard: Dashboard) -> None:
    """Square cancels what is being worked on: one work goes on, the other is called off."""
    kept, ended = (_job(dashboard, "in_progress", position) for position in range(2))
    for job in (kept, ended):
        dashboard.sandbox("PATCH", f"square/bookings/{job}", {"status": "CANCELLED_BY_SELLER"})
    page = opened(dashboard.desk(), "en/issues")
    page.get_by_role("tab", name="Conflicts").click()
    for job, choice in ((kept, "Keep ours"), (ended, "Take Square")):
        conflict = page.locator(f"[data-conflict-id^='{job}:']")
        conflict.get_by_role("button", name=choice).click()
        expect(conflict).to_have_count(0)
    rows = {row["id"]: row for row in dashboard.database.rows("jobs", "demo")}
    assert [rows[job]["workStatus"] for job in (kept, ended)] == ["in_progress", "cancelled"]


@pytest.mark.presses("POST /api/leads", "POST /api/leads/send-sms", "POST /api/sms/{id}/retry")
def test_a_text_that_failed_is_sent_again(dashboard: Dashboard) -> None:
    """A new lead's phone takes nothing: the text stands under Issues, and goes out once more."""
    page = opened(dashboard.desk(), "en/leads")
    page.get_by_role("button", name="New lead").click()
    form = page.get_by_role("dialog")
    fill(form, {"Name": "Unreachable Una", "Phone": UNREACHABLE})
    form.get_by_role("button", name="Add").click()
    card = page.locator("[data-person-id]")
    card.get_by_role("textbox", name="Text to").fill("Are you there?")
    card.get_by_role("button", name="Send text").click()
    bubble = card.locator("[data-text-id]")
    expect(bubble).to_have_attribute("data-status", "failed")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("link", name="Issues").click()
    page.get_by_role("tab", name="Failed texts").click()
    failed = page.locator("[data-failed-text]").filter(has_text="Are you there?")
    failed.get_by_role("button", name=re.compile("Send again")).click()
    expect(failed).to_contain_text(re.compile("attempt 2", re.IGNORECASE))
    sent = dashboard.sandbox("GET", f"twilio/messages?to=%2B{UNREACHABLE[1:]}")["messages"]
    assert [each["body"] for each in sent] == ["Are you there?"] * 2


@pytest.mark.presses("PATCH /api/contacts/{id}", "POST /api/contacts/{id}/sms")
def test_a_contact_is_marked_and_texted(dashboard: Dashboard) -> None:
    """Lost only after a yes; a no changes nothing. A text to a contact stands in its thread."""
    contact = dashboard.stack.info["ids"]["demo"]["contact"][30]
    page = opened(dashboard.desk(), f"en/contacts/{contact}")
    card = page.locator(f"[data-person-id='{contact}']")
    status = card.locator("[data-status]").first
    card.get_by_role("button", name=re.compile("Mark booked")).click()
    expect(status).to_have_attribute("data-status", "booked")
    lose = card.get_by_role("button", name=re.compile("Mark lost"))
    lose.click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(status).to_have_attribute("data-status", "booked")
    lose.click()
    page.get_by_test_id("dialog-confirm").click()
    expect(status).to_have_attribute("data-status", "lost")
    card.get_by_role("textbox", name="Text to").fill("Shall we call you in spring?")
    card.get_by_role("button", name="Send text").click()
    bubble = card.locator("[data-text-id]").filter(has_text="in spring?")
    expect(bubble).to_have_attribute("data-status", "delivered")


@pytest.mark.presses("POST /api/bookings/complete", "POST /api/bookings/no-show")
def test_a_visit_ends_as_done_or_missed(dashboard: Dashboard) -> None:
    """Two visits of an hour ago: one was done, to the other nobody came."""
    rows = dashboard.database.rows("appointments", "demo")
    before = next(row for row in rows if row["status"] == "completed")
    visits = [before | {"id": f"apt_over_{number}", "status": "confirmed"} for number in range(2)]
    dashboard.database.put("demo", {"appointments": visits})
    page = opened(
        dashboard.desk(), f"en/calendar?date={before['start'][:10]}&sheet=apt:{visits[0]['id']}"
    )
    for visit, label, status in zip(
        visits, ("Complete", "No show"), ("completed", "no_show"), strict=True
    ):
        card = page.locator(f"[data-booking-card='{visit['id']}']")
        if status == "no_show":
            page.get_by_role("button", name="Close").click()  # the sheet may lie over the visit
            page.locator(f"[data-appointment-id='{visit['id']}']").click()
        card.get_by_role("button", name=label).click()
        expect(card).to_have_attribute("data-status", status)
        expect(card).to_have_attribute("data-tentative", "false")


@pytest.mark.presses("POST /api/leads/update-status")
def test_a_bulk_names_whom_it_could_not_move(dashboard: Dashboard) -> None:
    """A colleague wins one of three leads meanwhile: two are moved, the third is told of."""
    desk = dashboard.desk()
    page = opened(desk, "en/leads?status=qualified")
    names = []
    for position in range(3):
        chosen = page.locator("[data-lead-id]").nth(position)
        names.append(chosen.get_by_role("button").first.inner_text())
        chosen.get_by_role("checkbox").check()
    faster = page.locator("[data-lead-id]").first.get_attribute("data-lead-id")

    def let_the_colleague_go_first(route: Route) -> None:
        dashboard.ask_elsewhere("leads/update-status", {"leadId": faster, "status": "won"})
        route.continue_()

    desk.context.route("**/api/leads/update-status", let_the_colleague_go_first, times=1)
    bar = page.get_by_role("region", name="3 selected")
    bar.get_by_role("combobox").select_option("negotiating")
    bar.get_by_role("button", name="Move 3 leads to Negotiating").click()
    failures = page.get_by_role("list", name="Not moved").get_by_role("listitem")
    expect(failures).to_have_count(1)
    expect(failures).to_contain_text(names[0])


@pytest.mark.presses("POST /api/reconcile")
def test_a_comparison_with_square_is_looked_at_and_applied(dashboard: Dashboard) -> None:
    """What no webhook told is in the plan, field by field, and in the job once it was applied."""
    job = _job(dashboard, "scheduled", -1)
    note = {"customer_note": "The gate code is at the desk", "webhook": "lose"}
    dashboard.sandbox("PATCH", f"square/bookings/{job}", note)
    dashboard.database.put("demo", {"reconcile": [_HELD]})
    page = opened(dashboard.desk(), "en/reconciliation")
    page.get_by_role("button", name="Look first").click()
    report = page.get_by_test_id("report")
    planned = report.get_by_role("row").filter(has_text=job).filter(has_text="customer_note")
    expect(planned).to_contain_text(note["customer_note"])
    assert _noted(dashboard, job) != note["customer_note"]
    page.get_by_role("button", name="Run now").click()
    expect(report.get_by_role("table")).to_have_count(0)
    expect(report).to_have_attribute("data-status", "ok")
    assert _noted(dashboard, job) == note["customer_note"]
    _release(page)


_HELD = {
    "id": "run#held",
    "status": "held",
    "trigger": "schedule",
    "dry_run": False,
    "held_for": "Square lists no booking where 12 jobs are.",
    "scanned": 0,
    "created": 0,
    "updated": 0,
    "skipped": 0,
    "conflicts": 0,
    "missed": 0,
    "errors": [],
    "duration_ms": 900,
    "span": {"start": "2026-11-13T00:00:00Z", "end": "2026-11-14T00:00:00Z"},
    "created_at": "2031-01-01T09:00:00.000Z",
}


def _noted(dashboard: Dashboard, job: str) -> object:
    rows = dashboard.database.rows("jobs", "demo")
    return next(row.get("customer_note") for row in rows if row["id"] == job)


def _release(page: Page) -> None:
    """A run that was held back is believed once, after its reason was shown."""
    held: Locator = page.locator("[data-run-id='held']")
    held.get_by_role("button", name="Release").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Square lists no booking")
    dialog.get_by_test_id("dialog-confirm").click()
    expect(held).to_have_attribute("data-status", "released")

"""Every stored time has the one format of its field, whoever wrote it: sorting relies on it.

What each scenario of an action stores, tests/matrices/test_scenarios.py looks through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from closedloop import wiring
from closedloop.core import times
from local.demo.rows import demo_rows
from tests.realtime.support import opened
from tests.realtime.support import stored as row_of
from tests.support.actions import given, scenarios
from tests.support.times import AGREED, wrong_in, wrong_times
from tests.texts.world import PHONE, World

if TYPE_CHECKING:
    from tests.support.database import Database

FUNCTIONS = sorted({function for function, _ in scenarios()})


@pytest.mark.parametrize(
    ("stored", "wrong"),
    [
        ({"start": "2026-11-21T15:00:00Z", "at": "2026-11-21T15:00:00.000Z"}, []),
        ({"start": "2026-11-21T15:00:00.000Z"}, ["start: 2026-11-21T15:00:00.000Z"]),
        ({"a": [{"due": "2026-11-21T15:00:00Z"}]}, ["due: 2026-11-21T15:00:00Z"]),
        ({"due": "2026-11-21T15:00:00.000+00:00"}, ["due: 2026-11-21T15:00:00.000+00:00"]),
        ({"due": "2026-11-21 15:00"}, ["due: 2026-11-21 15:00"]),
        ({"sent_at": "today"}, ["sent_at: today"]),
        ({"sent_at": None, "expires_at": 1795186800, "day": "2026-11-21"}, []),
    ],
)
def test_a_wrong_format_is_found(stored: Any, wrong: list[str]) -> None:
    """The search below sees what it is for."""
    assert list(wrong_times(stored)) == wrong


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_given_rows_have_the_formats(function: str) -> None:
    """Scenarios start from rows as they are really stored."""
    assert list(wrong_times(given(function)["rows"])) == []


def test_the_life_of_a_text_is_stored_in_the_formats(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked and answered; delivered, failed and unknown; held for the night; stopped."""
    world = World(db, monkeypatch, org)
    db.put(org, {"appointments": [{"id": "apt_1", "status": "pending", "contact_phone": PHONE}]})
    asked = {"date": "May 3", "time": "9:00 AM", "appointmentId": "apt_1"}
    world.press_template(templateId="appointment_confirmation", variables=asked)
    world.dispatch()
    world.work()
    world.text("Yes")
    for mode in ("accept", "reject", "lose"):
        world.press(f"Hi Ana, {mode}")
        world.dispatch()
        world.work(mode)
    for message in world.twilio.accepted:
        world.report(message, "sent")
        world.report(message, "delivered")
    world.later(hours=11)
    world.press_template(templateId="follow_up", variables={})
    world.dispatch()
    world.work()
    for body in ("HELP", "STOP"):
        world.text(body)
    world.later(minutes=20)
    world.settle()
    found = {name for each in world.rows() for name in each}
    assert {"answered_at", "claimed_at", "sent_at", "work_at", "attention"} <= found
    assert wrong_in(db, org) == []
    world.close_breaker()


def test_a_connection_is_stored_in_the_formats(db: Database, org: str) -> None:
    """When it was opened is a moment like any other."""
    stored = row_of(db, opened(org, f"{org}-1", "leads")) or {}
    assert "connected_at" in stored
    assert list(wrong_times(stored)) == []


def test_the_demo_data_has_the_formats() -> None:
    """What `make run` shows is stored as the functions store it."""
    assert list(wrong_times(demo_rows(wiring.now()))) == []


def test_the_formats_are_those_of_the_one_module() -> None:
    """closedloop.core.times writes what is asked for here."""
    now = wiring.now()
    stored = {"at": times.iso(now)} | {name: times.to_second(now) for name in AGREED}
    assert list(wrong_times(stored)) == []

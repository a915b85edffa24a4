"""Settings: read by those who may, changed in parts, checked as a whole."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from closedloop.business import calendar
from closedloop.business.errors import SettingsChangedError
from closedloop.business.settings import UpdateSettings, update
from closedloop.core.decision import Actor, Context
from closedloop.core.errors import ValidationFailedError
from tests.bookings.support import service, settings

OWNER = Actor("u1", "u1@example.com", "demo", frozenset({"owner"}))


def changed(row: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The settings after a change."""
    seen = {("orgs", "settings"): {"version": 7, "org_id": "demo", **row}}
    context = Context(OWNER, "update_settings", "key-12345", datetime.now(UTC), seen)
    body: dict[str, Any] = dict(update(UpdateSettings.model_validate(fields), context).reply.body)
    return body


def refused(row: dict[str, Any], **fields: Any) -> list[str]:
    """The paths that a refused change names."""
    with pytest.raises(ValidationFailedError) as wrong:
        changed(row, **fields)
    return [each["path"] for each in wrong.value.body["fields"]]


def test_a_change_shows_the_whole() -> None:
    """What is not named stays; days that are left out are closed."""
    body = changed(settings(), lead_minutes=90, opening_hours={"mon": [["08:00", "24:00"]]})
    assert body["settings"]["lead_minutes"] == 90
    assert body["settings"]["name"] == "Garage"
    assert body["settings"]["opening_hours"]["tue"] == []
    assert body["warnings"] == []


def test_a_change_names_who_has_made_it() -> None:
    """Not whoever had made the one before."""
    before = {"updated_by": {"id": "system", "email": "system"}}
    body = changed(settings() | before, lead_minutes=90)
    assert body["settings"]["updated_by"] == {"id": OWNER.id, "email": OWNER.email}


def test_a_stale_screen_is_refused() -> None:
    """With the settings as they are."""
    with pytest.raises(SettingsChangedError) as stale:
        changed(settings(), name="Mine", expectedVersion=6)
    assert stale.value.body["settings"]["name"] == "Garage"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"breaks": {"mon": [["07:00", "08:30"]]}}, "breaks.mon.0"),
        ({"opening_hours": {"mon": [["08:00", "12:00"], ["11:00", "13:00"]]}}, "opening_hours.mon"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"services": [service("a", 30), service("a", 60)]}, "services"),
        ({"services": [service("a", 30) | {"resources": ["pit"]}]}, "services.0.resources"),
        ({"services": [service("a", 600, 30, 0)]}, "services.0"),
    ],
)
def test_what_contradicts_the_rest_is_refused(fields: dict[str, Any], path: str) -> None:
    """Checked against all other settings, also those that the change does not name."""
    assert path in refused(settings(), **fields)


def test_hours_that_leave_a_break_outside_are_refused() -> None:
    """The break was there before; the new hours would no longer hold it."""
    row = settings(breaks={"mon": [["12:00", "13:00"]]})
    assert refused(row, opening_hours={"mon": [["14:00", "18:00"]]}) == ["breaks.mon.0"]


@pytest.mark.parametrize(
    ("hours", "breaks", "length", "warned"),
    [
        ([["08:00", "12:00"]], [], 240, False),
        ([["08:00", "12:00"]], [], 241, True),
        ([["08:00", "16:00"]], [["12:00", "12:30"]], 240, False),
        ([["08:00", "16:00"]], [["12:00", "12:30"]], 245, True),
        ([["20:00", "02:00"]], [], 360, False),
        ([["00:00", "24:00"]], [], 500, False),
    ],
)
def test_a_service_that_never_fits_is_named(
    hours: Any, breaks: Any, length: int, *, warned: bool
) -> None:
    """Longer than any time without a break: allowed, and said."""
    row = settings(opening_hours={"mon": hours}, breaks={"mon": breaks})
    assert bool(calendar.warnings(row | {"services": [service("wax", length)]})) is warned

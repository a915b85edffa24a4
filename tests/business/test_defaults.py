"""Settings that were never stated, and those that are put back: the default of the house holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from closedloop.bookings.setup import Setup
from closedloop.business import countries
from closedloop.business.defaults import DEFAULTS, setting
from closedloop.business.settings import NEEDED, UpdateSettings
from closedloop.core.command import Edit
from tests.bookings.support import DAYS, settings
from tests.business.test_settings import refused
from tests.support.actions import ALICE, ActionCase, Answer, actions, handlers
from tests.support.asking import ask

if TYPE_CHECKING:
    from tests.support.database import Database

STATED = {
    "address": "1 Main St",
    "breaks": {day: [["12:00", "13:00"]] for day in DAYS},
    "days_off": ["2099-12-25"],
    "slot_minutes": 45,
    "lead_minutes": 90,
    "horizon_days": 30,
    "cancel_notice_minutes": 120,
    "limits": {"sms_per_person": 3},
    "sms_budget_per_day": 50,
    "quiet_hours": {"from": "20:00", "to": "09:00"},
    "templates": {"thanks": {"text": "Thank you!"}},
    "texts": {"work_completed": True},
    "sms_help": "Call us.",
    "sms_answers": {"confirm": "Y", "cancel": "N"},
    "code_length": 6,
    "text_countries": ["US", "CA"],
}
EDITS = {
    "update_contact": ("email", "notes"),
    "update_lead": ("email", "notes"),
    "update_job": ("notes", "payment"),
    "update_settings": ("lead_minutes", "days_off"),
}
"""Button → two fields that null clears."""


def press(button: str, org: str, body: dict[str, Any], key: str = "") -> Answer:
    """What the button answers to this body."""
    case = ActionCase(button, handlers()[button])
    asked = case.press(org).by(ALICE, org, "[manager]").key(key or str(uuid4()))
    return asked.body(json.dumps(body)).sent_to(case)


def test_each_setting_can_be_put_back_or_has_no_default(db: Database, org: str) -> None:
    """None is forgotten: what is not needed has a default, and the read tells all of them."""
    db.put(org, {"orgs": [settings()]})
    told = ask("settings", org, groups="[owner]").json["defaults"]
    assert told.keys() == STATED.keys()
    assert told.keys() | {*NEEDED, "expectedVersion"} == UpdateSettings.model_fields.keys()


def test_null_removes_what_was_stated(db: Database, org: str) -> None:
    """From the row, from the answer and from what is read next; the rest stays."""
    db.put(org, {"orgs": [settings()]})
    assert press("update_settings", org, STATED).json["settings"].items() >= STATED.items()
    back = press("update_settings", org, dict.fromkeys(STATED)).json["settings"]
    (row,) = db.rows("orgs", org)
    shown = ask("settings", org, groups="[owner]").json["settings"]
    assert all(STATED.keys().isdisjoint(each) for each in (back, row, shown))
    assert back["name"] == row["name"] == shown["name"] == "Garage"


@pytest.mark.parametrize("name", NEEDED)
def test_what_has_no_default_cannot_be_null(name: str) -> None:
    """The sentence stands at the field."""
    with pytest.raises(ValueError, match="it cannot be null; leave it out") as wrong:
        UpdateSettings.model_validate({name: None, "lead_minutes": None})
    assert [each["loc"] for each in wrong.value.errors()] == [(name,)]  # type: ignore[attr-defined]


def test_a_null_is_checked_with_the_whole(db: Database, org: str) -> None:
    """What goes back to its default no longer contradicts anything."""
    row = settings(breaks={"mon": [["12:00", "13:00"]]})
    hours = {"mon": [["14:00", "18:00"]]}
    assert refused(row, opening_hours=hours) == ["breaks.mon.0"]
    db.put(org, {"orgs": [row]})
    assert press("update_settings", org, {"opening_hours": hours, "breaks": None}).status == 200


def test_a_default_that_is_stated_changes_nothing(db: Database, org: str) -> None:
    """The told defaults can be sent as they are, and mean what their absence means."""
    bare = {name: each for name, each in settings().items() if name not in DEFAULTS}
    db.put(org, {"orgs": [{**bare, "phone": "+13125550100"}]})
    told = ask("settings", org, groups="[owner]").json["defaults"]
    assert told["text_countries"] == countries.own({"phone": "+13125550100"}) == ["US"]
    stated = {name: each for name, each in told.items() if each is not None}
    assert press("update_settings", org, stated).status == 200
    (row,) = db.rows("orgs", org)
    assert Setup.of(row) == Setup.of(bare)
    assert {name: setting(row, name) for name in DEFAULTS} == dict(DEFAULTS)


def test_a_part_that_is_absent_has_its_default() -> None:
    """Of limits, one may be stated and the others not."""
    limits = setting({"limits": {"holds_per_hour": 1}}, "limits")
    assert limits == {**DEFAULTS["limits"], "holds_per_hour": 1}


def test_every_button_that_clears_is_named_here() -> None:
    """Those whose command tells null from absent."""
    assert {each.name for each in actions() if issubclass(each.action.command, Edit)} == set(EDITS)


@pytest.mark.parametrize("button", EDITS)
def test_nulls_of_two_fields_are_two_requests(db: Database, org: str, button: str) -> None:
    """A key that cleared one field is not the key of clearing another one."""
    db.put(org, ActionCase(button, handlers()[button]).rows)
    one, other = EDITS[button]
    assert press(button, org, {one: None}, "key-12345").status == 200
    again = press(button, org, {other: None}, "key-12345")
    assert (again.status, again.code) == (422, "IDEMPOTENCY_KEY_REUSED")

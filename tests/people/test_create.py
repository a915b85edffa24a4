"""New people, one for each number, however many hurry."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.bookings.support import settings
from tests.support.actions import ALICE, ActionCase, Answer, handlers
from tests.support.asking import ask

if TYPE_CHECKING:
    from tests.support.database import Database

BOTH = pytest.mark.parametrize(
    ("button", "table"), [("create_contact", "contacts"), ("create_lead", "leads")]
)


def press(button: str, org: str, **more: object) -> Answer:
    """Somebody is written down."""
    case = ActionCase(button, handlers()[button])
    asked = case.press(org).by(ALICE, org).key(str(uuid4()))
    body = {"name": "Mateo Rivera", "phone": "+13125550188", **more}
    return asked.body(json.dumps(body)).sent_to(case)


@BOTH
def test_the_answer_is_the_row(db: Database, org: str, button: str, table: str) -> None:
    """As it is stored, but for what only the backend uses."""
    db.put(org, {"orgs": [settings()]})
    shown = press(button, org).json[table[:-1]]
    (stored,) = db.rows(table, org)
    assert shown == {name: stored[name] for name in shown}
    assert {"id", "version", "created_at", "updated_at", "phone", "name"} <= shown.keys()


@BOTH
def test_a_known_number_is_refused_with_its_row(
    db: Database, org: str, button: str, table: str
) -> None:
    """Also where the index does not know it yet: the id follows from the number."""
    db.put(org, {"orgs": [settings()]})
    first = press(button, org).json[table[:-1]]
    second = press(button, org, name="Somebody Else")
    assert (second.status, second.code) == (409, "PHONE_KNOWN")
    assert second.json[table[:-1]]["id"] == first["id"]
    assert len(db.rows(table, org)) == 1


def test_ten_at_once_make_one_contact(db: Database, org: str) -> None:
    """One wins, the others are shown its row."""
    db.put(org, {"orgs": [settings()]})
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: press("create_contact", org), range(10)))
    assert sorted(each.status for each in answers) == [200] + [409] * 9
    assert len(db.rows("contacts", org)) == 1


def test_a_number_that_has_passed_on_is_free(db: Database, org: str) -> None:
    """Who had it has another one by now, or is deleted."""
    db.put(org, {"orgs": [settings()]})
    first = press("create_contact", org).json["contact"]["id"]
    db.put(org, {"contacts": [{"id": first, "phone": "+13125550189", "name": "Mateo"}]})
    second = press("create_contact", org).json["contact"]["id"]
    assert second != first
    db.put(org, {"contacts": [{"id": second, "phone": "+13125550188", "deleted_at": "x"}]})
    assert press("create_contact", org).status == 200


def test_calls_are_listed_newest_first_by_status(db: Database, org: str) -> None:
    """What is to be done, and what is done."""
    calls = [
        {"id": f"call_{n}", "status": status, "created_at": f"2026-11-0{n}T09:00:00.000Z"}
        for n, status in ((1, "requested"), (2, "completed"), (3, "requested"))
    ]
    db.put(org, {"calls": calls})
    assert [each["id"] for each in ask("calls", org).json["calls"]] == [
        "call_3",
        "call_2",
        "call_1",
    ]
    asked = ask("calls", org, status="requested").json["calls"]
    assert [each["id"] for each in asked] == ["call_3", "call_1"]

"""Every read of a full business is as the description says, without a field more or less."""

from __future__ import annotations

import copy
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from closedloop import wiring
from closedloop.core.cursors import ChangeCursor
from closedloop.dynamo.codec import item
from closedloop.edge.reads import ReadApi
from local.demo.orgs import DETAILER
from local.demo.rows import demo_rows
from tests.api.support import strays
from tests.support.actions import (
    ALICE,
    ActionCase,
    Answer,
    Press,
    actions,
    event_of,
    handlers,
)
from tests.support.asking import ask
from tests.support.database import PREFIX

if TYPE_CHECKING:
    from tests.support.database import Database

ROUTES = [
    route
    for handler in handlers().values()
    if isinstance(handler, ReadApi)
    for route in handler.routes
]
ONE = {"contacts": "con_1", "jobs": "job_1", "leads": "lead_1", "reconcile": "run_2"}
"""A row for each list that has routes of one row: one that buttons have been pressed on."""


@pytest.fixture
def business(db: Database, org: str) -> str:
    """An org with the demo's rows, in which every button has been pressed in every way.

    One for the tests of this file: to make it takes ten seconds, and each adds to it at most.
    """
    if db.url not in _made:
        _made[db.url] = _make(db, org)
    return _made[db.url]


_made: dict[str, str] = {}


def _make(db: Database, org: str) -> str:
    for case in actions():
        db.put(org, case.rows)
        for scenario in case.given["expect"]:
            Press(event_of(case.name, scenario)).by(ALICE, org).key(str(uuid4())).sent_to(case)
    for table, rows in demo_rows(wiring.now()).items():
        ours = [{**row, "org_id": org} for row in rows if row["org_id"] == DETAILER.id]
        for start in range(0, len(ours), 25):
            puts = [{"PutRequest": {"Item": item(row)}} for row in ours[start : start + 25]]
            db.client.batch_write_item(RequestItems={PREFIX + table: puts})
    return org


def everything(route: str, org: str) -> list[Answer]:
    """All that a read answers to an owner: each page of a list, one row."""
    path = route.removeprefix("GET /api/")
    query: dict[str, Any] = {}
    for name in re.findall(r"{(\w+)}", path):
        query[name] = "photo_1" if name == "photoId" else ONE[path.partition("/")[0]]
    if path == "calendar":
        since = wiring.now() - timedelta(days=15)
        query |= {"from_": since.isoformat(), "to": (since + timedelta(days=30)).isoformat()}
    onward = "cursor"
    if path == "changes":
        onward = "since"
        query["since"] = str(ChangeCursor.at(wiring.now() - timedelta(hours=1)))
    found = [ask(path, org, groups="[owner staff]", **query)]
    while found[-1].json.get("more", onward == "cursor") and found[-1].json.get("cursor"):
        query[onward] = found[-1].json["cursor"]
        found.append(ask(path, org, groups="[owner staff]", **query))
    return found


def listed(answers: list[Answer]) -> int:
    """How many rows these pages list, or none."""
    parts = (part for answer in answers for part in answer.json.values())
    return sum(len(part) for part in parts if isinstance(part, list))


def test_every_read_of_a_business_is_as_described(business: str) -> None:
    """Each route of the function, each page, each row."""
    counts = {}
    for route in ROUTES:
        answers = everything(route, business)
        assert {answer.status for answer in answers} == {200}, route
        assert [stray for each in answers for stray in strays(route, each)] == [], route
        counts[route.removeprefix("GET /api/")] = listed(answers)
    assert counts["leads"] > 300
    assert counts["contacts"] > 150
    assert counts["appointments"] > 120
    assert counts["jobs"] > 20
    assert counts["changes"] > len(actions())
    assert counts["audit"] > 2 * len(actions())


def test_the_most_leads_at_once_are_as_described(business: str) -> None:
    """Fifty or none; each of them has an audit entry."""
    case = ActionCase("update_lead_status", handlers()["update_lead_status"])
    ids = [row["id"] for row in ask("leads", business, status="new", limit=50).json["leads"]]
    body = json.dumps({"leadIds": ids, "status": "contacted", "atomic": True})
    moved = case.press(business, "atomic").body(body).sent_to(case)
    assert (len(moved.json["leads"]), strays("POST /api/leads/update-status", moved)) == (50, [])
    log = ask("audit", business, groups="[owner]", table="leads", id=ids[49])
    assert strays("GET /api/audit", log) == []
    assert [each["row_id"] for each in log.json["audit"]] == [ids[49]]


def test_a_call_asked_for_again_after_its_key_is_as_described(business: str, db: Database) -> None:
    """The row that there is, whole; the first answer is the part that the press knew."""
    case = ActionCase("call_back", handlers()["call_back"])
    press = case.press(business)
    first = press.sent_to(case)
    for record in db.records(business):
        db.client.delete_item(
            TableName=PREFIX + "journal", Key=item({"org_id": business, "id": record["id"]})
        )
    again = press.sent_to(case)
    assert strays("POST /api/contacts/{id}/call-back", again) == []
    assert first.json["call"].items() <= again.json["call"].items()


@pytest.mark.parametrize("at", [[], ["leads", 0], ["leads", 0, "updated_by"]], ids=str)
def test_a_field_that_is_not_described_would_be_noticed(business: str, at: list[Any]) -> None:
    """Of a page, of a row, and of what a row holds."""
    answer = ask("leads", business, limit=1)
    body = copy.deepcopy(answer.json)
    place = body
    for step in at:
        place = place[step]
    place["shoe_size"] = 44
    (stray,) = strays("GET /api/leads", Answer(200, {}, json.dumps(body)))
    assert "'shoe_size' was unexpected" in stray

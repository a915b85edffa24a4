"""The conditions that texts brought along: a write that each lets pass and one that it refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from closedloop import wiring
from closedloop.core.decision import Actor, Context
from closedloop.core.times import iso
from closedloop.core.writes import ABSENT, PRESENT, Check, Refund, Spend
from closedloop.dynamo import expressions
from closedloop.dynamo.transaction import ConditionFailedError, transact
from closedloop.texts import model
from tests.support.database import PREFIX

if TYPE_CHECKING:
    from closedloop.core.writes import Write
    from tests.support.database import Database

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def commit(planned: Write, org: str) -> None:
    """One write in a transaction of its own."""
    context = Context(Actor("a", "", org, frozenset()), "act", "key-12345678", NOW)
    transact(wiring.dynamodb(), [expressions.write(PREFIX, planned, context)])


def refused(planned: Write, org: str) -> dict[str, Any] | None:
    """The row that the refusal of this write shows."""
    with pytest.raises(ConditionFailedError) as failed:
        commit(planned, org)
    return failed.value.rows[0]


def test_a_field_must_be_there(db: Database, org: str) -> None:
    """PRESENT: any value will do, none will not."""
    db.put(org, {"leads": [{"id": "with", "phone": "+1312"}, {"id": "without"}]})
    commit(Check("leads", "with", {"phone": PRESENT}), org)
    shown = refused(Check("leads", "without", {"phone": PRESENT}), org)
    assert shown is not None
    assert shown["id"] == "without"
    assert refused(Check("leads", "nobody", {"phone": PRESENT}), org) is None


def test_nothing_written_down_is_no_opt_out(db: Database, org: str) -> None:
    """`or_none`: no row passes, a row without the field passes, a row with it is shown."""
    check = Check("orgs", "optout#+1312", {"opted_out_at": ABSENT}, or_none=True)
    commit(check, org)
    db.put(org, {"orgs": [{"id": "optout#+1312"}]})
    commit(check, org)
    db.put(org, {"orgs": [{"id": "optout#+1312", "opted_out_at": "x"}]})
    shown = refused(check, org)
    assert shown is not None
    assert shown["opted_out_at"] == "x"


def test_a_budget_is_spent_to_its_end(db: Database, org: str) -> None:
    """As many as the limit pass; the next is shown how many were; another day is another one."""
    until = int(NOW.timestamp()) + 60
    for _ in range(3):
        commit(Spend("sms#day-1", 3, until), org)
    shown = refused(Spend("sms#day-1", 3, until), org)
    assert shown is not None
    assert (shown["used"], shown["expiration"]) == (3, until)
    commit(Spend("sms#day-1", 4, until), org)
    commit(Spend("sms#day-2", 3, until), org)


def test_what_is_given_back_can_be_spent_again(db: Database, org: str) -> None:
    """One for one, of this org and day alone."""
    until = int(NOW.timestamp()) + 60
    for _ in range(2):
        commit(Spend("sms#day-1", 2, until), org)
    commit(Refund("sms#day-2", until), org)
    commit(Refund("sms#day-1", until), f"{org}-other")
    assert refused(Spend("sms#day-1", 2, until), org)
    commit(Refund("sms#day-1", until), org)
    commit(Spend("sms#day-1", 2, until), org)
    assert refused(Spend("sms#day-1", 2, until), org)


def test_the_work_list_is_in_order_and_due(db: Database, org: str) -> None:
    """The longest overdue first, nothing that is not due, page by page, of every org."""
    for number in range(4):
        due = model.on_the_list("same-part", NOW + timedelta(minutes=number))
        part = f"{due['work']}-{org}"
        db.put(org, {"sms_logs": [{"id": f"sms_{number}", **due, "work": part}]})
    lookups = wiring.lookups()
    until = iso(NOW + timedelta(minutes=2))
    wanted = [(org, f"sms_{number}") for number in range(3)]
    assert [key for page in lookups.due(part, until, 10) for key in page] == wanted
    assert [page for page in lookups.due(part, until, 2) if page] == [wanted[:2], wanted[2:]]
    assert [
        row["id"] for row in lookups.rows("sms_logs", [*wanted, wanted[0], (org, "nothing")])
    ] == [key[1] for key in wanted]


def test_each_text_is_on_one_part_of_the_list() -> None:
    """All parts are used and all are looked at."""
    parts = {model.on_the_list(str(number), NOW)["work"] for number in range(100)}
    assert parts == set(model.SHARDS)


def test_an_org_is_found_by_its_number_and_people_by_theirs(db: Database, org: str) -> None:
    """By index; another org's number or person is not found."""
    number = {"id": "number#+1312", "credential_hash": f"hash-{org}"}
    db.put(
        org, {"orgs": [number], "leads": [{"id": "a", "phone": "+1"}, {"id": "b", "phone": "+2"}]}
    )
    lookups = wiring.lookups()
    assert lookups.org_of_credential(f"hash-{org}") == org
    assert lookups.org_of_credential("another") is None
    assert lookups.ids_by_phone("leads", org, "+1") == ["a"]
    assert lookups.ids_by_phone("leads", f"{org}-other", "+1") == []
    db.put(org, {"sms_logs": [{"id": "s", "vendor_id": f"SM-{org}"}]})
    assert lookups.has_vendor_id(f"SM-{org}")
    assert not lookups.has_vendor_id(f"SM-{org}-other")

"""The reading side: rows and entries of one org, as of now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from closedloop import wiring
from closedloop.core.decision import Find
from closedloop.core.errors import ValidationFailedError
from closedloop.dynamo.codec import item
from tests.support.wire import wire

if TYPE_CHECKING:
    from tests.support.database import Database


def ids(found: list[dict[str, object]]) -> list[object]:
    """The ids of rows, in their order."""
    return [each["id"] for each in found]


@pytest.fixture
def leads(db: Database, org: str) -> str:
    """An org with 15 leads."""
    db.put(org, {"leads": [{"id": f"l{i:03}", "status": "new"} for i in range(15)]})
    return org


@pytest.mark.usefixtures("db")
def test_rows_come_in_the_order_asked_for(leads: str) -> None:
    """A hundred a request; twice named is once; who is gone or another org's is left out."""
    wanted = ["l014", *(f"l{i:03}" for i in range(15, 130)), *(f"l{i:03}" for i in range(14))]
    with wire() as watched:
        found = wiring.reads().rows("leads", leads, [*wanted, "gone", "l014"])
    assert (ids(found), watched.requests) == (["l014", *wanted[-14:]], ["BatchGetItem"] * 2)
    assert wiring.reads().rows("leads", f"{leads}-other", wanted[-3:]) == []


@pytest.mark.usefixtures("db")
def test_rows_of_several_tables_come_together(leads: str) -> None:
    """Missing ones as None, in one request."""
    keys = [("leads", "l001"), ("calls", "c1"), ("leads", "gone"), ("leads", "l001")]
    with wire() as watched:
        found = wiring.reads().several(leads, keys)
    assert watched.requests == ["BatchGetItem"]
    assert found.keys() == set(keys)
    assert [key for key, row in found.items() if row] == [("leads", "l001")]


@pytest.mark.usefixtures("db")
def test_a_page_goes_on_after_its_last(leads: str) -> None:
    """Forward and backward, within bounds that count."""
    reads = wiring.reads()
    first = reads.page("leads", None, leads, ("id", "l001", "l004"), limit=3)
    assert (ids(first.keys), first.last is None) == (["l001", "l002", "l003"], False)
    rest = reads.page("leads", None, leads, ("id", "l001", "l004"), limit=3, after=first.last)
    assert (ids(rest.keys), rest.last) == (["l004"], None)
    newest = reads.page("leads", None, leads, limit=2, newest_first=True)
    assert ids(newest.keys) == ["l014", "l013"]


@pytest.mark.usefixtures("db")
def test_a_question_is_answered_for_one_org(leads: str) -> None:
    """Within its bounds and its limit."""
    reads = wiring.reads()
    question = Find("leads", None, ("id", "l010", "l012"))
    assert ids(reads.find(leads, question)) == ["l010", "l011", "l012"]
    assert ids(reads.find(leads, Find("leads", None, limit=2))) == ["l000", "l001"]
    assert reads.find(f"{leads}-other", question) == []


def test_an_index_of_all_orgs_tells_of_one(leads: str, db: Database) -> None:
    """Two businesses have a text with one sid: each is told of its own."""
    other = f"{leads}-other"
    for owner in (leads, other):
        db.put(owner, {"sms_logs": [{"id": f"sms-{owner}", "vendor_id": f"SM{leads}"}]})
    question = Find("sms_logs", "by_vendor_id", key=("vendor_id", f"SM{leads}"))
    assert [ids(wiring.reads().find(each, question)) for each in (leads, other)] == [
        [f"sms-{leads}"], [f"sms-{other}"],
    ]  # fmt: skip


@pytest.mark.usefixtures("db")
def test_a_cursor_that_leads_nowhere_is_the_callers(leads: str) -> None:
    """A key that does not fit the index is a 400, never a fault of ours."""
    with pytest.raises(ValidationFailedError) as refused:
        wiring.reads().page("leads", None, leads, limit=2, after={"org_id": leads})
    assert refused.value.body["fields"][0]["path"] == "cursor"


def test_one_row_or_none(leads: str, db: Database) -> None:
    """Of this org alone; items that belong to no org come by id, and missing ones are left out."""
    reads = wiring.reads()
    found = reads.get("leads", leads, "l003")
    assert found is not None
    assert (found["id"], found["status"]) == ("l003", "new")
    assert reads.get("leads", f"{leads}-other", "l003") is None
    db.client.put_item(TableName=f"{db.prefix}system", Item=item({"id": leads, "used": 1}))
    assert reads.system([leads, f"{leads}-none"]) == {leads: {"id": leads, "used": 1}}


@pytest.mark.usefixtures("db")
def test_what_is_read_is_as_of_now(leads: str) -> None:
    """Every read of a table is a consistent one; an index has none."""
    reads, asked = wiring.reads(), list[str]()
    with wire() as watched:
        watched.always = lambda request: asked.append(bytes(request.body).decode())
        reads.get("leads", leads, "l001")
        reads.rows("leads", leads, ["l001"])
        reads.several(leads, [("leads", "l001")])
        reads.find(leads, Find("leads", None))
    assert ['"ConsistentRead": true' in each for each in asked] == [True] * 4


@pytest.mark.usefixtures("db")
def test_a_question_that_no_caller_asked_is_a_defect(leads: str) -> None:
    """Without a cursor the fault is ours, and is not told as the caller's."""
    with pytest.raises(ClientError):
        wiring.reads().page("leads", "no_index", leads, limit=2)

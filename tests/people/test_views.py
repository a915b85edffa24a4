"""Reading contacts and leads: by status, by phone, all, and one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.asking import ask, pages

if TYPE_CHECKING:
    from tests.support.database import Database

STATUS = {"contacts": "lead_status", "leads": "status"}


@pytest.fixture
def people(db: Database, org: str) -> Database:
    """Five contacts and five leads; the newest has the highest number, and was changed first."""
    for table, field in STATUS.items():
        rows = [
            {
                "id": f"p{i}",
                field: "new" if i % 2 else "lost",
                "phone": "+13125550142" if i > 3 else f"+1312555010{i}",
                "created_at": f"2026-11-01T09:00:0{i}.000Z",
                "version": 10 - i,
            }
            for i in range(1, 6)
        ]
        db.put(org, {table: rows})
    return db


@pytest.mark.parametrize("table", STATUS)
def test_all_newest_first(people: Database, org: str, table: str) -> None:
    """Page by page, none twice."""
    found = [row["id"] for page in pages(table, org, limit=2) for row in page[table]]
    assert found == ["p5", "p4", "p3", "p2", "p1"]


@pytest.mark.parametrize("table", STATUS)
@pytest.mark.parametrize(
    ("status", "phone", "wanted"),
    [
        ("new", None, {"p1", "p3", "p5"}),
        ("lost", None, {"p2", "p4"}),
        ("contacted", None, set()),
        (None, "+13125550142", {"p4", "p5"}),
    ],
)
def test_filters_by_index(
    people: Database, org: str, table: str, status: str | None, phone: str | None, wanted: set[str]
) -> None:
    """One status or one number, page by page."""
    query: dict[str, Any] = {STATUS[table]: status, "phone": phone, "limit": 1}
    found = [row["id"] for page in pages(table, org, **query) for row in page[table]]
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("table", STATUS)
def test_bad_filters_are_400(people: Database, org: str, table: str) -> None:
    """An unknown status, a number that is none, both filters at once, a cursor of another list."""
    for query in (
        {STATUS[table]: "New"},
        {"phone": "555"},
        {STATUS[table]: "new", "phone": "+13125550142"},
    ):
        assert ask(table, org, **query).status == 400
    cursor = ask(table, org, limit=1).json["cursor"]
    assert ask(table, org, limit=1, cursor=cursor, **{STATUS[table]: "new"}).status == 400


@pytest.mark.parametrize(("table", "name"), [("contacts", "contact"), ("leads", "lead")])
def test_one_by_id(people: Database, org: str, table: str, name: str) -> None:
    """As it is now; of another org, or unknown: the same 404."""
    assert ask(f"{table}/{{id}}", org, id="p1").json[name]["id"] == "p1"
    assert ask(f"{table}/{{id}}", f"{org}-other", id="p1").status == 404
    assert ask(f"{table}/{{id}}", org, id="p9").status == 404


@pytest.mark.parametrize("table", STATUS)
def test_a_deleted_one_is_not_listed(people: Database, org: str, table: str) -> None:
    """As it is not found by its id: in no list, whatever is asked for."""
    gone = {"id": "p5", STATUS[table]: "new", "phone": "+13125550142", "deleted_at": "2026"}
    people.put(org, {table: [gone]})
    for query in ({}, {STATUS[table]: "new"}, {"phone": "+13125550142"}):
        assert "p5" not in [row["id"] for row in ask(table, org, **query).json[table]]

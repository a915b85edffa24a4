"""Reading appointments: by time, by status, page after page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.asking import ask, pages
from tests.support.examples import freely
from tests.support.wire import wire

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from tests.support.database import Database

FIRST = datetime(2026, 11, 20, 9, tzinfo=UTC)
STATUSES = ("pending", "confirmed", "cancelled", "completed", "no_show")
SLOTS = st.lists(st.tuples(st.integers(0, 60), st.sampled_from(STATUSES)), min_size=0, max_size=14)
FREELY = freely(40)


def at(hours: int) -> str:
    """A time of the week, as rows hold it."""
    return (FIRST + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def booked(slots: list[tuple[int, str]]) -> dict[str, list[Row]]:
    """Appointments at these hours with these statuses."""
    return {
        "appointments": [
            {"id": f"apt_{i}", "start": at(hours), "status": status}
            for i, (hours, status) in enumerate(slots)
        ]
    }


@FREELY
@given(
    slots=SLOTS,
    limit=st.integers(1, 5),
    span=st.tuples(st.integers(0, 60), st.integers(1, 40)),
    status=st.none() | st.sampled_from(STATUSES),
)
def test_pages_show_each_once_in_order(
    db: Database, slots: list[tuple[int, str]], limit: int, span: tuple[int, int], status: str
) -> None:
    """For any rows, limit, window and status: all that fit, none twice, earliest first."""
    org = f"org-{uuid4().hex[:12]}"
    db.put(org, booked(slots))
    first, last = span[0], span[0] + span[1]
    query: dict[str, Any] = {"from_": at(first), "to": at(last), "status": status, "limit": limit}
    listed = list(pages("appointments", org, **query))
    found = [row for page in listed for row in page["appointments"]]
    fit = {
        f"apt_{i}"
        for i, (hours, kind) in enumerate(slots)
        if first <= hours < last and status in {None, kind}
    }
    assert len(found) == len(fit)
    assert {row["id"] for row in found} == fit
    assert [row["start"] for row in found] == sorted(row["start"] for row in found)
    assert all(len(page["appointments"]) == limit for page in listed[:-1])
    assert len(listed[-1]["appointments"]) <= limit


def test_a_list_is_one_query_and_one_read_of_rows(db: Database, org: str) -> None:
    """A page costs two requests, and shows rows as they are now."""
    db.put(org, booked([(i, "pending") for i in range(10)]))
    with wire() as watched:
        answer = ask("appointments", org)
    assert watched.requests == ["Query", "BatchGetItem"]
    assert len(answer.json["appointments"]) == 10
    assert answer.json["cursor"] is None


def test_two_hundred_fit_on_a_page(db: Database, org: str) -> None:
    """The largest page is read in two batches and loses nothing."""
    db.put(org, booked([(i, "pending") for i in range(230)]))
    assert [len(page["appointments"]) for page in pages("appointments", org, limit=200)] == [
        200,
        30,
    ]


def test_another_org_sees_nothing(db: Database, org: str) -> None:
    """Rows and cursors are of one org: another one's list is empty, with its cursor too."""
    db.put(org, booked([(i, "pending") for i in range(4)]))
    cursor = ask("appointments", org, limit=2).json["cursor"]
    for given_cursor in (None, cursor):
        body = ask("appointments", f"{org}-other", limit=2, cursor=given_cursor).json
        assert body["appointments"] == []


def test_a_row_is_shown_without_our_fields(db: Database, org: str) -> None:
    """The key of the last press stays with us."""
    row = {"id": "a", "start": at(0), "status": "pending", "idempotency_key": "k" * 8}
    db.put(org, {"appointments": [row]})
    (shown,) = ask("appointments", org).json["appointments"]
    assert "idempotency_key" not in shown
    assert shown["org_id"] == org


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"status": "Pending"}, "status"),
        ({"from_": "yesterday"}, "from"),
        ({"from_": "2026-11-20T00:00:00"}, "from"),
        ({"from_": "0001-01-01T00:00:00+14:00"}, "from"),
        ({"to": "9999-12-31T23:59:59-14:00"}, "to"),
        ({"from_": "2026-11-21T00:00:00Z", "to": "2026-11-20T00:00:00Z"}, "to"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "eyJrIjp7fX0"}, "cursor"),
        ({"cursor": "é"}, "cursor"),
        ({"cursor": ""}, "cursor"),
        ({"order": "asc"}, "order"),
    ],
)
def test_a_bad_question_is_a_400_that_names_the_field(
    db: Database, org: str, query: dict[str, Any], field: str
) -> None:
    """Filters, limits and cursors that do not fit are refused, each by its name."""
    answer = ask("appointments", org, **query)
    assert (answer.status, answer.code) == (400, "VALIDATION_FAILED")
    assert [wrong["path"] for wrong in answer.json["fields"]] == [field]


def test_a_cursor_is_good_for_its_own_list(db: Database, org: str) -> None:
    """With another filter, or changed by hand, a cursor is refused."""
    db.put(org, booked([(i, "pending") for i in range(4)]))
    cursor = ask("appointments", org, limit=2).json["cursor"]
    assert ask("appointments", org, limit=2, cursor=cursor).status == 200
    other = ask("appointments", org, limit=2, cursor=cursor, status="pending")
    changed = ask("appointments", org, limit=2, cursor=cursor[:-2])
    assert (other.status, changed.status) == (400, 400)


@FREELY
@given(cursor=st.text(min_size=1, max_size=60))
def test_no_cursor_causes_a_500(db: Database, org: str, cursor: str) -> None:
    """Any text as a cursor is a 400."""
    assert ask("appointments", org, cursor=cursor).status == 400


def test_me_tells_person_and_business(db: Database, org: str) -> None:
    """Who the caller is and the business behind; without a business, 403."""
    assert ask("me", org).status == 403
    db.put(org, {"orgs": [{"id": "settings", "name": "Bright", "time_zone": "America/Chicago"}]})
    me = ask("me", org, groups="[manager staff]").json["me"]
    assert (me["id"], me["roles"], me["org"]["name"]) == (
        "user-alice",
        ["manager", "staff"],
        "Bright",
    )


def test_no_role_reads_nothing(db: Database, org: str) -> None:
    """An account in none of the groups is refused on every route."""
    for route in ("me", "appointments", "changes", "audit"):
        assert ask(route, org, groups="[guest]").status == 403


def test_a_deleted_one_is_not_listed(db: Database, org: str) -> None:
    """Its tombstone is for catching up; it may have lost all but its keys."""
    tombstone = {"id": "apt_gone", "start": at(1), "deleted_at": at(0)}
    db.put(org, booked([(2, "pending")]))
    db.put(org, {"appointments": [tombstone]})
    for status in (None, "pending"):
        listed = ask("appointments", org, status=status).json["appointments"]
        assert [row["id"] for row in listed] == ["apt_0"]


def test_a_job_stands_in_the_bay_that_it_takes(db: Database, org: str) -> None:
    """In the calendar it has the resource of its lane, which is ours alone; or none."""
    lanes = {"job_1": "bay-1", "job_2": "bay-1.2", "job_3": None}
    times = {"start": at(1), "end": at(2)}
    rows = [
        {"id": name, **times, **({"lane": lane, "shape": [0, 4, 0]} if lane else {})}
        for name, lane in lanes.items()
    ]
    db.put(org, {"jobs": rows})
    shown = ask("calendar", org, from_=at(0), to=at(3)).json["jobs"]
    assert {row["id"]: row.get("resource") for row in shown} == {
        "job_1": "bay-1",
        "job_2": "bay-1",
        "job_3": None,
    }
    assert not any("lane" in row for row in shown)

"""Reading jobs: by time, by status, page after page, one, and in the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from closedloop.bookings import calendar
from tests.jobs.support import job
from tests.support.asking import ask, pages
from tests.support.wire import wire

if TYPE_CHECKING:
    from tests.support.database import Database

A_DAY = {"from_": "2026-11-21T00:00:00Z", "to": "2026-11-22T00:00:00Z"}


def at(hour: int) -> str:
    """An hour of the day."""
    return f"2026-11-21T{hour:02}:00:00Z"


def test_jobs_of_a_day_are_listed_by_time_page_after_page(db: Database, org: str) -> None:
    """Each once, earliest first; `to` is not included, other days and other orgs are not there."""
    days = [job(f"j{hour}", at(hour)) for hour in (9, 8, 16, 12)]
    db.put(org, {"jobs": [*days, job("late", "2026-11-22T00:00:00Z")]})
    db.put(f"{org}-other", {"jobs": [job("strange", at(10))]})
    listed = [row["id"] for page in pages("jobs", org, limit=3, **A_DAY) for row in page["jobs"]]
    assert listed == ["j8", "j9", "j12", "j16"]


def test_jobs_of_one_status(db: Database, org: str) -> None:
    """The filter is of the row as it is now."""
    db.put(org, {"jobs": [job("a", workStatus="qc"), job("b"), job("c", workStatus="qc")]})
    found = ask("jobs", org, workStatus="qc", **A_DAY).json["jobs"]
    assert {row["id"] for row in found} == {"a", "c"}


def test_a_page_is_one_query_and_one_read_of_rows(db: Database, org: str) -> None:
    """Two requests, none of them a scan."""
    db.put(org, {"jobs": [job(f"j{hour}", at(hour)) for hour in range(10)]})
    with wire() as watched:
        assert len(ask("jobs", org, **A_DAY).json["jobs"]) == 10
    assert watched.requests == ["Query", "BatchGetItem"]


def test_a_row_is_shown_without_what_the_sync_keeps(db: Database, org: str) -> None:
    """The last values from Square and the hash are ours; the customer and the version are shown."""
    db.put(org, {"jobs": [job(idempotency_key="k" * 8)]})
    (shown,) = ask("jobs", org).json["jobs"]
    assert not {"square", "square_hash", "idempotency_key"} & shown.keys()
    assert shown["square_version"] == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "201"}, "limit"),
        ({"workStatus": "done"}, "workStatus"),
        ({"from_": "yesterday"}, "from"),
        ({"from_": A_DAY["to"], "to": A_DAY["from_"]}, "to"),
        ({"cursor": "x"}, "cursor"),
    ],
)
def test_a_bad_question_names_the_field(
    db: Database, org: str, query: dict[str, Any], field: str
) -> None:
    """A 400, never an empty list."""
    answer = ask("jobs", org, **query)
    assert (answer.status, [each["path"] for each in answer.json["fields"]]) == (400, [field])


def test_the_calendar_has_jobs_beside_appointments_and_holds(db: Database, org: str) -> None:
    """What began the day before and still lasts is in it: three queries, three reads of rows."""
    night = job("night", "2026-11-20T23:00:00Z", end="2026-11-21T02:00:00Z")
    over = job("over", "2026-11-20T20:00:00Z")
    gone = job("gone", at(11), deleted_at="2026-11-20T10:00:00.000Z")
    visit = {"id": "apt", "start": at(9), "end": at(10), "status": "confirmed"}
    hold = {
        "id": "hold#h", "start": at(13), "end": at(14), "hold_status": "held",
        "held_until": "2999-01-01T00:00:00.000Z",
    }  # fmt: skip
    jobs = [night, over, gone, job("inside", at(12)), job("next", "2026-11-22T00:00:00Z")]
    db.put(org, {"jobs": jobs, "appointments": [visit], "appointment_holds": [hold]})
    with wire() as watched:
        page = ask("calendar", org, **A_DAY).json
    assert [row["id"] for row in page["jobs"]] == ["night", "inside"]
    assert [row["id"] for row in page["appointments"]] == ["apt"]
    assert [row["id"] for row in page["holds"]] == ["hold#h"]
    assert page["truncated"] is False
    assert sorted(watched.requests) == ["BatchGetItem"] * 3 + ["Query"] * 3


def test_a_calendar_with_too_much_says_so(
    db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many jobs as an answer holds are shown, the earliest, and that there are more."""
    monkeypatch.setattr(calendar, "_MOST", 5)
    db.put(org, {"jobs": [job(f"j{hour}", at(hour)) for hour in range(10, 16)]})
    page = ask("calendar", org, **A_DAY).json
    assert [row["id"] for row in page["jobs"]] == ["j10", "j11", "j12", "j13", "j14"]
    assert page["truncated"] is True

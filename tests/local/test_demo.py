"""What the demo data is: believable, within opening hours, and the same every time."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from closedloop.bookings.cells import Stretch, at
from closedloop.bookings.setup import Setup
from closedloop.bookings.slots import Taken
from closedloop.jobs.work import MOVES
from closedloop.voice import credentials
from local.demo.credentials import secrets_of
from local.demo.orgs import DETAILER, ORGS, WEEKDAYS, Org
from local.demo.rows import demo_rows

if TYPE_CHECKING:
    from pathlib import Path

    from local.demo.rows import Row, Rows

PLACES, LIVE = "appointment_holds", {"pending", "confirmed"}
TEXTS = "sms_logs"
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
# The clocks change within two weeks of these, in both directions.
NIGHT_AND_DAY = [NOW.replace(hour=hour, minute=0) for hour in range(0, 24, 3)]
THE_NIGHT_ITSELF = datetime(2027, 3, 14, 8, 40, tzinfo=UTC)
MOMENTS = [
    NOW,
    datetime(2026, 10, 30, 3, tzinfo=UTC),
    datetime(2027, 3, 10, 23, tzinfo=UTC),
    THE_NIGHT_ITSELF,
]


@pytest.fixture(scope="module")
def rows() -> Rows:
    """The demo data as of NOW."""
    return demo_rows(NOW)


def of(rows: Rows, table: str, org: Org) -> list[Row]:
    """One org's rows of a table."""
    return [row for row in rows[table] if row["org_id"] == org.id]


@pytest.mark.parametrize("org", ORGS, ids=lambda org: org.id)
def test_each_business_has_a_full_book(rows: Rows, org: Org) -> None:
    """120 appointments, 300 leads, 150 contacts, 23 jobs, settings, number; one has a seller."""
    counts = {table: len(of(rows, table, org)) for table in rows if table not in {PLACES, TEXTS}}
    own = 3 if org is DETAILER else 2
    assert counts == {"orgs": own, "contacts": 150, "leads": 300, "appointments": 120, "jobs": 23}


@pytest.mark.parametrize("now", MOMENTS, ids=str)
@pytest.mark.parametrize("org", ORGS, ids=lambda org: org.id)
def test_appointments_lie_within_opening_hours_around_now(org: Org, now: datetime) -> None:
    """In the org's own zone, also across a change of the clocks; half before now, half after."""
    appointments = of(demo_rows(now), "appointments", org)
    for row in appointments:
        start, end = moment(row["start"]), moment(row["end"])
        assert abs(start - now) < timedelta(days=15)
        assert any(opens <= start and end <= closes for opens, closes in open_on(org, start))
    assert sum(moment(row["start"]) < now for row in appointments) == 60


@pytest.mark.parametrize("org", ORGS, ids=lambda org: org.id)
def test_no_place_is_booked_twice_at_once(rows: Rows, org: Org) -> None:
    """Two appointments in one bay or room never overlap."""
    for one, other in combinations(of(rows, "appointments", org), 2):
        same_place = one["resource"] == other["resource"]
        assert not (same_place and one["start"] < other["end"] and other["start"] < one["end"])


@pytest.mark.parametrize("now", [*MOMENTS, *NIGHT_AND_DAY], ids=str)
@pytest.mark.parametrize("org", ORGS, ids=lambda org: org.id)
def test_what_is_to_come_has_its_cells(org: Org, now: datetime) -> None:
    """Each cell has one owner, and nobody can book a time that the calendar shows as taken."""
    rows = demo_rows(now)
    places = {row["id"]: row for row in of(rows, PLACES, org)}
    assert len(places) == len(of(rows, PLACES, org))
    live = [each for each in of(rows, "appointments", org) if each["status"] in LIVE]
    work = [each for each in of(rows, "jobs", org) if on(each, now)]
    taken = Taken.of([row for row in places.values() if "shape" in row], now, now)
    for row in live + work:
        stretch = Stretch.stored(row)
        assert stretch
        assert not taken.has_room(stretch)
        assert (at(stretch.first), stretch.lane) == (moment(row["start"]), row["lane"])
    owners = {row["visit"] for row in places.values() if "visit" in row}
    assert owners == {row["id"] for row in live + work}


@pytest.mark.parametrize("org", ORGS, ids=lambda org: org.id)
def test_an_appointment_takes_what_its_service_takes(rows: Rows, org: Org) -> None:
    """Its buffers too."""
    services = Setup.of(of(rows, "orgs", org)[0]).services
    for row in of(rows, "appointments", org):
        booked = Stretch.of(row["lane"], services[row["service_id"]], moment(row["start"]))
        assert Stretch.stored(row) == booked


def on(job: Row, now: datetime) -> bool:
    """Whether somebody is awaited, or still there."""
    return job["workStatus"] != "cancelled" and moment(job["end"]) > now


def test_past_appointments_are_settled_and_most_coming_ones_pending(rows: Rows) -> None:
    """A past one is never pending, a coming one never completed."""
    past = Counter(r["status"] for r in rows["appointments"] if moment(r["start"]) < NOW)
    coming = Counter(r["status"] for r in rows["appointments"] if moment(r["start"]) >= NOW)
    assert set(past) == {"completed", "no_show", "cancelled"}
    assert set(coming) == {"pending", "confirmed", "cancelled"}
    assert coming["pending"] > coming.total() / 2


def test_only_confirmed_appointments_say_who_confirmed_them(rows: Rows) -> None:
    """And when."""
    for row in rows["appointments"]:
        assert (row["status"] == "confirmed") == ("confirmed_at" in row) == ("confirmed_by" in row)


@pytest.mark.parametrize("now", MOMENTS, ids=str)
@pytest.mark.parametrize("org", ORGS, ids=lambda org: org.id)
def test_today_has_work_in_every_state_and_nothing_lies_in_the_future(
    org: Org, now: datetime
) -> None:
    """Whatever the hour and the day of the week; no move and no tick was made later than now."""
    zone, jobs = ZoneInfo(org.time_zone), of(demo_rows(now), "jobs", org)
    today = [
        row
        for row in jobs
        if moment(row["start"]).astimezone(zone).date() == now.astimezone(zone).date()
    ]
    assert {row["workStatus"] for row in today} == set(MOVES)
    done = [each["at"] for row in jobs for each in row["statusHistory"]]
    done += [each["at"] for row in jobs for each in ticks(row)]
    assert max(moment(each) for each in done) <= now
    for row in jobs:
        steps = [(each["from"], each["to"]) for each in row["statusHistory"]]
        assert all(to in MOVES[status] for status, to in steps)
        assert [to for _, to in steps][-1:] in ([], [row["workStatus"]])


def test_work_that_is_ready_has_passed_its_qc(rows: Rows) -> None:
    """As the button would have it."""
    for row in rows["jobs"]:
        if row["workStatus"] in {"ready", "completed"}:
            assert len(ticks(row, "qc")) == len(row["checklist"]["qc"])


def ticks(row: Row, *parts: str) -> list[Row]:
    """The points that are done."""
    lists = row["checklist"]
    return [each for part in parts or lists for each in lists[part] if each["done"]]


def test_a_third_of_the_leads_is_new_and_every_status_occurs(rows: Rows) -> None:
    """The pipeline can be shown and worked on."""
    states = Counter(row["status"] for row in rows["leads"])
    every = {"new", "contacted", "qualified", "proposal_sent", "negotiating", "won", "lost"}
    assert set(states) == every
    assert states["new"] == pytest.approx(states.total() / 3, rel=0.05)


def test_phones_are_fictional_and_unlike_each_other(rows: Rows) -> None:
    """All within 555-0100 to 555-0199, in E.164; no two people of a list share one."""
    for table in ("contacts", "leads"):
        for org in ORGS:
            phones = [row["phone"] for row in of(rows, table, org)]
            assert all(re.fullmatch(r"\+1\d{3}55501\d\d", phone) for phone in phones)
            assert len(set(phones)) == len(phones)


def test_versions_are_unique_microseconds_of_the_write(rows: Rows) -> None:
    """Catch-up can tell any two rows apart."""
    versions = [row["version"] for table in rows.values() for row in table]
    written = int(NOW.timestamp() * 1_000_000)
    assert sorted(versions) == list(range(written, written + len(versions)))


def test_the_same_moment_gives_the_same_rows(rows: Rows) -> None:
    """Whoever looks at two stacks sees one business."""
    assert demo_rows(NOW) == rows


def test_ids_and_states_do_not_depend_on_the_day(rows: Rows) -> None:
    """A test may know the ids of tomorrow."""
    later = demo_rows(NOW + timedelta(days=9, hours=5))
    for table in rows.keys() - {PLACES}:
        assert [key(row) for row in later[table]] == [key(row) for row in rows[table]]


def key(row: Row) -> tuple[Any, ...]:
    """What names a row, and its state."""
    return row["org_id"], row["id"], row.get("status"), row.get("workStatus")


def moment(text: str) -> datetime:
    """A time of a row."""
    assert text.endswith("Z")
    return datetime.fromisoformat(text)


def open_on(org: Org, start: datetime) -> list[tuple[datetime, datetime]]:
    """When the business is open on the local day of a moment."""
    zone = ZoneInfo(org.time_zone)
    day = start.astimezone(zone).date()
    return [
        (
            datetime.combine(day, time.fromisoformat(opens), zone),
            datetime.combine(day, time.fromisoformat(closes), zone),
        )
        for opens, closes in org.opening_hours[WEEKDAYS[day.weekday()]]
    ]


def test_the_voice_agents_secrets_are_a_stacks_own(tmp_path: Path) -> None:
    """The same as long as its key; the rows keep their hash alone."""
    for name, key in (("a", b"one"), ("b", b"two")):
        (tmp_path / name).write_bytes(key)
    secrets = secrets_of(tmp_path / "a")
    assert secrets == secrets_of(tmp_path / "a")
    assert not set(secrets.values()) & set(secrets_of(tmp_path / "b").values())
    found = {row["credential_hash"]: row["org_id"] for row in demo_rows(NOW, secrets)["orgs"]
             if row["id"].startswith("credential#")}  # fmt: skip
    assert {credentials.of_token(secret): org for org, secret in secrets.items()}.items() <= (
        found.items()
    )
    assert not any(secret in str(demo_rows(NOW, secrets)["orgs"]) for secret in secrets.values())

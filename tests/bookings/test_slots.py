"""What is offered: nothing that overlaps, everything that is free, and the reason for the rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop.bookings.cells import Stretch
from closedloop.bookings.setup import Service, Setup
from closedloop.bookings.slots import Offer, Taken, named, slot_id
from tests.bookings.support import DAYS, offer, service, starts, utc
from tests.bookings.support import settings as business

NOW = "2026-06-01T00:00"
DAY = (utc("2026-06-02T00:00"), utc("2026-06-03T00:00"))
QUARTER = timedelta(minutes=15)


def taken(*visits: tuple[str, Service, datetime]) -> Taken:
    """A calendar with these visits."""
    found = Taken(DAY[0])
    for lane, what, start in visits:
        found.add(Stretch.of(lane, what, start))
    return found


def free(found: Offer, calendar: Taken) -> list[str]:
    """The free times of the day, by the clock of the business."""
    zone = found.setup.zone
    slots = found.slots(DAY, calendar)
    return [f"{each.start.astimezone(zone):%H:%M}" for each in slots if each.available]


def test_a_lane_that_is_taken_leaves_the_other() -> None:
    """The same time is offered again in the second bay, and as taken when both are."""
    found = offer(NOW, resources=[{"id": "bay", "name": "Bay", "capacity": 2}])
    noon, wash = utc("2026-06-02T16:00"), found.service
    first, second = taken(("bay", wash, noon)), taken(("bay", wash, noon), ("bay.2", wash, noon))
    one = next(each for each in found.slots(DAY, first) if each.start == noon)
    both = next(each for each in found.slots(DAY, second) if each.start == noon)
    assert (one.lane, one.available) == ("bay.2", True)
    assert (both.lane, both.available) == ("bay", False)


def test_the_longer_of_two_buffers_keeps_neighbours_apart() -> None:
    """Ten to eleven with an hour on each side blocks nine, ten and eleven, and frees twelve."""
    found = offer(NOW, services=[service("wash", 60, 60, 60)])
    assert free(found, taken(("bay", found.service, utc("2026-06-02T14:00")))) == [
        "08:00", "12:00", "13:00", "14:00", "15:00", "16:00", "17:00",
    ]  # fmt: skip


def test_a_buffer_is_seen_from_the_next_day() -> None:
    """A visit that ends at a quarter to midnight, and half an hour after it."""
    always = {day: [["00:00", "24:00"]] for day in DAYS}
    found = offer(NOW, opening_hours=always, services=[service("wash", 60, 0, 30)], slot_minutes=15)
    late = taken(("bay", found.service, utc("2026-06-02T02:45")))  # 22:45 in New York
    when = {each.start: each.available for each in found.slots(DAY, late)}
    assert not when[utc("2026-06-02T04:00")]
    assert when[utc("2026-06-02T04:15")]


def test_visits_that_only_touch_do_not_conflict() -> None:
    """Ten to eleven next to eleven to twelve."""
    found = offer(NOW)
    assert "11:00" in free(found, taken(("bay", found.service, utc("2026-06-02T14:00"))))


def test_capacity_counts_who_is_there_at_once() -> None:
    """Two half-hours one after the other leave a whole hour in the other bay."""
    both = [service("wash", 60), service("half", 30)]
    found = offer(NOW, services=both, resources=[{"id": "bay", "name": "Bay", "capacity": 2}])
    half = found.setup.services["half"]
    ten = utc("2026-06-02T14:00")
    halves = taken(("bay", half, ten), ("bay", half, ten + 2 * QUARTER))
    assert "10:00" in free(found, halves)


def test_a_resource_is_shared_by_all_its_services() -> None:
    """What one service takes is taken for the other."""
    found = offer(NOW, services=[service("wash", 60), service("wax", 120)])
    wax = found.setup.services["wax"]
    assert "11:00" not in free(found, taken(("bay", wax, utc("2026-06-02T14:00"))))


def test_a_service_keeps_to_its_resources() -> None:
    """A lift for the oil, the bays for the rest."""
    places = [{"id": "bay", "name": "Bay"}, {"id": "lift", "name": "Lift"}]
    oil = service("oil", 30) | {"resources": ["lift"]}
    found = offer(NOW, services=[oil], resources=places)
    assert {each.lane for each in found.slots(DAY, taken())} == {"lift"}


@pytest.mark.parametrize(
    ("now", "lead", "first"),
    [
        ("2026-06-02T14:17", 0, "Tue 10:30"),
        ("2026-06-02T14:30", 0, "Tue 10:30"),
        ("2026-06-02T13:30", 60, "Tue 10:30"),
        ("2026-06-02T13:30:01", 60, "Tue 11:00"),
    ],
)
def test_notice_is_kept_to_the_second(now: str, lead: int, first: str) -> None:
    """Now is allowed without notice; exactly the notice is enough, a second less is not."""
    found = offer(now, lead_minutes=lead, slot_minutes=30)
    assert starts(found, "2026-06-02T04:00", "2026-06-03T04:00")[0] == first


@pytest.mark.parametrize("now", ["2026-06-02T03:59:59", "2026-06-01T04:00:00"])
def test_the_horizon_is_a_day_of_the_business(now: str) -> None:
    """Fourteen days from the first of June, at its first and last second, end on the fifteenth."""
    found = offer(now, horizon_days=14)
    days = {each.split()[0] for each in starts(found, "2026-06-15T04:00", "2026-06-18T04:00")}
    assert days == {"Mon"}
    assert found.reason(utc("2026-06-16T14:00")) == "too_far"


@pytest.mark.parametrize(
    ("start", "reason", "of_staff"),
    [
        ("2026-06-02T13:00", "past", "past"),
        ("2026-06-02T14:00", "past", None),
        ("2026-06-02T14:15", "too_soon", None),
        ("2026-06-02T15:15", "off_grid", None),
        ("2026-06-02T15:07", "off_grid", "off_grid"),
        ("2026-06-02T22:00", "closed", "closed"),
        ("2026-06-02T21:30", "closed", "closed"),
        ("2026-06-02T17:00", "closed", "closed"),
        ("2026-06-03T14:00", "day_off", "day_off"),
        ("2026-06-30T14:00", "too_far", None),
        ("2026-06-02T16:00", None, None),
    ],
)
def test_what_is_not_offered_has_a_reason(
    start: str, reason: str | None, of_staff: str | None
) -> None:
    """Staff are free of notice, horizon and grid, not of hours, breaks and days off."""
    rules: dict[str, Any] = {
        "lead_minutes": 60, "horizon_days": 14, "days_off": ["2026-06-03"],
        "breaks": {"tue": [["13:00", "14:00"]]},
    }  # fmt: skip
    assert offer("2026-06-02T14:05", **rules).reason(utc(start)) == reason
    assert offer("2026-06-02T14:05", staff=True, **rules).reason(utc(start)) == of_staff


def test_a_move_ignores_the_visit_itself() -> None:
    """An hour at half past eleven may move to a quarter to twelve."""
    found = offer(NOW, staff=True)
    start = utc("2026-06-02T15:30")
    entry = {"id": "cell#bay#2026-06-02T15:30:00Z", "visit": "apt_1", "shape": [0, 4, 0]}
    later = Stretch.of("bay", found.service, start + QUARTER)
    assert not Taken.of([entry], DAY[0], found.now).has_room(later)
    assert Taken.of([entry], DAY[0], found.now, mine={"apt_1"}).has_room(later)


def test_a_hold_that_has_lapsed_is_not_in_the_way() -> None:
    """Free at the very millisecond, without any sweep."""
    now = utc("2026-06-02T12:00")
    ends = int(now.timestamp() * 1000)
    stretch = Stretch("bay", 0, 1)
    for until, has_room in ((ends, True), (ends + 1, False)):
        entry = {"id": "cell#bay#2026-06-02T15:30:00Z", "visit": "h", "visit_until": until}
        calendar = Taken.of([entry | {"shape": [0, 4, 0]}], DAY[0], now)
        listed = Stretch.listed(entry | {"shape": [0, 4, 0]})
        assert calendar.has_room(listed) is has_room
    assert Stretch.stored({"start": "1970-01-01T00:00:00Z", **stretch.fields}) == stretch


@given(lane=st.sampled_from(["bay", "bay.2", "room-4_a"]), quarters=st.integers(1, 10**7))
def test_a_slots_name_tells_lane_and_time(lane: str, quarters: int) -> None:
    """There and back; no digit tells the time, for four in a row are read out as a number."""
    start = utc("1970-01-01T00:00") + quarters * QUARTER
    name = slot_id(lane, start)
    assert named(name) == (lane, start)
    assert not any(each.isdigit() for each in name.partition("-")[0])


@pytest.mark.parametrize("text", ["", "bay", "aei-bay", "b-", "b-bay#1", "b-bay.", "-bay", "B-bay"])
def test_what_is_no_slots_name(text: str) -> None:
    """Anything that was never offered by us."""
    assert named(text) is None


LENGTHS = st.sampled_from([15, 30, 45, 50, 60, 120])
BUFFERS = st.sampled_from([0, 5, 15, 30, 60])
SERVICES = st.builds(service, st.sampled_from(["a", "b"]), LENGTHS, BUFFERS, BUFFERS)
VISITS = st.lists(st.tuples(st.integers(-8, 60), st.integers(0, 2), st.integers(0, 1)), max_size=9)


@settings(deadline=None)
@given(
    offered=SERVICES, other=SERVICES, visits=VISITS, step=st.sampled_from([15, 30, 45, 60]),
    staff=st.booleans(),
)  # fmt: skip
def test_offered_is_what_is_free(
    offered: Any, other: Any, visits: list[tuple[int, int, int]], step: int, *, staff: bool
) -> None:
    """A random day with three lanes: a time is free exactly if some lane has nobody in the way."""
    places = [{"id": "bay", "name": "Bay", "capacity": 2}, {"id": "lift", "name": "Lift"}]
    setup = Setup.of(business(services=[offered], resources=places, slot_minutes=step))
    kinds = (setup.service(None), Setup.of(business(services=[other])).service(None))
    calendar, placed = Taken(DAY[0]), []
    for number, lane, kind in visits:
        start = utc("2026-06-02T12:00") + number * QUARTER
        stretch = Stretch.of(list(setup.lanes)[lane], kinds[kind], start)
        if calendar.has_room(stretch):
            calendar.add(stretch)
            placed.append(stretch)
    found = Offer(setup, kinds[0], utc("2026-06-02T13:10"), staff)
    slots = {each.start: each for each in found.slots(DAY, calendar)}
    start = DAY[0]
    while start < DAY[1]:
        assert (found.reason(start) is None) == (start in slots), start
        start += QUARTER
    for each in slots.values():
        fits = [lane for lane in setup.lanes if _apart(kinds[0], lane, each.start, placed)]
        assert each.available == bool(fits)
        assert each.lane == (fits or list(setup.lanes))[0]


def _apart(what: Service, lane: str, start: datetime, placed: list[Stretch]) -> bool:
    """Whether the gap to every neighbour is the longer of the buffers that meet, in quarters."""
    mine = Stretch.of(lane, what, start)
    for other in placed:
        if other.lane != lane:
            continue
        gap_after = other.first - (mine.first + mine.length)
        gap_before = mine.first - (other.first + other.length)
        if gap_after < max(mine.after, other.before) and gap_before < max(mine.before, other.after):
            return False
    return True

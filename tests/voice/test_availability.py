"""check-availability and reserve-atomic by words: in the business's time, and never a wrong day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.voice.world import DAYS

if TYPE_CHECKING:
    from tests.voice.world import World


def at(text: str) -> datetime:
    """A moment, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_day_is_the_businesss(world: World) -> None:
    """At 01:30 UTC it is still yesterday in Chicago: tomorrow is the 22nd."""
    world.at = at("2026-09-22T01:30")
    answer = world.tool("check_availability", date="tomorrow")
    assert (answer.json["today"], answer.json["timezone"]) == ("2026-09-21", "America/Chicago")
    assert answer.json["slots"][0]["start"] == "2026-09-22T14:00:00Z"
    assert "Tuesday, September 22nd" in answer.json["spoken"]


def test_every_time_of_the_day_is_listed(world: World) -> None:
    """With what is free and what is not, by the business's clock."""
    world.call().hold()
    answer = world.tool("check_availability", date="tomorrow")
    assert [(each["time"], each["available"]) for each in answer.json["slots"]] == [
        ("09:00 AM", True), ("10:00 AM", True), ("11:00 AM", True), ("12:00 PM", True),
        ("01:00 PM", True), ("02:00 PM", True), ("03:00 PM", False), ("04:00 PM", True),
    ]  # fmt: skip
    assert set(answer.json["slots"][0]) == {"slotId", "time", "start", "end", "available"}


def test_three_are_said_and_that_there_are_more(world: World) -> None:
    """Nobody keeps eight times in mind."""
    line = world.call().ask("check-availability", date="tomorrow")
    assert line.count("[") == 3
    assert ", and more in the afternoon." in line


def test_what_is_listed_can_be_held(world: World) -> None:
    """Each of them, by its id."""
    slots = world.tool("check_availability", date="tomorrow").json["slots"]
    for n, slot in enumerate(slots):
        phone = f"+1773555{2000 + n * 11}"
        answer = world.tool("reserve_atomic", slotId=slot["slotId"], phone=phone)
        assert (answer.status, answer.json["hold"]["start"]) == (200, slot["start"])


def test_the_callers_own_hold_is_told(world: World) -> None:
    """After an interruption: it is held, not booked yet."""
    call = world.call()
    call.hold()
    line = call.ask("check-availability", date="tomorrow")
    assert line.startswith("You already hold Saturday, June 2nd at 3 PM, not booked yet. I have")
    assert "already hold" not in world.call("+17735550101").ask(
        "check-availability", date="tomorrow"
    )


def test_a_service_is_known_by_its_name(world: World) -> None:
    """A long one fits less often."""
    names = ("full", "Full detail", "full DETAIL", "detail")
    found = [world.tool("check_availability", date="tomorrow", serviceId=each) for each in names]
    assert [len(each.json["slots"]) for each in found] == [5, 5, 5, 5]
    assert world.tool("check_availability", date="tomorrow", serviceId="haircut").status == 404


def test_a_day_without_a_free_time_says_what_comes_next(world: World) -> None:
    """Closed, and still an offer."""
    hours = {day: [] if day == "sat" else [["09:00", "17:00"]] for day in DAYS}
    world.set(opening_hours=hours)
    line = world.call().ask("check-availability", date="tomorrow")
    assert line.startswith(
        "I have nothing free on Saturday, June 2nd. Next I have Sunday, June 3rd at 9 AM ["
    )


def test_nothing_at_all_offers_a_call_back(world: World) -> None:
    """A business that never opens."""
    world.set(opening_hours={day: [] for day in DAYS})
    assert "someone call you back" in world.call().ask("check-availability", date="tomorrow")


def test_the_soonest_is_any_day(world: World) -> None:
    """From now on."""
    line = world.call().ask("check-availability", date="soonest")
    assert line.startswith("I have Friday, June 1st at 11 AM [")


def test_a_stretch_is_between_two_days_or_times(world: World) -> None:
    """Both days included; a time without a zone is the business's."""
    days = world.tool("check_availability", **{"from": "2029-06-04", "to": "2029-06-05"})
    assert len(days.json["slots"]) == 16
    times = {"from": "2029-06-04T09:00", "to": "2029-06-04T17:00:00Z"}
    assert [each["time"] for each in world.tool("check_availability", **times).json["slots"]] == [
        "09:00 AM", "10:00 AM", "11:00 AM",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "until"),
    [("2029-06-05", "2029-06-04"), ("2029-06-04", "2029-09-04"), ("2029-05-01", "2029-05-02"),
     ("2029-06-04", "never"), ("2029-06-04T99:00", "2029-06-05")],
)  # fmt: skip
def test_a_stretch_that_cannot_be_is_refused(world: World, since: str, until: str) -> None:
    """The wrong way round, too long, over, or no time at all."""
    answer = world.tool("check_availability", **{"from": since, "to": until})
    assert (answer.status, answer.code) == (400, "VALIDATION_FAILED")


def test_both_clocks_are_said(world: World) -> None:
    """Where the caller's differs; visits are always at the business's."""
    call = world.call()
    line = call.ask("check-availability", date="tomorrow", timezone="America/Los_Angeles")
    assert "at 9 AM our time, 7 AM yours [" in line
    same = call.ask("check-availability", date="tomorrow", timezone="America/Winnipeg")
    assert "yours" not in same
    slots = world.tool("check_availability", date="tomorrow", timezone="Europe/Berlin").json[
        "slots"
    ]
    assert (slots[0]["time"], slots[0]["callerTime"]) == ("09:00 AM", "04:00 PM")


def test_an_hour_that_comes_twice_is_two_hours(world: World) -> None:
    """Chicago, November 1st 2026: the first and the second one AM, each to be held by its words."""
    world.at = at("2026-10-31T15:00")
    world.set(opening_hours={day: [["00:00", "06:00"]] for day in DAYS})
    slots = world.tool("check_availability", date="tomorrow").json["slots"]
    assert [each["time"] for each in slots][:3] == ["12:00 AM", "01:00 AM", "01:00 AM"]
    line = world.call().ask("check-availability", date="tomorrow")
    assert "the first 1 AM [" in line
    assert "the second 1 AM [" in line
    for said, start in (("the first 1 am", "06:00"), ("the second 1 am", "07:00")):
        wish = {"date": "tomorrow", "time": said, "phone": f"+17735550{start[:2]}1"}
        answer = world.tool("reserve_atomic", **wish)
        assert answer.json["hold"]["start"] == f"2026-11-01T{start}:00Z"


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("at 3", "I'm holding Saturday, June 2nd at 3 PM"),
        ("03:00", "I'm holding Saturday, June 2nd at 3 PM"),
        ("noon", "I'm holding Saturday, June 2nd at noon"),
        ("10", "I'm holding Saturday, June 2nd at 10 AM"),
        ("3 a.m.", "We're not open then."),
        ("3:30 pm", "No visit begins at that time."),
        ("banana", "What time do you mean?"),
    ],
)
def test_a_time_without_its_half_is_the_one_that_is_open(
    world: World, said: str, line: str
) -> None:
    """Three is the afternoon where nobody is there at night."""
    assert world.call().ask("reserve-atomic", date="tomorrow", time=said).startswith(line)


def test_a_time_that_could_be_either_is_asked_back(world: World) -> None:
    """From eight to nine in the evening, eight is two times."""
    world.set(opening_hours={day: [["08:00", "21:00"]] for day in DAYS})
    line = world.call().ask("reserve-atomic", date="tomorrow", time="8")
    assert line == "Morning or evening? Do you mean 8 AM or 8 PM?"
    assert world.holds() == []


def test_a_z_behind_a_local_time_is_asked_back(world: World) -> None:
    """Three by our clock, or fifteen hours UTC: both are named, and nothing is held."""
    line = world.call().ask("reserve-atomic", date="2029-06-02", time="2029-06-02T15:00:00Z")
    assert line == "Do you mean 3 PM or 10 AM, by our own clock?"
    assert world.holds() == []
    same = world.call().ask("reserve-atomic", date="2029-06-02", time="2029-06-02T15:00:00-05:00")
    assert same.startswith("I'm holding Saturday, June 2nd at 3 PM")


@pytest.mark.parametrize("day", ["2024-06-01", "2029-05-31", "June 1st 2028"])
def test_a_past_day_is_never_held(world: World, day: str) -> None:
    """It is asked back, by check and by reserve."""
    for tool in ("check-availability", "reserve-atomic"):
        line = world.call().ask(tool, date=day, time="3 pm")
        assert line.startswith("That day has passed.")
    assert world.holds() == []


def test_an_id_that_was_never_offered_gets_three_that_are_free(world: World) -> None:
    """Invented, of another business, or mangled: never a nearest guess."""
    for slot in ("bcdfg-bay-9", "tuesday-3pm", "x", "sbmrm-bay.7"):
        line = world.call().ask("reserve-atomic", slotId=slot)
        assert line.startswith("I don't have that one. Nothing is held. I have Friday, June 1st")
        assert line.count("[") == 3


def test_a_lost_slot_gets_three_that_are_free(world: World) -> None:
    """409 with `slots` for a bare caller."""
    world.call().hold()
    other = world.call("+17735550101")
    line = other.ask("reserve-atomic", date="tomorrow", time="3 pm")
    assert line.startswith(
        "That one was just taken. Nothing is held. I have Saturday, June 2nd at 4"
    )
    answer = world.tool("reserve_atomic", date="tomorrow", time="3 pm", phone="+17735550101")
    assert (answer.status, answer.code, len(answer.json["slots"])) == (409, "SLOT_TAKEN", 3)


def test_a_long_name_stays_within_a_line(world: World) -> None:
    """Whatever a business calls its services and bays."""
    service = {
        "id": "x",
        "name": "Deluxe: 2024/25 interior & exterior " * 5,
        "duration_minutes": 60,
    }
    bay = {"id": "b" * 32, "name": "Bay", "capacity": 3}
    world.set(services=[service], resources=[bay])
    call = world.call()
    for _ in range(2):
        line = call.ask("check-availability", date="tomorrow", timezone="Asia/Kathmandu")
        assert line.endswith("Nothing new is held yet. Which one shall I hold?")
        call.hold()
    assert call.ask("reserve-atomic", slotId="x")


def test_a_day_of_next_year_is_said_without_its_number(world: World) -> None:
    """Speech would read a year as a sum."""
    world.at = at("2029-12-30T15:00")
    assert "Wednesday, January 2nd of next year at" in world.call().ask(
        "check-availability", date="January 2nd"
    )

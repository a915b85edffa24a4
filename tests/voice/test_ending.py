"""The end of a call: a hold that was not verified is given back two minutes later."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from closedloop.core.times import parse

if TYPE_CHECKING:
    from tests.voice.world import World

GRACE = timedelta(minutes=2)


@pytest.mark.parametrize(
    ("kind", "more"), [("end-of-call-report", {}), ("status-update", {"status": "ended"})]
)
def test_an_unverified_hold_ends_two_minutes_later(
    world: World, kind: str, more: dict[str, str]
) -> None:
    """Not at once: a call that broke off may be taken up again."""
    call, other = world.call(), world.call("+17735550101")
    call.hold()
    assert (call.ended(kind, **more).status, call.ended(kind, **more).text) == (204, "")
    (hold,) = world.holds()
    assert abs(parse(hold["held_until"]) - world.at - GRACE) < timedelta(seconds=1)
    world.later(seconds=118)
    assert other.ask("reserve-atomic", date="tomorrow", time="3 pm").startswith("That one was just")
    world.later(seconds=3)
    assert other.hold()


def test_told_again_it_ends_when_the_first_time_said(world: World) -> None:
    """Reports come late and twice: nothing is prolonged."""
    call = world.call()
    call.hold()
    call.ended()
    (first,) = world.holds()
    world.later(seconds=90)
    call.ended()
    assert world.holds() == [first]


def test_within_the_two_minutes_the_code_still_books(world: World) -> None:
    """Sending it keeps the hold to the code's end."""
    call = world.call()
    hold = call.hold()
    call.ended()
    call.ask("send-otp", holdId=hold)
    assert call.ask("verify-otp", holdId=hold, code=world.code()).startswith("You're booked")


def test_the_same_number_that_calls_back_gets_it_again(world: World) -> None:
    """Another call, the same caller."""
    first = world.call()
    hold = first.hold()
    first.ended()
    assert world.call().hold() == hold


def test_what_is_booked_stays(world: World) -> None:
    """The end of its call changes nothing."""
    call = world.call()
    call.proved()
    before = world.db.snapshot(world.org)
    call.ended()
    assert world.db.snapshot(world.org) == before


@pytest.mark.parametrize(
    ("kind", "more"),
    [("status-update", {"status": "in-progress"}), ("hang", {}), ("transcript", {})],
)
def test_other_messages_end_nothing(world: World, kind: str, more: dict[str, str]) -> None:
    """A hold lives as long as it was held."""
    call = world.call()
    call.hold()
    (before,) = world.holds()
    call.ended(kind, **more)
    assert world.holds() == [before]


def test_the_end_of_an_unknown_call_is_nothing(world: World) -> None:
    """And another business's report ends nothing of ours."""
    call = world.call()
    call.hold()
    (before,) = world.holds()
    world.call().ended()
    assert world.holds() == [before]

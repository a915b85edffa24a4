"""The breaker before Twilio: what opens it, what happens to texts meanwhile, what closes it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from closedloop import wiring
from tests.texts.world import minutes

if TYPE_CHECKING:
    import pytest

    from tests.texts.world import World


def outage(world: World, texts: int) -> None:
    """So many texts are on their way when Twilio fails five times: the breaker opens."""
    for _ in range(texts):
        world.press()
    world.dispatch()
    assert [world.work("refuse") for _ in range(5)] == ["comes back"] * 5


def test_five_failures_open_the_breaker_for_all(world: World) -> None:
    """Held and told so at the button; after five minutes one is tried, and all go on."""
    outage(world, texts=7)
    world.later(seconds=6)  # the other sandboxes learn of it within five seconds
    kept = world.press("during")
    assert (kept.status, kept.code) == (503, "CIRCUIT_BREAKER_OPEN")
    assert kept.json["retrying"] is True
    assert kept.json["success"] is False
    assert 280 <= int(kept.headers["Retry-After"]) <= 300
    world.dispatch()
    calls = world.twilio.calls
    world.later(seconds=31)
    world.work_off()
    assert world.twilio.calls == calls
    assert {row.get("held_for") for row in world.rows()} == {"breaker"}
    for _ in minutes(world, 8):
        world.work_off()
    assert len(world.twilio.accepted) == 8
    assert world.press("after").status == 200


def test_a_kept_text_names_the_request_that_kept_it(world: World) -> None:
    """Like every failure it carries a request id, in a replay still that of the first request."""
    outage(world, texts=5)
    world.later(seconds=6)
    kept, replay = world.press(key="kept-and-kept"), world.press(key="kept-and-kept")
    assert {kept.code, replay.code} == {"CIRCUIT_BREAKER_OPEN"}
    assert kept.json["request_id"] == kept.headers["X-Request-Id"]
    assert (replay.text, replay.replayed) == (kept.text, True)
    assert replay.headers["X-Request-Id"] != kept.headers["X-Request-Id"]


def test_what_nobody_can_tell_is_a_failure_too(world: World) -> None:
    """Five calls without an answer in time, or with a 5xx, open it as well."""
    for _ in range(5):
        world.press()
    world.dispatch()
    assert [world.work("lose") for _ in range(5)] == ["done"] * 5
    world.later(seconds=6)
    assert world.press().code == "CIRCUIT_BREAKER_OPEN"


def test_failures_that_are_far_apart_open_nothing(world: World) -> None:
    """Four in a minute and one after it are no outage."""
    for gap in (0, 1, 1, 1, 58):
        world.later(seconds=gap)
        world.press()
        world.dispatch()
        world.work("refuse")
    world.later(seconds=6)
    assert world.press().status == 200


def test_a_probe_that_succeeds_begins_a_new_count(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open for half a minute: the failures of before are not a minute old and yet forgotten."""
    monkeypatch.setenv("BREAKER_OPEN_SECONDS", "30")
    wiring.forget_rows()
    outage(world, texts=7)
    world.later(seconds=31)
    assert world.work() == "done"
    assert len(world.twilio.accepted) == 1
    assert [world.work("refuse") for _ in range(4)] == ["comes back"] * 4
    world.later(seconds=6)
    assert world.press().status == 200
    world.dispatch()
    assert world.work("refuse") == "comes back"
    world.later(seconds=6)
    assert world.press().code == "CIRCUIT_BREAKER_OPEN"


def test_a_probe_that_fails_keeps_it_open(world: World) -> None:
    """One call after five minutes, and another five minutes if it goes wrong."""
    outage(world, texts=6)
    world.later(seconds=301)
    assert world.work("refuse") == "comes back"
    world.later(seconds=6)
    assert world.press().code == "CIRCUIT_BREAKER_OPEN"
    calls = world.twilio.calls
    world.later(seconds=120)
    world.work_off()
    assert world.twilio.calls == calls


def test_a_probe_that_dies_is_not_the_last(world: World) -> None:
    """The prober's lease ends after a minute: the next one is let through."""
    outage(world, texts=6)
    world.later(seconds=301)
    assert world.work("kill before") == "killed"
    world.at += timedelta(seconds=61)
    for _ in minutes(world, 25):
        world.work_off()
    assert len(world.twilio.accepted) == 5

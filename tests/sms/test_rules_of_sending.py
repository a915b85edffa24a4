"""What keeps a text back: STOP, quiet hours, limits, budget, an open breaker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from closedloop import wiring
from tests.sms.world import PHONE, minutes

if TYPE_CHECKING:
    from tests.sms.world import World

NIGHT = datetime(2030, 1, 10, 4, 30, tzinfo=UTC)  # 22:30 in Chicago
MORNING = datetime(2030, 1, 10, 14, 0, tzinfo=UTC)


def fails_with(world: World) -> str:
    """The code with which the only text failed, once the worker had it."""
    world.dispatch()
    assert world.work() == "done"
    row = world.the_row()
    assert row["status"] == "failed"
    assert world.twilio.calls == 0
    return str(row["error"]["code"])


def outage(world: World, texts: int) -> None:
    """So many texts are on their way when Twilio fails five times: the breaker opens."""
    for _ in range(texts):
        world.press()
    world.dispatch()
    assert [world.work("refuse") for _ in range(5)] == ["comes back"] * 5


def test_stop_between_button_and_worker_is_honoured(world: World) -> None:
    """Accepted before, opted out since: it is not sent, and the button refuses from then on."""
    world.press()
    world.text("STOP")
    assert fails_with(world) == "RECIPIENT_OPTED_OUT"
    refused = world.press()
    assert (refused.status, refused.code) == (409, "RECIPIENT_OPTED_OUT")


def test_the_number_itself_has_opted_out(world: World) -> None:
    """The row of the number decides, even where a person's own mark is missing."""
    world.text("STOP")
    lead = {"id": "lead_1", "name": "Ana Ortiz", "phone": PHONE, "status": "new"}
    world.db.put(world.org, {"leads": [lead]})
    assert world.press().status == 200
    assert fails_with(world) == "RECIPIENT_OPTED_OUT"


def test_start_opens_again(world: World) -> None:
    """STOP, START: texts go out as before."""
    world.text("stop")
    world.text("Start")
    world.press()
    world.dispatch()
    assert world.work() == "done"
    assert len(world.twilio.accepted) == 1


def test_twilio_knows_of_an_opt_out_that_we_do_not(world: World) -> None:
    """21610 in a callback is a STOP that went past us: it counts from then on."""
    world.press()
    world.dispatch()
    world.work()
    world.report(world.twilio.accepted[0], "failed", ErrorCode="21610")
    assert world.press().code == "RECIPIENT_OPTED_OUT"


def test_marketing_waits_for_the_morning(world: World) -> None:
    """At night it is held without a message that circles; at eight it goes out by itself."""
    world.at = NIGHT
    world.press_template(templateId="follow_up")
    world.dispatch()
    assert world.work() == "done"
    row = world.the_row()
    assert (row["status"], row["held_for"]) == ("pending", "quiet_hours")
    assert row["held_until"] == "2030-01-10T14:00:00.000Z"
    for _ in minutes(world, 30):
        world.dispatch()
        assert world.work() == "idle"
    world.at = MORNING
    world.settle()
    assert world.work() == "done"
    assert len(world.twilio.accepted) == 1


def test_what_a_person_waits_for_goes_out_at_night(world: World) -> None:
    """A plain text and a confirmation are no marketing."""
    world.at = NIGHT
    world.press()
    world.dispatch()
    world.work()
    assert len(world.twilio.accepted) == 1


def test_marketing_needs_consent(world: World) -> None:
    """Who said no to marketing gets none."""
    world.at = MORNING
    lead = {"id": "lead_1", "name": "Ana", "phone": PHONE, "status": "new", "sms_consent": False}
    world.db.put(world.org, {"leads": [lead]})
    world.press_template(templateId="follow_up")
    assert fails_with(world) == "NO_CONSENT"


def test_the_budget_of_a_day(world: World) -> None:
    """Two a day: the third is failed, visible, and goes out the next day when sent again."""
    world.set(sms_budget_per_day=2)
    for _ in range(3):
        world.press()
    world.dispatch()
    for _ in range(3):
        world.work()
    assert len(world.twilio.accepted) == 2
    (over,) = (row for row in world.rows() if row["status"] == "failed")
    assert over["error"]["code"] == "BUDGET_EXCEEDED"
    world.later(days=1)
    world.retry(over["id"])
    world.dispatch()
    world.work()
    assert len(world.twilio.accepted) == 3


@pytest.mark.parametrize("limits", [None, {"sms_per_person": 2, "sms_per_person_minutes": 1}])
def test_texts_per_person(world: World, limits: dict[str, int] | None) -> None:
    """Five in ten minutes unless the org says otherwise; then 429 until the first one is old."""
    world.set(limits=limits)
    limit, seconds = (2, 60) if limits else (5, 600)
    for _ in range(limit):
        assert world.press().status == 200
        world.later(seconds=1)
    refused = world.press(key="one-too-many")
    assert (refused.status, refused.code) == (429, "RATE_LIMITED")
    wait = int(refused.headers["Retry-After"])
    assert seconds - limit - 1 <= wait <= seconds - limit + 1
    world.later(seconds=wait - 2)
    assert world.press(key="one-too-many").status == 429
    world.later(seconds=2)
    assert world.press(key="one-too-many").status == 200


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


def test_without_a_number_of_its_own_nothing_goes_out(world: World) -> None:
    """An org that has no number is told so on the text."""
    world.set(sms_number=None)
    world.press()
    assert fails_with(world) == "NO_SENDER"

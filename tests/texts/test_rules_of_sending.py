"""What keeps a text back: STOP, quiet hours, consent, limits, budget."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from closedloop.core.decision import Actor, Context
from closedloop.dynamo.codec import item
from closedloop.texts import budget
from tests.texts.world import PHONE, minutes

if TYPE_CHECKING:
    from tests.texts.world import World

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


def test_twilio_refuses_a_number_that_has_opted_out(world: World) -> None:
    """21610 at the call: the text fails for good, and the number has opted out from then on."""
    world.press()
    world.dispatch()
    assert world.work("reject: stopped") == "done"
    row = world.the_row()
    assert row["error"] == {"code": "21610", "reason": "The person has sent STOP."}
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


@pytest.mark.parametrize("mode", ["refuse", "full", "reject", "lose"])
def test_what_twilio_did_not_take_costs_no_budget(world: World, mode: str) -> None:
    """One a day: a text that was never at Twilio leaves the day to another."""
    world.set(sms_budget_per_day=1)
    world.press("first")
    world.dispatch()
    world.work(mode)
    for _ in minutes(world, 14):
        pass
    world.queue.messages.clear()
    first = world.the_row()
    assert world.spent() == 0
    world.press("second")
    world.dispatch()
    assert world.work() == "done"
    assert [each.body for each in world.twilio.accepted] == ["second"]
    assert first["status"] in {"pending", "failed"}


@pytest.mark.parametrize("limit", [199, 200, 203])
def test_a_budget_in_parts_is_spent_to_the_text(limit: int) -> None:
    """Whatever the ids: as many as the limit pass, and none more."""
    used: dict[str, int] = {}
    settings = {"sms_budget_per_day": limit}

    def claimed(number: int) -> bool:
        seen = {("system", name): {"used": count} for name, count in used.items()}
        context = Context(Actor("worker", "", "org", frozenset()), "send_sms", "", NIGHT, seen)
        spend = budget.room(context, settings, f"sms_{number}")
        if spend is None:
            return False
        used[spend.id] = used.get(spend.id, 0) + 1
        assert used[spend.id] <= spend.limit
        return True

    assert [claimed(number) for number in range(limit + 20)] == [True] * limit + [False] * 20
    assert len(used) == (1 if limit < 200 else 4)


def test_a_full_part_sends_on_to_the_others(world: World) -> None:
    """The claim meets it in its transaction, tries the others there, and is refused by the last."""
    world.set(sms_budget_per_day=200)
    world.press()
    world.dispatch()
    (row,) = world.rows()
    own = sum(row["id"].encode()) % 4
    day = world.at.date()
    for part in (own, own + 1, own + 2):
        key = f"spend#{world.org}#sms#{day}#{part % 4}"
        world.db.client.put_item(
            TableName=f"{world.db.prefix}system", Item=item({"id": key, "used": 50})
        )
    assert world.work() == "done"
    assert len(world.twilio.accepted) == 1
    assert world.spent() == 151


def test_a_budget_of_nothing_sends_nothing(world: World) -> None:
    """An org that may send no texts sends none, the first included."""
    world.set(sms_budget_per_day=0)
    world.press()
    assert fails_with(world) == "BUDGET_EXCEEDED"


def test_what_twilio_has_is_paid_for(world: World) -> None:
    """Accepted, or nobody knows: the budget stays spent."""
    world.set(sms_budget_per_day=1)
    world.press("first")
    world.dispatch()
    world.work("hang")
    world.press("second")
    world.dispatch()
    world.work()
    statuses = {row["message"]: row["status"] for row in world.rows()}
    assert statuses == {"first": "unknown", "second": "failed"}
    assert world.spent() == 1


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


def test_without_a_number_of_its_own_nothing_goes_out(world: World) -> None:
    """An org that has no number is told so on the text."""
    world.set(sms_number=None)
    world.press()
    assert fails_with(world) == "NO_SENDER"

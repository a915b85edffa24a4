"""Reads of texts: threads, what failed, templates, the breaker."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from tests.support.actions import ALICE, Answer, Press, event_of, handlers

if TYPE_CHECKING:
    from tests.texts.world import World


def ask(world: World, scenario: str, org: str | None = None, **query: str) -> Answer:
    """A read by its event file, in the world's org."""
    event = event_of("read_api", scenario)
    event["queryStringParameters"] = query
    press = Press(event).by(ALICE, org or world.org)
    return Answer.of(handlers()["read_api"](press.event))


def messages(world: World, scenario: str, **query: str) -> list[dict[str, Any]]:
    """The texts of a list."""
    found: list[dict[str, Any]] = ask(world, scenario, **query).json["sms_messages"]
    return found


def test_a_thread_holds_both_sides_newest_first(world: World) -> None:
    """In and out, with status and times, page after page, and nobody else's."""
    for words in ("one", "two"):
        world.press(words)
        world.dispatch()
        world.work()
        world.later(seconds=61)
    world.report(world.twilio.accepted[0], "delivered")
    world.text("three")
    thread = messages(world, "sms_history")
    assert [(each["message"], each["direction"], each["status"]) for each in thread] == [
        ("three", "in", "received"), ("two", "out", "sending"), ("one", "out", "delivered"),
    ]  # fmt: skip
    assert "deliveredAt" in thread[2]
    assert thread[1].keys() == {"id", "message", "status", "direction", "sentAt"}
    first = ask(world, "sms_history", limit="2").json
    rest = ask(world, "sms_history", limit="2", cursor=first["cursor"]).json
    assert first["sms_messages"] + rest["sms_messages"] == thread
    assert rest["cursor"] is None
    assert ask(world, "sms_history", f"{world.org}-other").status == 404


def test_a_thread_says_why_a_text_waits(world: World) -> None:
    """Until when and what for, while it is held back; nothing of it before and after."""
    world.at = datetime(2030, 1, 10, 4, tzinfo=UTC)  # ten at night in Chicago
    world.press_template(templateId="follow_up")
    (ready,) = messages(world, "sms_history")
    world.dispatch()
    world.work()
    (held,) = messages(world, "sms_history")
    world.later(hours=12)
    world.settle()
    world.work()
    (sent,) = messages(world, "sms_history")
    assert (held["status"], held["heldFor"]) == ("pending", "quiet_hours")
    assert held["heldUntil"] == "2030-01-10T14:00:00.000Z"
    assert not {"heldFor", "heldUntil"} & (ready.keys() | sent.keys())


def test_what_failed_is_listed_until_it_is_settled(world: World) -> None:
    """Failed and unknown texts, whose they are and why; gone once they are sent again."""
    world.press("bad")
    world.dispatch()
    world.work("reject")
    world.press("who knows")
    world.dispatch()
    world.work("lose")
    assert [each["status"] for each in messages(world, "sms_failed")] == ["unknown", "failed"]
    failed = messages(world, "sms_failed")[1]
    assert failed["error"]["code"] == "21614"
    assert (failed["person_table"], failed["person_id"], failed["attempt"]) == (
        "leads",
        "lead_1",
        1,
    )
    world.retry(failed["id"])
    assert [each["status"] for each in messages(world, "sms_failed")] == ["unknown"]
    assert ask(world, "sms_failed", f"{world.org}-other").json["sms_messages"] == []


def test_templates_name_their_variables(world: World) -> None:
    """Those that every org has and its own."""
    world.set(templates={"thanks": {"text": "Thank you, {firstName}!"}})
    found = {each["id"]: each for each in ask(world, "templates").json["templates"]}
    built_in = {"appointment_confirmation", "follow_up", "payment_reminder", "work_completed"}
    assert found.keys() == built_in | {"thanks"}
    assert found["thanks"]["variables"] == ["firstName"]
    assert found["payment_reminder"]["variables"] == ["firstName", "amount", "business", "dueDate"]


def test_the_breaker_can_be_read(world: World) -> None:
    """Closed with its failures of the last minute, then open with the times."""
    closed = {
        "name": "twilio",
        "state": "closed",
        "failures": 0,
        "opened_at": None,
        "retry_at": None,
    }
    assert ask(world, "breakers").json["breakers"] == [closed]
    for _ in range(5):
        world.press()
    world.dispatch()
    for number in range(5):
        assert ask(world, "breakers").json["breakers"][0]["failures"] == number
        world.work("refuse")
    (breaker,) = ask(world, "breakers").json["breakers"]
    assert (breaker["state"], breaker["failures"]) == ("open", 5)
    assert breaker["opened_at"] < breaker["retry_at"]


def test_a_cursor_opens_no_thread_of_nobody(world: World) -> None:
    """Absent or deleted is 404 on every page, not on the first alone."""
    for words in ("one", "two"):
        world.press(words)
        world.later(seconds=61)
    cursor = ask(world, "sms_history", limit="1").json["cursor"]
    assert ask(world, "sms_history", limit="1", cursor=cursor).status == 200
    assert ask(world, "sms_history", f"{world.org}-other", cursor=cursor).status == 404
    gone = {"id": "lead_1", "status": "new", "deleted_at": "2029-01-01T00:00:00.000Z"}
    world.db.put(world.org, {"leads": [gone]})
    assert ask(world, "sms_history", limit="1", cursor=cursor).status == 404


def test_rows_are_asked_for_once_each(world: World) -> None:
    """An index that is being moved may show a row twice: the database takes no key twice."""
    (row,) = wiring.reads().rows("leads", world.org, ["lead_1", "lead_1", "lead_1"])
    assert row["id"] == "lead_1"

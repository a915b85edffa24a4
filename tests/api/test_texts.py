"""Texts in every state, as the buttons and reads show them, are as the description says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from closedloop.core.cursors import ChangeCursor
from docs.api import guests
from tests.api.support import strays
from tests.support.asking import ask
from tests.texts.world import NUMBER, PHONE, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.actions import Answer
    from tests.support.database import Database

NIGHT = datetime(2029, 6, 2, 4, tzinfo=UTC)
"""Eleven at night where the org is."""

_ASKING = {"text": "Still on?", "category": "transactional", "asks": "confirm_appointment"}

READS: dict[str, dict[str, Any]] = {
    "leads/{leadId}/sms-history": {"leadId": "lead_1"},
    "sms/failed": {},
    "system/breakers": {},
    "templates": {},
    "audit": {},
    "leads": {},
    "me": {},
}


@pytest.fixture
def world(db: Database, org: str) -> Iterator[World]:
    """An org with a lead, an appointment, templates of its own and every setting."""
    with pytest.MonkeyPatch.context() as patch:
        made = World(db, patch, org)
        _furnish(made)
        yield made
        made.close_breaker()


def _furnish(made: World) -> None:
    made.set(
        limits={"sms_per_person": 20, "sms_per_person_minutes": 1},
        sms_budget_per_day=500,
        quiet_hours={"from": "21:00", "to": "08:00"},
        templates={"thanks": "Thank you, {firstName}!", "sure": _ASKING},
        sms_help="Call us.",
    )
    start, end = made.at + timedelta(days=1), made.at + timedelta(days=1, hours=2)
    times = {"start": f"{start:%Y-%m-%dT%H:%M:%SZ}", "end": f"{end:%Y-%m-%dT%H:%M:%SZ}"}
    whose = {"contact_phone": PHONE, "time_zone": "America/Chicago"}
    row = {"id": "apt_1", "status": "pending", **whose, **times}
    made.db.put(made.org, {"appointments": [row]})


def pressed(world: World, answer: Answer, status: int, route: str = "leads/send-sms") -> Answer:
    """The answer of a button, which is as described."""
    assert (answer.status, strays(f"POST /api/{route}", answer)) == (status, [])
    return answer


def look(world: World) -> dict[str, Any]:
    """What the reads show now, each as described: their bodies by path."""
    since = {"since": str(ChangeCursor.at(world.at - timedelta(hours=20)))}
    shown = {}
    for path, query in {**READS, "changes": since}.items():
        answer = ask(path, world.org, groups="[owner]", **query)
        assert strays(f"GET /api/{path}", answer) == [], path
        shown[path] = answer.json
    return shown


def sent(world: World, mode: str = "accept") -> None:
    """A text to the lead that the worker has taken."""
    pressed(world, world.press(uuid4().hex), 200)
    world.dispatch()
    world.work(mode)


def held(world: World) -> None:
    """Marketing at night."""
    world.at = NIGHT
    pressed(world, world.press_template(templateId="follow_up"), 200)
    world.dispatch()
    world.work()


def reported(*statuses: str, **form: str) -> Callable[[World], None]:
    """A text of which Twilio says this, one after the other."""

    def tell(world: World) -> None:
        sent(world)
        for status in statuses:
            got = world.report(world.twilio.accepted[-1], status, **form)
            assert got == guests.DONE["twilio_status"][0]

    return tell


def answered(world: World, words: str) -> None:
    """A question that the customer answers."""
    about = {"date": "June 2", "time": "10:00 AM", "appointmentId": "apt_1"}
    body = {"templateId": "appointment_confirmation", "variables": about}
    pressed(world, world.press_template(**body), 200)
    world.dispatch()
    world.work()
    world.text(words)


def again(world: World) -> None:
    """One that failed and is sent once more, and cannot be while it is on its way."""
    sent(world, "reject")
    (failed,) = look(world)["sms/failed"]["sms_messages"]
    pressed(world, world.retry(failed["id"]), 200, "sms/{id}/retry")
    pressed(world, world.retry(failed["id"]), 409, "sms/{id}/retry")


def unanswered(world: World) -> None:
    """Twilio refuses every connection until the breaker opens: the next one is kept."""
    for _ in range(5):
        pressed(world, world.press(uuid4().hex), 200)
    world.dispatch()
    for _ in range(5):
        world.work("refuse")
    pressed(world, world.press("kept"), 503)
    world.dispatch()
    world.work()


STATES: dict[str, Callable[[World], Any]] = {
    "pending": lambda world: pressed(world, world.press(), 200),
    "sending": sent,
    "sent": reported("sent"),
    "delivered": reported("sent", "delivered"),
    "undelivered": reported("undelivered", ErrorCode="30006"),
    "failed": lambda world: sent(world, "reject"),
    "unknown": lambda world: sent(world, "lose"),
    "received": lambda world: world.text("Hello"),
}
STORIES: dict[str, Callable[[World], Any]] = {
    "confirmed": lambda world: answered(world, "YES"),
    "cancelled": lambda world: answered(world, "NO"),
    "again": again,
    "held": held,
    "breaker": unanswered,
}


@pytest.mark.parametrize("status", STATES)
def test_a_text_in_this_state_is_as_described(world: World, status: str) -> None:
    """In its thread, among what failed, and as a change that is caught up."""
    STATES[status](world)
    shown = look(world)
    (message,) = shown["leads/{leadId}/sms-history"]["sms_messages"]
    told = [each for each in shown["changes"]["changes"] if each["table"] == "sms_logs"]
    assert [message["status"]] == [each["record"]["status"] for each in told] == [status]


@pytest.mark.parametrize("story", STORIES)
def test_what_follows_from_a_text_is_as_described(world: World, story: str) -> None:
    """A question answered, a text sent again, held at night, kept while the breaker is open."""
    STORIES[story](world)
    shown = look(world)
    texts = shown["leads/{leadId}/sms-history"]["sms_messages"]
    changed = [each["record"]["status"] for each in shown["changes"]["changes"]]
    facts = {
        "confirmed": "confirmed" in changed,
        "cancelled": "cancelled" in changed,
        "again": texts[0]["status"] == "pending" and not shown["sms/failed"]["sms_messages"],
        "held": texts[0].get("heldFor") == "quiet_hours",
        "breaker": (texts[0].get("heldFor"), shown["system/breakers"]["breakers"][0]["state"])
        == ("breaker", "open"),
    }
    assert facts[story]


def test_who_sent_stop_is_as_described(world: World) -> None:
    """A lead with a mark, a refusal, and a stranger who became a contact."""
    world.text("STOP")
    pressed(world, world.press(), 409)
    world.db.put(world.org, {"leads": [{"id": "lead_1", "name": "Ana", "status": "new"}]})
    world.text("Who is this?")
    shown = ask("contacts", world.org, phone=PHONE)
    assert strays("GET /api/contacts", shown) == []
    assert [each["source"] for each in shown.json["contacts"]] == ["sms"]
    look(world)


def test_a_customers_text_is_answered_as_described(world: World) -> None:
    """With the status and in the format that the description of the webhook names."""
    form = {"MessageSid": f"SM{uuid4().hex}", "From": PHONE, "To": NUMBER, "Body": "Hello"}
    answer = world.webhook("twilio_inbound", "inbound", form)
    status, described = guests.DONE["twilio_inbound"]
    assert answer["statusCode"] == status
    assert answer["headers"]["Content-Type"].partition(";")[0] in described["content"]

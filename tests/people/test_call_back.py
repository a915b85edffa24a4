"""The rule of asking for a call, without any database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from closedloop.core.decision import Actor, Context
from closedloop.core.errors import NotFoundError, ValidationFailedError
from closedloop.core.writes import Check, Create
from closedloop.people.call_back import CallBack, call_back

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ACTOR = Actor("u1", "u1@example.com", "demo", frozenset({"staff"}))
CONTACT = ("contacts", "con_1")


def context(seen: dict[tuple[str, str], dict[str, object] | None] | None = None) -> Context:
    """The rule's context, with the rows that were seen."""
    return Context(ACTOR, "call_back", "key-12345", NOW, seen or {})


def asked_for(moment: datetime) -> CallBack:
    """A call at this time."""
    return CallBack.model_validate({"id": "con_1", "scheduledFor": moment.isoformat()})


CALL_ID = context().new_id("call")


def test_a_call_is_asked_for() -> None:
    """It is made while its contact is there; what was not said of it is not kept."""
    decided = call_back(CallBack(id="con_1"), context())
    asked = {"contact_id": "con_1", "status": "requested", "requested_by": "u1"}
    assert decided.writes == (Create("calls", CALL_ID, asked), Check("contacts", "con_1"))
    assert decided.reply.body == {
        "call_created": True,
        "call": {
            "id": CALL_ID,
            **asked,
            "created_at": "2026-11-20T12:00:00.000Z",
            "updated_at": "2026-11-20T12:00:00.000Z",
            "version": context().version,
        },
    }


def test_what_was_said_of_it_is_kept() -> None:
    """Notes, and when to call: as a moment in UTC, whatever the zone it was named in."""
    said = {"id": "con_1", "notes": "Ask for Ana.", "scheduledFor": "2026-11-20T13:01:00+01:00"}
    call = call_back(CallBack.model_validate(said), context()).reply.body["call"]
    assert call["notes"] == "Ask for Ana."
    assert call["scheduled_for"] == "2026-11-20T12:01:00.000Z"


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
def test_nobody_calls_in_the_past(late: timedelta) -> None:
    """A time that is over is refused by its field, the very moment included."""
    command = asked_for(NOW - late)
    with pytest.raises(ValidationFailedError) as refused:
        call_back(command, context())
    assert refused.value.body["fields"][0]["path"] == "scheduledFor"


def test_a_contact_that_is_not_there_is_not_called() -> None:
    """Looked for and absent is a refusal, not an assumption."""
    with pytest.raises(NotFoundError):
        call_back(CallBack(id="con_1"), context({CONTACT: None}))


def test_a_call_that_an_earlier_press_made_is_shown() -> None:
    """Its key is forgotten, its row is not: no second call, even when its time is over by now."""
    made = {"id": CALL_ID, "org_id": "demo", "status": "completed", "version": 3}
    command = asked_for(NOW - timedelta(1))
    decided = call_back(command, context({("calls", CALL_ID): {**made, "idempotency_key": "k"}}))
    assert decided.writes == (Check("calls", CALL_ID), Check("contacts", "con_1"))
    assert decided.reply.body["call_created"] is True
    assert decided.reply.body["call"]["status"] == "completed"
    assert "idempotency_key" not in decided.reply.body["call"]

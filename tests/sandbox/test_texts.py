"""Texts from the button to the phone and back, through the whole stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.waiting import eventually

if TYPE_CHECKING:
    from typing import Any

    from tests.sandbox.support import Sandbox

pytestmark = pytest.mark.stack


def became(sandbox: Sandbox, lead_id: str, status: str) -> dict[str, Any] | None:
    """The lead's latest text, once it has this status."""
    latest = sandbox.history(lead_id)[0]
    return latest if latest["status"] == status else None


def times_accepted(sandbox: Sandbox, phone: str, message: str) -> int:
    """How often Twilio took it. The phone may be that of a caller of another test, too."""
    return [each["body"] for each in sandbox.accepted(phone)].count(message)


def test_a_text_is_accepted_once_and_reported_delivered(sandbox: Sandbox) -> None:
    """Button, queue, worker, Twilio, callbacks, history."""
    lead_id, phone = sandbox.lead(0)
    assert sandbox.press(lead_id, "Your car is ready.").status == 200
    told = eventually(lambda: became(sandbox, lead_id, "delivered"))
    assert told["message"] == "Your car is ready."
    (message,) = sandbox.accepted(phone)
    assert (message["body"], message["status"]) == ("Your car is ready.", "delivered")


def test_a_lost_answer_is_settled_without_a_second_text(sandbox: Sandbox) -> None:
    """Twilio accepts and falls silent: its callbacks say what became of the text."""
    lead_id, phone = sandbox.lead(1)
    sandbox.trouble("hang_after_accept", count=1)
    sandbox.press(lead_id, "We moved you to bay 2.")
    eventually(lambda: became(sandbox, lead_id, "delivered"))
    assert sandbox.ask("GET", "/sandbox/faults").json == {"faults": []}
    assert len(sandbox.accepted(phone)) == 1


def test_too_many_requests_are_sent_again_by_themselves(sandbox: Sandbox) -> None:
    """Twilio says to come back later."""
    lead_id, phone = sandbox.lead(2)
    sandbox.trouble("429", count=1)
    sandbox.press(lead_id, "See you at nine.")
    eventually(lambda: became(sandbox, lead_id, "delivered"))
    assert times_accepted(sandbox, phone, "See you at nine.") == 1


def test_a_text_is_sent_again_by_itself_once_twilio_can_be_reached(sandbox: Sandbox) -> None:
    """No connection at all, until one call has failed."""
    lead_id, phone = sandbox.lead(3)
    sandbox.trouble("refuse")
    sandbox.press(lead_id, "See you at ten.")
    eventually(sandbox.failures)
    sandbox.ask("DELETE", "/sandbox/faults")
    eventually(lambda: became(sandbox, lead_id, "delivered"))
    assert times_accepted(sandbox, phone, "See you at ten.") == 1


def test_after_stop_nothing_is_sent_until_start(sandbox: Sandbox) -> None:
    """The customer's word reaches the button, and Twilio itself blocks as well."""
    lead_id, phone = sandbox.lead(4)
    stop = sandbox.ask("POST", "/sandbox/twilio/inbound", {"from": phone, "body": "STOP"})
    assert stop.json["status"] == 200
    assert stop.json["twiml"].startswith("<?xml")
    refused = sandbox.press(lead_id, "One more thing.")
    assert (refused.status, refused.json["code"]) == (409, "RECIPIENT_OPTED_OUT")
    assert sandbox.accepted(phone) == []
    sandbox.ask("POST", "/sandbox/twilio/inbound", {"from": phone, "body": "START"})
    sandbox.press(lead_id, "Welcome back.")
    eventually(lambda: became(sandbox, lead_id, "delivered"))


def test_a_forged_webhook_is_turned_away(sandbox: Sandbox) -> None:
    """Without Twilio's signature a report changes nothing."""
    path = "/api/webhooks/twilio/status?attempt=1&org=demo&sms=x"
    answer = sandbox.ask("POST", path, {}, **{"X-Twilio-Signature": "AAAA"})
    assert answer.status == 403

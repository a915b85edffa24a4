"""Whole events from scenarios: what differs is the file's, the rest the envelope's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from twilio.request_validator import RequestValidator

from tools.events import EVENTS, KINDS, WEBHOOK_TOKEN, ScenarioError, event_of, main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def given(tmp_path: Path) -> Any:
    """Writes a scenario and makes it an event."""
    folder = tmp_path / "events"
    (folder / "turn_wheel").mkdir(parents=True)
    for path in EVENTS.glob("_*.json"):
        (folder / path.name).write_bytes(path.read_bytes())

    def event(**fields: Any) -> Any:
        (folder / "turn_wheel/turned.json").write_text(json.dumps(fields))
        return event_of("turn_wheel", "turned", root=tmp_path)

    return event


def test_a_press_is_what_the_gateway_sends(given: Any) -> None:
    """Route, address, body, key and groups stand in all the places where the gateway has them."""
    event = given(
        http="PATCH /api/wheels/{id}", path={"id": "w1"}, query={"a": "b c"},
        body={"turns": 2}, groups=["owner", "staff"],
    )  # fmt: skip
    assert (event["routeKey"], event["rawPath"]) == ("PATCH /api/wheels/{id}", "/api/wheels/w1")
    assert event["requestContext"]["routeKey"] == event["routeKey"]
    http = event["requestContext"]["http"]
    assert (http["method"], http["path"]) == ("PATCH", event["rawPath"])
    assert (event["rawQueryString"], event["queryStringParameters"]) == ("a=b+c", {"a": "b c"})
    assert json.loads(event["body"]) == {"turns": 2}
    assert event["headers"]["content-type"] == "application/json"
    assert event["headers"]["x-idempotency-key"]
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    assert claims["cognito:groups"] == "[owner staff]"


def test_what_is_left_out_is_not_sent(given: Any) -> None:
    """A read has no key and no body; null takes a key or a header away; a text is sent raw."""
    read = given(http="GET /api/me")
    assert "body" not in read
    assert not {"content-type", "x-idempotency-key"} & read["headers"].keys()
    press = given(
        http="POST /api/wheels", body="{", key=None, headers={"accept": None, "x-note": "n"}
    )
    assert press["body"] == "{"
    assert not {"accept", "x-idempotency-key"} & press["headers"].keys()
    assert press["headers"]["x-note"] == "n"


def test_a_webhook_is_signed_as_twilio_signs(given: Any) -> None:
    """By the word of Twilio's own validator; a signature that is given is sent as it is."""
    form = {"Body": "Yes, é & more", "From": "+13125550143", "Empty": ""}
    event = given(webhook="POST /api/webhooks/x", form=form, query={"org": "demo", "sms": "a b"})
    url = "https://api.example.com/api/webhooks/x?org=demo&sms=a+b"
    validator = RequestValidator(WEBHOOK_TOKEN)
    assert validator.validate(url, form, event["headers"]["x-twilio-signature"])
    forged = given(webhook="POST /api/webhooks/x", form=form, signature="no")
    assert forged["headers"]["x-twilio-signature"] == "no"


def test_a_record_of_a_stream_says_what_happened(given: Any) -> None:
    """New, changed or removed by the rows that it has; in order; with the keys of its row."""
    row = {"org_id": "demo", "id": "w1", "turns": 2}
    event = given(stream="wheels", records=[{"new": row}, {"new": row, "old": row}, {"old": row}])
    records = event["Records"]
    assert [each["eventName"] for each in records] == ["INSERT", "MODIFY", "REMOVE"]
    numbers = [each["dynamodb"]["SequenceNumber"] for each in records]
    assert numbers == sorted(set(numbers))
    assert records[0]["dynamodb"]["Keys"] == {"org_id": {"S": "demo"}, "id": {"S": "w1"}}
    assert records[0]["dynamodb"]["NewImage"]["turns"] == {"N": "2"}
    assert "OldImage" not in records[0]["dynamodb"]
    assert ":table/closedloop-wheels/stream/" in records[0]["eventSourceARN"]


def test_a_scenario_that_is_none_says_what_is_wrong(given: Any, tmp_path: Path) -> None:
    """No file, no kind, a field too many, one too few."""
    with pytest.raises(ScenarioError, match=r"events/turn_wheel/lost\.json is missing\. Add it"):
        event_of("turn_wheel", "lost", root=tmp_path)
    with pytest.raises(ScenarioError, match="must begin with its kind of event: http, "):
        given(routeKey="GET /api/me")
    with pytest.raises(ScenarioError, match=r"is no http event: .*'bdy'"):
        given(http="POST /api/wheels", bdy={})
    with pytest.raises(ScenarioError, match=r"is no socket_message event: .*'body'"):
        given(socket_message="ping")


@pytest.mark.parametrize("kind", KINDS)
def test_make_event_writes_every_kind(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """To stdout or a file, whole: the envelope's fields are in it."""
    files = (path for path in sorted(EVENTS.glob("*/*.json")) if path.stem != "given")
    path = next(path for path in files if kind in json.loads(path.read_text()))
    name = f"{path.parent.name}/{path.stem}"
    assert main([name]) == 0
    printed = capsys.readouterr().out
    assert main([name, str(tmp_path / "event.json")]) == 0
    assert (tmp_path / "event.json").read_text(encoding="utf-8") == printed
    envelope = json.loads((EVENTS / f"_{kind}.json").read_text(encoding="utf-8"))
    assert envelope.keys() <= json.loads(printed).keys()


def test_make_event_without_such_a_file_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """With a sentence instead of a stack trace."""
    assert main(["confirm_booking/never"]) == 1
    assert "events/confirm_booking/never.json is missing" in capsys.readouterr().err

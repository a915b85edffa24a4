"""docs/api/asyncapi.yaml says what the code takes and sends, no more and no less."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # comes with cfn-lint
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from closedloop.core.tables import TABLES
from closedloop.realtime import packing, subscriptions, tickets
from tests.realtime.support import broadcast, image, opened, record, send
from tests.support.template import ROOT, resources

if TYPE_CHECKING:
    from tests.realtime.gateway import Gateway

DOCUMENT: dict[str, Any] = yaml.safe_load(
    (ROOT / "docs" / "api" / "asyncapi.yaml").read_text(encoding="utf-8")
)
MESSAGES: dict[str, Any] = DOCUMENT["components"]["messages"]
HTTP: Any = Registry().with_resource(
    "openapi.json",
    DRAFT202012.create_resource(
        json.loads((ROOT / "docs" / "api" / "openapi.json").read_text(encoding="utf-8"))
    ),
)
"""The document beside it, whose rows it refers to."""

EVENTS = {"INSERT", "UPDATE", "DELETE"}
ANNOUNCED = EVENTS | {"several"}
ANSWERED = {"SUBSCRIBED", "UNSUBSCRIBED", "PONG", "ERROR"}


def misfits(message: Any, name: str) -> list[str]:
    """Where a message does not fit what the document says of it."""
    schema = {**copy.deepcopy(MESSAGES[name]["payload"]), "components": DOCUMENT["components"]}
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, registry=HTTP)
    return [error.message for error in validator.iter_errors(message)]


def test_the_messages_are_those_of_the_code() -> None:
    """In the components, in the channel, and each in an operation or in a reply."""
    assert set(MESSAGES) == set(subscriptions.MESSAGES) | ANSWERED | ANNOUNCED
    assert set(DOCUMENT["channels"]["socket"]["messages"]) == set(MESSAGES)
    ask, announce = (DOCUMENT["operations"][name] for name in ("ask", "announce"))
    assert _named(ask["messages"]) == set(subscriptions.MESSAGES)
    assert _named(ask["reply"]["messages"]) == ANSWERED
    assert _named(announce["messages"]) == ANNOUNCED


@pytest.mark.parametrize("action", subscriptions.MESSAGES)
def test_what_may_be_sent_is_what_the_model_takes(action: str) -> None:
    """Its fields, which of them must be, and their limits."""
    described = MESSAGES[action]["payload"]
    model = subscriptions.MESSAGES[action].model_json_schema()
    assert described["properties"].keys() == model["properties"].keys()
    assert set(described["required"]) == set(model["required"])
    assert (described["additionalProperties"], model["additionalProperties"]) == (False, False)
    for name in described["properties"].keys() & {"ids", "since"}:
        ours, (theirs, _) = described["properties"][name], model["properties"][name]["anyOf"]
        assert {each: ours[each] for each in theirs} == theirs
    tables = DOCUMENT["components"]["schemas"]["Tables"]
    assert tables["items"]["enum"] == list(TABLES)
    assert tables["maxItems"] == len(TABLES)


@pytest.mark.parametrize("name", MESSAGES)
def test_examples_fit(name: str) -> None:
    """And those that a client may send are taken."""
    examples = [each["payload"] for each in MESSAGES[name]["examples"]]
    assert examples
    for each in examples:
        assert misfits(each, name) == []
        if name in subscriptions.MESSAGES:
            subscriptions.MESSAGES[name].model_validate(each)


def test_what_is_answered_and_announced_is_as_described(gateway: Gateway, org: str) -> None:
    """Every type of message, as the code really sends it."""
    name = opened(org, uuid4().hex)
    sent = [
        send(name, {"action": "subscribe", "tables": ["leads"]}),
        send(name, {"action": "subscribe", "tables": ["leads"], "since": "c-1"}),
        send(name, {"action": "ping"}),
        send(name, {"action": "subscribe"}),
        send(name, "{", raw=True),
        send(uuid4().hex, {"action": "ping"}),
    ]
    row, changed = (
        image("a", version, name="Ana Ortiz", status=status)
        for version, status in ((2, "new"), (3, "won"))
    )
    large = image("a", 4, name="Ana Ortiz", status="won", notes="x" * 40_000)
    broadcast(
        record(org, "leads", None, row),
        record(org, "leads", row, changed),
        record(org, "leads", changed, large),
        record(org, "leads", large, image("a", 5, deleted_at="2026")),
        record(org, "leads", changed, None),
    )
    sent += gateway.told[name]
    frames = gateway.frames[name]
    sent.append(send(name, {"action": "unsubscribe", "tables": ["leads"]}))
    assert {each["type"] for each in sent} == ANSWERED | EVENTS
    assert any(isinstance(frame, list) for frame in frames)
    for frame in frames:
        assert misfits(frame, "several" if isinstance(frame, list) else frame["type"]) == []
    assert [each["type"] for each in sent if "truncated" in each] == ["UPDATE", "DELETE"]
    for each in sent:
        assert misfits(each, each["type"]) == [], json.dumps(each)[:200]


def test_tables_are_as_described(gateway: Gateway, org: str) -> None:
    """What the code packs fits, and read as the text says it is the same events."""
    plain, packed = opened(org, uuid4().hex, "leads"), opened(org, uuid4().hex)
    send(packed, {"action": "subscribe", "tables": ["leads"], "packed": True})
    rows = [image(f"lead_{n}", 2, **({"notes": "~"} if n % 2 else {})) for n in range(5)]
    broadcast(*(record(org, "leads", None, row) for row in rows))
    ((table,),) = (frame,) = gateway.frames[packed]
    assert misfits(frame, "several") == []
    assert _read(table) == gateway.told[plain]


def test_the_example_of_a_table_is_three_leads() -> None:
    """Read as the text says, each is a change as any other."""
    (example,) = MESSAGES["several"]["examples"]
    read = [event for item in example["payload"] for event in _read(item)]
    assert [each["record"].get("notes") for each in read] == [None, "Call on Monday.", None]
    assert ["notes" in each["record"] for each in read] == [False, True, False]
    assert [each["old_record"]["status"] for each in read] == ["new", "new", "contacted"]
    for each in read:
        assert misfits(each, "UPDATE") == []


def _read(table: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of the text, one by one."""
    events: list[dict[str, Any]] = []
    before: list[Any] = []
    for each in table["rows"]:
        row = [before[i] if value == table["repeated"] else value for i, value in enumerate(each)]
        before, event = row, copy.deepcopy(table["event"])
        for paths, value in zip(table["columns"], row, strict=True):
            for path in paths:
                if value != table["absent"]:
                    inner = event if len(path) == 1 else event[path[0]]
                    inner[path[-1]] = value
        events.append(event)
    return events


def test_every_error_has_its_words() -> None:
    """The codes of the enumeration are those that the text explains."""
    code = MESSAGES["ERROR"]["payload"]["properties"]["code"]
    assert all(each in code["description"] for each in code["enum"])


def test_limits_are_those_of_the_code() -> None:
    """The numbers that a client must keep."""
    summary = DOCUMENT["operations"]["ask"]["summary"]
    assert f"{subscriptions.MESSAGES_A_MINUTE} messages a minute" in summary
    assert f"{subscriptions.MESSAGE_BYTES // 1024} KB" in summary
    assert f"{subscriptions.SUBSCRIPTIONS} subscriptions" in summary
    assert f"{tickets.TICKET_SECONDS} seconds" in DOCUMENT["info"]["description"]
    assert f"{packing.FRAME_BYTES // 1024} KB" in DOCUMENT["info"]["description"]
    assert f"{packing.FRAME_BYTES // 1024} KB" in DOCUMENT["operations"]["announce"]["summary"]


def test_every_action_has_a_route_that_answers() -> None:
    """The gateway passes on what the function returns only where a route response says so."""
    (api,) = resources("AWS::Serverless::WebSocketApi").values()
    answering = {
        route
        for route, settings in api["Routes"].items()
        if settings.get("RouteResponseSelectionExpression") == "$default"
    }
    assert answering == {*subscriptions.MESSAGES, "$default"}
    assert api["Routes"].keys() == answering | {"$connect", "$disconnect"}
    responses = resources("AWS::ApiGatewayV2::RouteResponse").values()
    assert {each["RouteId"]["Ref"] for each in responses} == {
        f"Sockets{route.strip('$').capitalize()}Route" for route in answering
    }
    assert {each["RouteResponseKey"] for each in responses} == {"$default"}


def test_every_announced_table_has_its_stream_read() -> None:
    """A table that can be subscribed to is one whose stream the function reads."""
    broadcaster = resources("AWS::Serverless::Function")["Broadcast"]["Events"].values()
    names = {
        name: properties["TableName"]["Fn::Sub"].removeprefix("${AWS::StackName}-")
        for name, properties in resources("AWS::DynamoDB::Table").items()
    }
    read = {names[each["Properties"]["Stream"]["Fn::GetAtt"][0]] for each in broadcaster}
    assert read == set(TABLES)


def _named(references: list[dict[str, str]]) -> set[str]:
    return {each["$ref"].rpartition("/")[2] for each in references}

"""What the functions really ask of the database is what their policies grant."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from closedloop import wiring
from tests.support.actions import Press, event_of, given, handlers, scenarios
from tests.support.database import PREFIX
from tests.support.template import resources, routes
from tests.template.support import grants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.database import Database

Asked = set[tuple[str, str]]
"""Action and resource, the resource as a policy writes it."""

_ITEM_ACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
_LOGICAL = {
    properties["TableName"]["Fn::Sub"].removeprefix("${AWS::StackName}-"): name
    for name, properties in resources("AWS::DynamoDB::Table").items()
}


@pytest.mark.parametrize(
    ("function", "scenario"), [each for each in scenarios() if routes(each[0])], ids=str
)
def test_a_function_asks_for_what_it_may(
    function: str, scenario: str, db: Database, org: str
) -> None:
    """No scenario would end in AccessDenied on AWS."""
    db.put(org, given(function).get("rows", {}))
    event = Press(event_of(function, scenario)).by("user-alice", org, "[owner staff]").event
    with asked() as requests:
        handlers()[function](event)
    assert requests <= {(each.action, str(each.resource)) for each in grants(function)}


@contextmanager
def asked() -> Iterator[Asked]:
    """What is asked of the database meanwhile, each item of a transaction for itself."""
    found: Asked = set()

    def note(model: Any, params: dict[str, Any], **_: Any) -> None:
        found.update(_needs(model.name, json.loads(params["body"])))

    events = wiring.dynamodb().meta.events
    events.register("before-call.dynamodb", note)
    try:
        yield found
    finally:
        events.unregister("before-call.dynamodb", note)


def _needs(operation: str, body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "TransactItems" in body:
        for each in body["TransactItems"]:
            ((kind, part),) = each.items()
            yield _need(_ITEM_ACTIONS[kind], part["TableName"])
    elif "RequestItems" in body:
        yield from (_need(operation, table) for table in body["RequestItems"])
    else:
        yield _need(operation, body["TableName"], body.get("IndexName"))


def _need(action: str, table: str, index: str | None = None) -> tuple[str, str]:
    name = _LOGICAL[table.removeprefix(PREFIX)]
    of_index = {"Fn::Sub": f"${{{name}.Arn}}/index/{index}"}
    return f"dynamodb:{action}", str(of_index if index else {"Fn::GetAtt": [name, "Arn"]})


def test_a_transaction_needs_each_of_its_actions() -> None:
    """The reading above sees what IAM sees: no TransactWriteItems, but what is in it."""
    body = {
        "TransactItems": [
            {"Put": {"TableName": PREFIX + "system"}},
            {"ConditionCheck": {"TableName": PREFIX + "leads"}},
        ]
    }
    assert list(_needs("TransactWriteItems", body)) == [
        ("dynamodb:PutItem", str({"Fn::GetAtt": ["System", "Arn"]})),
        ("dynamodb:ConditionCheckItem", str({"Fn::GetAtt": ["Leads", "Arn"]})),
    ]

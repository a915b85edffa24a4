"""The template as it is written and as AWS's own translator expands it."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from samtranslator.translator.transform import transform

from local.deploy.template import load
from tests.support.template import ROOT, functions, resources, template

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
GATEWAY_SECONDS = 30
"""An HTTP API waits no longer for a function."""

_LOCAL_CODE = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
}


@dataclass(frozen=True)
class Grant:
    """One action that a policy allows on one resource, both as the template writes them."""

    action: str
    resource: Any


@lru_cache(maxsize=1)
def translated() -> Json:
    """The CloudFormation template that AWS's SAM translator makes, after packaging."""
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    source = load(ROOT / "template.yaml")
    for resource in source["Resources"].values():
        if name := _LOCAL_CODE.get(resource["Type"]):
            resource["Properties"][name] = "s3://bucket/key"  # what `sam package` writes
    with patch.dict(os.environ, AWS_DEFAULT_REGION="us-east-1"):  # it asks boto3 where it is
        expanded = transform(source, {}, _NoManagedPolicies())
    # Through JSON: the translator leaves its own kinds of dict behind.
    plain: Json = json.loads(json.dumps(expanded))
    return plain


class _NoManagedPolicies:
    """AWS's list of managed policies, of which this template uses none by name."""

    def load(self) -> dict[str, str]:
        """No names."""
        return {}


def logical_name(folder: str) -> str:
    """The resource of a function's folder: confirm_booking is ConfirmBooking."""
    return "".join(part.capitalize() for part in folder.split("_"))


def timeout(folder: str) -> int:
    """The time-out of a function in seconds."""
    seconds = functions()[folder].get("Timeout", template()["Globals"]["Function"]["Timeout"])
    return int(seconds)


def grants(folder: str) -> Iterator[Grant]:
    """What a function may do, its managed policies of this template included."""
    for policy in functions()[folder].get("Policies", []):
        yield from _allowed(_statements(policy))


def all_statements() -> Iterator[tuple[str, Json]]:
    """Every policy statement of the template, with the resource that holds it."""
    for folder, properties in functions().items():
        for policy in properties.get("Policies", []):
            yield from ((folder, each) for each in _statements(policy))
    for name, properties in resources("AWS::IAM::ManagedPolicy").items():
        yield from ((name, each) for each in properties["PolicyDocument"]["Statement"])


def listed(value: Any) -> list[Any]:
    """A value that the template may write alone or as a list."""
    return value if isinstance(value, list) else [value]


def table_of(resource: Any) -> str | None:
    """The logical name of what a resource in a policy names, by `.Arn` alone or with an index."""
    if "Fn::GetAtt" in resource:
        name, attribute = resource["Fn::GetAtt"]
        return str(name) if attribute == "Arn" else None
    written = resource.get("Fn::Sub", "")
    name = written.removeprefix("${").partition(".Arn")[0]
    return name if written in indexes_of(name) else None


def indexes_of(table: str) -> set[str]:
    """The indexes of a table as a policy writes them."""
    found = resources("AWS::DynamoDB::Table").get(table, {}).get("GlobalSecondaryIndexes", [])
    return {"${" + table + ".Arn}/index/" + each["IndexName"] for each in found}


def _statements(policy: Json) -> list[Json]:
    if "Ref" in policy:
        policy = resources("AWS::IAM::ManagedPolicy")[policy["Ref"]]["PolicyDocument"]
    statements: list[Json] = listed(policy["Statement"])
    return statements


def _allowed(statements: list[Json]) -> Iterator[Grant]:
    for each in statements:
        assert each["Effect"] == "Allow"
        for action in listed(each["Action"]):
            yield from (Grant(action, resource) for resource in listed(each["Resource"]))

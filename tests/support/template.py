"""The SAM template as tests read it: the same file that is deployed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from local.deploy.template import load

ROOT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=1)
def template() -> dict[str, Any]:
    """The whole template."""
    return load(ROOT / "template.yaml")


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """The properties of all resources of a type, by logical name."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template()["Resources"].items()
        if resource["Type"] == kind
    }


def functions() -> dict[str, dict[str, Any]]:
    """The functions by folder name."""
    return {
        Path(properties["CodeUri"]).name: properties
        for properties in resources("AWS::Serverless::Function").values()
    }


def routes(folder: str) -> list[tuple[str, str]]:
    """The HTTP routes of a function: method and path."""
    deployed = functions()
    if folder not in deployed:
        raise LookupError(
            f"template.yaml has no function for functions/{folder}/: add its resource "
            "(docs/architecture.md, Adding a button)."
        )
    events = deployed[folder].get("Events", {}).values()
    return [
        (event["Properties"]["Method"], event["Properties"]["Path"])
        for event in events
        if event["Type"] == "HttpApi"
    ]


def tables() -> dict[str, dict[str, Any]]:
    """What CreateTable takes for each table, by the table's name without the stack's prefix."""
    wanted = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")
    return {
        properties["TableName"]["Fn::Sub"].removeprefix("${AWS::StackName}-"): {
            name: properties[name] for name in wanted if name in properties
        }
        for properties in resources("AWS::DynamoDB::Table").values()
    }

"""The deployed stack as an operator's machine reaches it: its addresses, secrets and rows."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from closedloop.core.times import to_second
from closedloop.dynamo.codec import item, row, value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from closedloop.core.rows import Row

_OPERATOR = {"id": "operator", "email": ""}


class NotConnectedError(Exception):
    """The org is not connected, for the reason in the text; nothing was written."""


@dataclass(frozen=True)
class Stack:
    """One stack. `client` makes an AWS client by a service's name."""

    client: Callable[[str], Any]
    name: str
    api_url: str
    square_url: str
    notification_url: str

    @classmethod
    def deployed(cls, client: Callable[[str], Any], name: str) -> Stack:
        """The stack of this name, as CloudFormation knows it."""
        (found,) = client("cloudformation").describe_stacks(StackName=name)["Stacks"]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in found["Outputs"]}
        parameters = {each["ParameterKey"]: each["ParameterValue"] for each in found["Parameters"]}
        return cls(
            client,
            name,
            outputs["ApiUrl"],
            parameters["SquareUrl"],
            parameters["SquareNotificationUrl"],
        )

    def secret(self, name: str) -> dict[str, Any]:
        """What a secret of the stack holds."""
        answer = self.client("secretsmanager").get_secret_value(SecretId=f"{self.name}/{name}")
        return dict(json.loads(answer["SecretString"]))

    def keep_token(self, org_id: str, token: Mapping[str, str]) -> None:
        """Make the secret of an org, or put this in the place of what it holds."""
        secrets = self.client("secretsmanager")
        name, content = f"{self.name}/square/{org_id}", json.dumps(token)
        try:
            secrets.create_secret(Name=name, SecretString=content)
        except secrets.exceptions.ResourceExistsException:
            secrets.put_secret_value(SecretId=name, SecretString=content)

    def org_row(self, org_id: str, row_id: str) -> Row | None:
        """A row of the table orgs."""
        key = item({"org_id": org_id, "id": row_id})
        answer = self.client("dynamodb").get_item(
            TableName=f"{self.name}-orgs", Key=key, ConsistentRead=True
        )
        return row(answer["Item"]) if "Item" in answer else None

    def org_of_merchant(self, merchant_id: str) -> str | None:
        """The org that this seller is known for."""
        found = self.client("dynamodb").query(
            TableName=f"{self.name}-orgs",
            IndexName="by_merchant",
            KeyConditionExpression="merchant_id = :m",
            ExpressionAttributeValues={":m": value(merchant_id)},
        )["Items"]
        return str(row(found[0])["org_id"]) if found else None

    def connect(self, org_id: str, fields: Mapping[str, Any]) -> None:
        """Write the org's connection, unless it belongs to another seller."""
        now = time.time_ns() // 1000
        known = self.org_row(org_id, "square") or {"created_at": fields["connected_at"]}
        kept = {name: each for name, each in known.items() if not name.startswith("disconnected")}
        whole = {
            **kept,
            **fields,
            "org_id": org_id,
            "id": "square",
            "version": max(now, int(known.get("version", 0)) + 1),
            "updated_at": fields["connected_at"],
            "updated_by": _OPERATOR,
        }
        self.client("dynamodb").put_item(
            TableName=f"{self.name}-orgs",
            Item=item(whole),
            ConditionExpression="attribute_not_exists(merchant_id) OR merchant_id = :m",
            ExpressionAttributeValues={":m": value(fields["merchant_id"])},
        )

    def jobs_between(self, org_id: str, start: datetime, end: datetime) -> int:
        """How many jobs we hold that start then."""
        pages = self.client("dynamodb").get_paginator("query").paginate(
            TableName=f"{self.name}-jobs",
            IndexName="by_start",
            KeyConditionExpression="org_id = :o AND #s BETWEEN :a AND :b",
            ExpressionAttributeNames={"#s": "start"},
            ExpressionAttributeValues={
                ":o": value(org_id), ":a": value(to_second(start)), ":b": value(to_second(end)),
            },
            Select="COUNT",
        )  # fmt: skip
        return sum(page["Count"] for page in pages)

    def reconcile(self, **query: str) -> dict[str, Any]:
        """Ask for a run, as the schedule does; what it answers.

        Raises:
            NotConnectedError: it was refused.
        """
        url = f"{self.api_url}/cron/reconcile?{urlencode(query)}"
        headers = {"Authorization": f"Bearer {self.secret('cron')['secret']}"}
        request = Request(url, headers=headers, method="POST")  # noqa: S310 - our own API
        try:
            with urlopen(request, timeout=30) as answer:  # noqa: S310 - same
                return dict(json.load(answer)["data"])
        except HTTPError as refused:
            raise NotConnectedError(f"The run was refused: {refused.read().decode()}") from None


def application_token() -> str:
    """The application's own token, which reads its webhook subscriptions; empty where unset."""
    return os.environ.get("SQUARE_APPLICATION_TOKEN", "")

"""The stack as a user meets it: demo data, reads, least privilege, logs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.support.actions import ActionCase, handlers

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.support import Api

pytestmark = pytest.mark.stack

CONFIRM = ActionCase("confirm_booking", handlers()["confirm_booking"])


def test_the_demo_data_is_believable(api: Api) -> None:
    """Two orgs, each with its 120 appointments, and pending ones to press."""
    for org, role in (("demo", "owner"), ("other", "staff")):
        token = api.stack.info["tokens"][org][role]
        assert api.get("me", token).json["me"]["org_id"] == org
        page = api.get("appointments?limit=200", token).json
        assert (len(page["appointments"]), page["cursor"]) == (120, None)
        coming = [row for row in page["appointments"] if row["status"] == "pending"]
        assert len(coming) > 20
        ids = api.stack.info["ids"][org]["appointment_pending"]
        assert set(ids) <= {row["id"] for row in coming}


def test_every_read_is_allowed_what_it_needs(api: Api) -> None:
    """Each read answers 200 with the function's own policy."""
    token = api.stack.info["tokens"]["demo"]["manager"]
    for path in handlers()["read_api"].routes:
        route = path.removeprefix("GET /api/")
        if "{" in route:
            continue
        if route == "calendar":
            route += "?from=2026-11-21T00:00:00Z&to=2026-11-28T00:00:00Z"
        answer = api.get(route, token)
        assert answer.status == 200, route
    cursor = api.get("changes", token).json["cursor"]
    assert api.get(f"changes?since={cursor}", token).status == 200
    assert api.get("audit?table=leads&id=lead_x", token).status == 200


def test_an_unknown_route_is_a_404_in_our_shape(api: Api) -> None:
    """What the gateway answers itself looks like everything else."""
    answer = api.get("no-such-thing")
    assert (answer.status, answer.code) == (404, "NOT_FOUND")
    assert answer.headers["X-Request-Id"] == answer.json["request_id"]


def test_a_function_may_touch_its_own_tables_only(api: Api) -> None:
    """With the role of Confirm Booking: its writes pass, every other table is closed."""
    roles = api.stack.client("iam").list_roles()["Roles"]
    (role,) = [each for each in roles if "ConfirmBooking" in each["RoleName"]]
    keys = api.stack.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="test")
    credentials = keys["Credentials"]
    dynamodb = boto3.client(
        "dynamodb",
        endpoint_url=api.database.client.meta.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
    prefix = api.stack.table_prefix
    key = {"org_id": {"S": "demo"}, "id": {"S": "x"}}
    dynamodb.update_item(TableName=f"{prefix}appointments", Key=key)
    closed: dict[str, Callable[[], object]] = {
        "contacts": lambda: dynamodb.update_item(TableName=f"{prefix}contacts", Key=key),
        "read": lambda: dynamodb.get_item(TableName=f"{prefix}appointments", Key=key),
        "delete": lambda: dynamodb.delete_item(TableName=f"{prefix}appointments", Key=key),
        "scan": lambda: dynamodb.scan(TableName=f"{prefix}audit_logs"),
    }
    for name, call in closed.items():
        with pytest.raises(ClientError, match="AccessDenied") as refused:
            call()
        assert refused.value.response["Error"]["Code"] == "AccessDeniedException", name


def test_no_token_and_no_number_in_any_log(api: Api) -> None:
    """After presses that succeed and fail, the stack's log holds none of what they carried."""
    api.database.put(api.org, CONFIRM.rows)
    token = api.token()
    body = json.dumps({"appointmentId": "apt_pending", "notes": "call +13125550133 SECRET-NOTE"})
    answer = api.press(CONFIRM, CONFIRM.press(api.org).body(body), token)
    assert answer.status == 200
    api.press(CONFIRM, CONFIRM.press(api.org).body(body.replace("apt", "+1312")), token)
    logs = api.stack.client("logs")
    groups = [each["logGroupName"] for each in logs.describe_log_groups()["logGroups"]]
    events = [
        event["message"]
        for group in groups
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        for event in page["events"]
    ]
    log = api.stack.log() + "\n".join(events)
    assert '"action":"confirm_booking"' in log
    for secret in ("5550133", "SECRET-NOTE", token, token.split(".")[1]):
        assert secret not in log

"""The usual stack, to compare with: Powertools' idempotency as its manual shows it.

The same button and the same answers as functions/confirm_booking, on the same tables: the key is
claimed with one write, the row is read, changed, and an audit entry is added, and the key is
completed with a last write. A crash between any two of the five leaves a part undone; that is
what Closed Loop exists to avoid, so this file is for measuring alone.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import IdempotencyValidationError
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict, ValidationError

PREFIX = os.environ["TABLE_PREFIX"]

logger = Logger(service="usual")
metrics = Metrics(namespace="Usual", service="usual")
client: Any = boto3.client("dynamodb")
store = DynamoDBPersistenceLayer(f"{PREFIX}system", boto3_client=client)
config = IdempotencyConfig(
    event_key_jmespath="[org_id, user, key]",
    payload_validation_jmespath="body",
    raise_on_no_idempotency_key=True,
    expires_after_seconds=86400,
    hash_function="sha256",
)
_out = TypeSerializer().serialize
_in = TypeDeserializer().deserialize


class Confirm(BaseModel):
    """The request body."""

    model_config = ConfigDict(extra="forbid", strict=True)

    appointmentId: str  # noqa: N815 - the wire's own spelling
    confirmedBy: str | None = None  # noqa: N815
    notes: str | None = None


class RefusedError(Exception):
    """The appointment is not pending."""


class Context:
    """What the idempotency needs of Lambda's context: how long a claim may last."""

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """The function's whole time-out."""
        return 10_000


def handler(event: dict[str, Any], context: Any = Context) -> dict[str, Any]:
    """POST /api/bookings/confirm."""
    config.register_lambda_context(context)
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    try:
        body = Confirm.model_validate_json(event["body"]).model_dump()
        request = {
            "org_id": claims["custom:org_id"],
            "user": claims["sub"],
            "email": claims["email"],
            "key": event["headers"]["x-idempotency-key"],
            "body": body,
        }
        return _answer(200, confirm(request=request))
    except ValidationError:
        return _answer(400, {"success": False, "code": "VALIDATION_FAILED"})
    except IdempotencyValidationError:
        return _answer(422, {"success": False, "code": "IDEMPOTENCY_KEY_REUSED"})
    except RefusedError as refused:
        return _answer(409, {"success": False, "code": str(refused)})
    finally:
        logger.info("confirm_booking", request_id=event["requestContext"]["requestId"])
        metrics.add_metric("Requests", MetricUnit.Count, 1)
        metrics.flush_metrics()


@idempotent_function(  # type: ignore[untyped-decorator] # Powertools does not type it
    data_keyword_argument="request", persistence_store=store, config=config
)
def confirm(*, request: dict[str, Any]) -> dict[str, Any]:
    """Confirm a pending appointment."""
    row = _appointment(request)
    now = datetime.now(UTC)
    changed = {
        "status": "confirmed",
        "confirmed_at": now.isoformat(),
        "confirmed_by": request["body"]["confirmedBy"] or request["user"],
        "confirmation_notes": request["body"]["notes"] or "",
        "updated_at": now.isoformat(),
        "version": int(now.timestamp() * 1_000_000),
    }
    _update(row, changed)
    _audit(request, row, "ok", now)
    return {"success": True, "appointment": {"id": row["id"], **changed}}


def _appointment(request: dict[str, Any]) -> dict[str, Any]:
    key = {"org_id": _out(request["org_id"]), "id": _out(request["body"]["appointmentId"])}
    found = client.get_item(TableName=f"{PREFIX}appointments", Key=key, ConsistentRead=True)
    row = {name: _in(value) for name, value in found.get("Item", {}).items()}
    if row.get("status") != "pending":
        _audit(request, row, "refused", datetime.now(UTC))
        raise RefusedError("ALREADY_CONFIRMED")
    return row


def _update(row: dict[str, Any], changed: dict[str, Any]) -> None:
    try:
        client.update_item(
            TableName=f"{PREFIX}appointments",
            Key={"org_id": _out(row["org_id"]), "id": _out(row["id"])},
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in changed),
            ConditionExpression="#status = :pending",
            ExpressionAttributeNames={f"#{name}": name for name in changed},
            ExpressionAttributeValues={
                ":pending": _out("pending"),
                **{f":{name}": _out(value) for name, value in changed.items()},
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            raise RefusedError("ALREADY_CONFIRMED") from error
        raise


def _audit(request: dict[str, Any], row: dict[str, Any], result: str, now: datetime) -> None:
    entry_id = f"{now.isoformat()}#{uuid4()}"
    entry = {
        "org_id": request["org_id"],
        "id": entry_id,
        "at": now.isoformat(),
        "actor": {"id": request["user"], "email": request["email"]},
        "actor_key": f"{request['user']}#{entry_id}",
        "action": "confirm_booking",
        "table": "appointments",
        "row_id": row.get("id", ""),
        "row_key": f"appointments#{row.get('id')}#{entry_id}",
        "idempotency_key": request["key"],
        "result": result,
    }
    stored = {name: _out(value) for name, value in entry.items()}
    client.put_item(TableName=f"{PREFIX}journal", Item=stored)


def _answer(status: int, body: dict[str, Any]) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}

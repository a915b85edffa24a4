"""Writes down every record that it has processed, and fails where a row's `trouble` says so."""

import os
from typing import Any

import boto3

_dynamodb = boto3.client("dynamodb")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Stops at the first row in trouble: by a crash, or by naming it."""
    for record in event["Records"]:
        row = record["dynamodb"]["NewImage"]
        trouble = row.get("trouble", {}).get("S")
        if trouble == "crash":
            raise RuntimeError(trouble)
        if trouble == "report":
            return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
        _dynamodb.put_item(TableName=os.environ["SEEN"], Item={"id": row["id"]})
    return {"batchItemFailures": []}

"""Answers with what it was given; the path asks for trouble."""

import json
import os
from typing import Any

import boto3
from shared_words import GREETING  # type: ignore[import-not-found] # the layer brings it


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Echoes the event and the environment."""
    wanted = (event.get("pathParameters") or {}).get("id")
    if wanted == "crash":
        raise RuntimeError("words that must stay inside")
    if wanted == "forbidden-table":
        boto3.client("dynamodb").put_item(TableName=os.environ["SEEN"], Item={"id": {"S": "x"}})
    if wanted == "refuse":
        body = {"success": False, "error": "No.", "code": "SOME_CODE"}
        return {"statusCode": 409, "headers": {"x-request-id": "its-own"}, "body": json.dumps(body)}
    seen = {"event": event, "environment": dict(os.environ), "greeting": GREETING}
    headers = {"content-type": "application/json", "access-control-allow-origin": "*"}
    return {"statusCode": 200, "headers": headers, "body": json.dumps({"success": True, **seen})}

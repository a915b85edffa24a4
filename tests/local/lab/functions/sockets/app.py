"""Says back what it is told, by the reply and by the management address."""

import json
import os
from typing import Any

import boto3


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Refuses a connection without `name`; answers each message twice."""
    request = event["requestContext"]
    if request["eventType"] == "CONNECT":
        welcome = "name" in (event.get("queryStringParameters") or {})
        return {"statusCode": 200 if welcome else 401}
    if request["eventType"] == "MESSAGE":
        posts = boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["MANAGEMENT"])
        told = {"posted": event["body"]}
        posts.post_to_connection(
            ConnectionId=request["connectionId"], Data=json.dumps(told).encode()
        )
        told = {"replied": event["body"], "route": request["routeKey"]}
        return {"statusCode": 200, "body": json.dumps(told)}
    return {"statusCode": 200}

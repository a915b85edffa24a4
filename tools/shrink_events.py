"""Once: makes whole events (`events/*/*.json`) into scenarios and checks that they say the same.

    python -m tools.shrink_events [folder of events ...]

A scenario is left as it is.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from closedloop.dynamo.codec import row
from tools.events import EVENTS, KINDS, event_of
from tools.written import written

KEY = "3f0c6f0e-8f1e-4f7a-9a51-0d6a6f0b9c01"


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return int(value) if type(value).__name__ == "Decimal" else value


def body_of(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def shrunk(event: dict[str, Any]) -> dict[str, Any]:
    about = event.get("requestContext", {})
    if "triggerSource" in event:
        asked = event["request"]
        groups = asked["groupConfiguration"]["groupsToOverride"]
        return {"sign_in": asked["userAttributes"], "groups": groups}
    if event.get("source") == "aws.events":
        return {"schedule": event["resources"][0].partition("closedloop-")[2]}
    if about.get("eventType") == "CONNECT":
        return {"socket_connect": event["queryStringParameters"]["ticket"]}
    if about.get("eventType") == "MESSAGE":
        return {"socket_message": about["routeKey"], "body": body_of(event["body"])}
    if about.get("eventType") == "DISCONNECT":
        return {"socket_disconnect": about["disconnectStatusCode"]}
    if "Records" in event:
        return records(event["Records"])
    if "x-twilio-signature" in event["headers"]:
        form = dict(parse_qsl(base64.b64decode(event["body"]).decode(), keep_blank_values=True))
        made = {"webhook": event["routeKey"], "query": event.get("queryStringParameters")}
        made |= {"form": form}
        forged = base64.b64decode(event["headers"]["x-twilio-signature"]).startswith(b"forged")
        made |= {"signature": event["headers"]["x-twilio-signature"]} if forged else {}
        return {k: v for k, v in made.items() if v is not None}
    made = {"http": event["routeKey"]}
    if event.get("pathParameters"):
        made["path"] = event["pathParameters"]
    if event.get("queryStringParameters"):
        made["query"] = event["queryStringParameters"]
    headers = event["headers"]
    if "body" in event:
        made["body"] = body_of(event["body"])
    groups = about["authorizer"]["jwt"]["claims"]["cognito:groups"].strip("[]").split()
    if groups != ["staff"]:
        made["groups"] = groups
    if not event["routeKey"].startswith("GET ") and "x-idempotency-key" not in headers:
        made["key"] = None
    kind = headers.get("content-type")
    if "body" in event and kind != "application/json":
        made["headers"] = {"content-type": kind}
    return made


def records(found: list[dict[str, Any]]) -> dict[str, Any]:
    first = found[0]
    if first["eventSource"] == "aws:sqs":
        made = {"sqs": first["eventSourceARN"].partition("closedloop-")[2]}
        made |= {"body": body_of(first["body"])}
        usual = {"ApproximateReceiveCount": "1", "SentTimestamp": "1795186800000"}
        usual |= {"SenderId": "AROAEXAMPLE", "ApproximateFirstReceiveTimestamp": "1795186800010"}
        own = {k: v for k, v in first["attributes"].items() if usual.get(k) != v}
        return made | ({"attributes": own} if own else {})
    table = first["eventSourceARN"].partition("closedloop-")[2].partition("/")[0]
    each = []
    for one in found:
        images = {"new": one["dynamodb"].get("NewImage"), "old": one["dynamodb"].get("OldImage")}
        made = {k: plain(row(v)) for k, v in images.items() if v}
        if "userIdentity" in one:
            made["userIdentity"] = one["userIdentity"]
        each.append(made)
    return {"stream": table, "records": each}


def same(event: Any) -> Any:
    """An event without what two like events may differ in."""
    if isinstance(event, list):
        return [same(each) for each in event]
    if not isinstance(event, dict):
        try:
            loaded = json.loads(event)
        except (TypeError, ValueError):
            return event
        return loaded
    free = {"eventID", "SequenceNumber", "x-idempotency-key", "messageId", "SizeBytes"}
    free |= {"ApproximateCreationDateTime", "eventSourceARN"}
    return {k: same(v) for k, v in event.items() if k not in free}


def main(folders: list[str]) -> None:
    paths = [path for each in folders for path in sorted(Path(each).glob("*.json"))]
    for path in paths:
        was = json.loads(path.read_text())
        if path.stem == "given":
            path.write_text(written(was) + "\n")
            continue
        if next(iter(was)) in KINDS:
            continue
        path.write_text(written(shrunk(was)) + "\n")
        new = event_of(path.parent.name, path.stem)
        if same(was) != same(new):
            print("DIFFERS", path)
            for k in set(was) | set(new):
                if same(was.get(k)) != same(new.get(k)):
                    print("  ", k, was.get(k), "\n  ", k, new.get(k))


main(sys.argv[1:] or [str(each) for each in EVENTS.iterdir() if each.is_dir()])

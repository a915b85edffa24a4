"""Whole events from scenarios: `events/<function>/<scenario>.json` holds only what differs.

A scenario's first field names the kind of event; `events/_<kind>.json` is that kind's envelope. The
functions below, one for each kind, say which fields a scenario may have.
"""

from __future__ import annotations

import base64
import hmac
import inspect
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from closedloop.dynamo.codec import item

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from closedloop.core.rows import Row

Event = dict[str, Any]
ROOT = Path(__file__).resolve().parents[1]
EVENTS = ROOT / "events"
WEBHOOK_TOKEN = "12345"  # noqa: S105 - what the tests' Twilio signs with
SQUARE_KEY = "asdf1234"
"""What the tests' Square signs with, for this address."""
SQUARE_URL = "https://api.example.com/api/webhooks/square"
_ABSENT: Any = object()


class ScenarioError(Exception):
    """An event file is missing or cannot be made into an event; says what to add."""


def event_of(function: str, scenario: str, *, root: Path = ROOT) -> Event:
    """The whole event of a scenario, as AWS hands it to the function.

    Raises:
        ScenarioError: the file is missing, names no kind of event, or has a field too many.
    """
    name = f"events/{function}/{scenario}.json"
    fields = _read(root / name, "Add it: see docs/architecture.md, Adding a button.")
    kind = next(iter(fields), "")
    if kind not in KINDS:
        raise ScenarioError(f"{name} must begin with its kind of event: {', '.join(KINDS)}.")
    envelope = _read(root / "events" / f"_{kind}.json", "It is the envelope of this kind.")
    try:
        given = inspect.signature(KINDS[kind]).bind(envelope, **fields)
    except TypeError as wrong:
        raise ScenarioError(f"{name} is no {kind} event: {wrong}.") from None
    return KINDS[kind](*given.args, **given.kwargs)


def http(
    event: Event,
    http: str,
    *,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    body: Any = _ABSENT,
    groups: Sequence[str] = ("staff",),
    key: str | None = "3f0c6f0e-8f1e-4f7a-9a51-0d6a6f0b9c01",
    headers: Mapping[str, str | None] | None = None,
) -> Event:
    """A request of a signed-in person. `http` is `METHOD /route`; a text as `body` is sent raw.

    A read has no key; `"key": null` leaves it out of a press too, and null a header.
    """
    _route(event, http, path or {}, query or {})
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    claims["cognito:groups"] = f"[{' '.join(groups)}]"
    if body is not _ABSENT:
        event["headers"]["content-type"] = "application/json"
        event["body"] = _text(body)
    if not http.startswith("GET "):
        event["headers"]["x-idempotency-key"] = key
    event["headers"] = _without_none({**event["headers"], **(headers or {})})
    return event


def webhook(
    event: Event,
    webhook: str,
    *,
    form: Mapping[str, str],
    query: Mapping[str, str] | None = None,
    signature: str | None = None,
) -> Event:
    """A form that Twilio sends, signed as it signs unless there is a `signature`."""
    _route(event, webhook, {}, query or {})
    asked = f"?{event['rawQueryString']}" if query else ""
    url = f"https://{event['headers']['host']}{event['rawPath']}{asked}"
    event["headers"]["x-twilio-signature"] = signature or _signed(url, form)
    event["body"] = base64.b64encode(urlencode(form).encode()).decode()
    return event


def tool(event: Event, tool: str, *, body: Any, key: str | None = None) -> Event:
    """A request of the voice agent's platform: an envelope, or the bare arguments of a tool."""
    _route(event, tool, {}, {})
    headers = {**event["headers"], "x-idempotency-key": key}
    return event | {"headers": _without_none(headers), "body": _text(body)}


def square(
    event: Event, square: str, *, body: Mapping[str, Any], signature: str | None = None
) -> Event:
    """A notification of Square's, signed as it signs unless there is a `signature`."""
    _route(event, square, {}, {})
    content = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    signed = hmac.new(SQUARE_KEY.encode(), (SQUARE_URL + content).encode(), "sha256").digest()
    event["headers"]["x-square-hmacsha256-signature"] = (
        base64.b64encode(signed).decode() if signature is None else signature
    )
    return event | {"body": content}


def cron(
    event: Event,
    cron: str,
    *,
    query: Mapping[str, str] | None = None,
    body: Any = _ABSENT,
    token: str | None = None,
) -> Event:
    """A request of whoever has the secret (`token`). `cron` is `METHOD /route`."""
    _route(event, cron, {}, query or {})
    if body is not _ABSENT:
        event["headers"]["content-type"] = "application/json"
        event["body"] = _text(body)
    if token is not None:
        event["headers"]["authorization"] = f"Bearer {token}"
    return event


def sqs(event: Event, sqs: str, *, body: Any, attributes: Mapping[str, str] | None = None) -> Event:
    """One message of the queue `sqs`, named without the stack's prefix."""
    (message,) = event["Records"]
    message["body"] = _text(body)
    message["attributes"] |= attributes or {}
    message["eventSourceARN"] += sqs
    return event


def stream(event: Event, stream: str, *, records: Sequence[Mapping[str, Any]]) -> Event:
    """Records of the table `stream`: each has `new` or `old` (rows) or both, and what differs."""
    (record,) = event["Records"]
    record["eventSourceARN"] = record["eventSourceARN"].replace("TABLE", stream)
    each = (_record(record, position, **given) for position, given in enumerate(records, 1))
    return event | {"Records": list(each)}


def schedule(event: Event, schedule: str) -> Event:
    """EventBridge's call by the rule `schedule`, named without the stack's prefix."""
    return event | {"resources": [event["resources"][0] + schedule]}


def socket_connect(event: Event, socket_connect: str) -> Event:
    """The opening of a socket with this ticket."""
    event["queryStringParameters"] = {"ticket": socket_connect}
    for name in ("headers", "queryStringParameters"):
        plural = f"multiValue{name[0].upper()}{name[1:]}"
        event[plural] = {each: [value] for each, value in event[name].items()}
    return event


def socket_message(event: Event, socket_message: str, *, body: Any) -> Event:
    """A message over a socket. `socket_message` is its route; a text as `body` is sent raw."""
    event["requestContext"]["routeKey"] = socket_message
    return event | {"body": _text(body)}


def socket_disconnect(event: Event, socket_disconnect: int) -> Event:
    """The end of a socket, with this WebSocket close code."""
    event["requestContext"]["disconnectStatusCode"] = socket_disconnect
    return event


def sign_in(event: Event, sign_in: Mapping[str, str], *, groups: Sequence[str]) -> Event:
    """Cognito's call before it issues a token to a person with these attributes and groups."""
    event["request"]["userAttributes"] = dict(sign_in)
    event["request"]["groupConfiguration"]["groupsToOverride"] = list(groups)
    return event


KINDS: dict[str, Callable[..., Event]] = {
    each.__name__: each
    for each in (
        http, cron, webhook, tool, square, sqs, stream, schedule,
        socket_connect, socket_message, socket_disconnect, sign_in,
    )
}  # fmt: skip
"""Every kind of event, by the first field of its scenarios."""


def main(arguments: Sequence[str]) -> int:
    """Write the whole event of `function/scenario` to a file, or else to stdout."""
    name, *to = arguments
    function, _, scenario = name.partition("/")
    try:
        text = json.dumps(event_of(function, scenario), indent=2, ensure_ascii=False) + "\n"
    except ScenarioError as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 1
    if to:
        Path(to[0]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


def _read(path: Path, advice: str) -> Event:
    try:
        loaded: Event = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        shown = "/".join(path.parts[path.parts.index("events") :])
        raise ScenarioError(f"{shown} is missing. {advice}") from None
    return loaded


def _route(event: Event, route: str, path: Mapping[str, str], query: Mapping[str, str]) -> None:
    method, _, pattern = route.partition(" ")
    address = re.sub(r"{(\w+)}", lambda gap: path[gap[1]], pattern)
    event |= {"routeKey": route, "rawPath": address, "rawQueryString": urlencode(query)}
    event["requestContext"]["routeKey"] = route
    event["requestContext"]["http"] |= {"method": method, "path": address}
    if path:
        event["pathParameters"] = dict(path)
    if query:
        event["queryStringParameters"] = dict(query)


def _record(
    envelope: Event, position: int, *, new: Row | None = None, old: Row | None = None, **more: Any
) -> Event:
    kind = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
    row = new or old or {}
    stored = {
        **envelope["dynamodb"],
        "Keys": item({"org_id": row["org_id"], "id": row["id"]}),
        "SequenceNumber": f"{111100000000000000000000 + position}",
        "NewImage": item(new) if new else None,
        "OldImage": item(old) if old else None,
    }
    named = {"eventID": f"{position:032}", "eventName": kind}
    return {**envelope, **named, "dynamodb": _without_none(stored), **more}


def _signed(url: str, form: Mapping[str, str]) -> str:
    text = url + "".join(name + form[name] for name in sorted(form))
    digest = hmac.digest(WEBHOOK_TOKEN.encode(), text.encode(), "sha1")
    return base64.b64encode(digest).decode()


def _text(body: Any) -> str:
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)


def _without_none(fields: Mapping[str, Any]) -> Event:
    return {name: value for name, value in fields.items() if value is not None}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

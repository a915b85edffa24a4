"""Sockets and streams as tests speak of them."""

from __future__ import annotations

import copy
import json
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID

from closedloop import wiring
from closedloop.dynamo.codec import item, row
from closedloop.edge.bulk import ROWS
from closedloop.realtime.events import of_images
from tests.support.actions import ALICE, Answer, Press, event_of, handlers
from tests.support.database import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable

    from closedloop.core.rows import Row
    from tests.realtime.gateway import Gateway
    from tests.support.database import Database

Json = dict[str, Any]
_numbers = count(10**23)

STAMP = {
    "version": 1_795_186_800_000_000,
    "created_at": "2026-11-20T14:58:20.000Z",
    "updated_at": "2026-11-20T15:00:00.000Z",
    "updated_by": {"id": "u1", "email": "u1@example.com"},
    "idempotency_key": "key-12345678",
}


def issued(org_id: str, user: str = ALICE) -> str:
    """A ticket of this user of this org."""
    press = Press(event_of("realtime_ticket", "issued")).by(user, org_id)
    ticket: str = Answer.of(handlers()["realtime_ticket"](press.event)).json["ticket"]
    return ticket


def connect(connection_id: str, ticket: str | None, origin: str | None = None) -> int:
    """The status that an upgrade with this ticket gets."""
    event = event_of("socket_connect", "connected")
    event["requestContext"]["connectionId"] = connection_id
    event["headers"].pop("Origin")
    if origin is not None:
        event["headers"]["Origin"] = origin
    event["queryStringParameters"] = None if ticket is None else {"ticket": ticket}
    status: int = handlers()["socket_connect"](event)["statusCode"]
    return status


def send(connection_id: str, message: object, *, raw: bool = False, route: str = "x") -> Json:
    """The message that a message is answered with."""
    event = event_of("socket_message", "ping")
    event["requestContext"] |= {"connectionId": connection_id, "routeKey": route}
    event["body"] = message if raw else json.dumps(message)
    answer = handlers()["socket_message"](event)
    assert answer["statusCode"] == 200
    told: Json = json.loads(answer["body"])
    return told


def opened(org_id: str, connection_id: str, *tables: str, ids: Iterable[str] = ()) -> str:
    """A connection of this org, subscribed to these tables or to these rows of them."""
    assert connect(connection_id, issued(org_id)) == 200
    message = {"action": "subscribe", "tables": list(tables)} | ({"ids": list(ids)} if ids else {})
    assert not tables or send(connection_id, message)["type"] == "SUBSCRIBED"
    return connection_id


def stored(db: Database, connection_id: str) -> Row | None:
    """The row of a connection."""
    found = db.client.get_item(
        TableName=PREFIX + "connections",
        Key=item({"connection_id": connection_id}),
        ConsistentRead=True,
    )
    return row(found["Item"]) if "Item" in found else None


def held(db: Database, connection: str) -> set[str]:
    """What a connection is subscribed to."""
    row = stored(db, connection)
    assert row is not None
    return set(row["subscriptions"])


def many(db: Database, org_id: str, subscriptions: dict[str, list[str]]) -> None:
    """Connections as they are stored, without the trouble of opening each."""
    end = int(wiring.now().timestamp()) + 7200
    rows = [
        {
            "connection_id": each,
            "org_id": org_id,
            "expires_at": end,
            "messages": {},
            "subscriptions": dict.fromkeys(wanted, True),
        }
        for each, wanted in subscriptions.items()
    ]
    for start in range(0, len(rows), 25):
        puts = [{"PutRequest": {"Item": item(each)}} for each in rows[start : start + 25]]
        db.client.batch_write_item(RequestItems={PREFIX + "connections": puts})


def image(row_id: str, version: int, **fields: Any) -> Row:
    """A row as an action leaves it."""
    return {"id": row_id, **STAMP, "version": version, **fields}


def record(org_id: str, table: str, old: Row | None, new: Row | None, **extra: Any) -> Json:
    """The stream's record of one write, each later than the one before."""
    shown = new or old or {}
    images = {"NewImage": new, "OldImage": old}
    return {
        "eventName": "REMOVE" if new is None else "MODIFY" if old else "INSERT",
        "eventSource": "aws:dynamodb",
        "eventSourceARN": f"arn:aws:dynamodb:us-east-1:1:table/{PREFIX}{table}/stream/2026",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_795_186_800.25,
            "Keys": item({"org_id": org_id, "id": shown.get("id", "x")}),
            "SequenceNumber": str(next(_numbers)),
            **{name: item({"org_id": org_id, **each}) for name, each in images.items() if each},
        },
        **extra,
    }


def changes(org: str, *versions: int, table: str = "leads", row: str = "a") -> list[Any]:
    """Records of a row that moves through these versions."""
    return [record(org, table, image(row, each - 1), image(row, each)) for each in versions]


def versions(gateway: Gateway, connection: str) -> list[int]:
    """What a connection was told, in order."""
    return [each["version"] for each in gateway.told[connection]]


def poison(org_id: str, table: str = "leads") -> Json:
    """A record that no rule can read."""
    broken = record(org_id, table, None, image("broken", 1))
    del broken["dynamodb"]["NewImage"]["version"]
    return broken


def broadcast(*records: Json, context: object = None) -> list[str]:
    """The sequence numbers that the announcing function says have failed."""
    answer = handlers()["broadcast"]({"Records": copy.deepcopy(list(records))}, context)
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def number(one: Json) -> str:
    """A record's sequence number."""
    found: str = one["dynamodb"]["SequenceNumber"]
    return found


def queued(
    messages: Iterable[tuple[str, str]], *, function: str = "fanout", receives: int = 1
) -> Json:
    """What a function of a queue answers to messages of a group and body, ids 0, 1, ..."""
    (one,) = event_of(function, "chunk" if function == "fanout" else "poison")["Records"]
    records = [
        one
        | {"messageId": str(position), "receiptHandle": f"receipt-{position}", "body": body}
        | {"attributes": one["attributes"] | _attributes(group, receives)}
        for position, (group, body) in enumerate(messages)
    ]
    answer: Json = handlers()[function]({"Records": records})
    return answer


def _attributes(group: str, receives: int) -> dict[str, str]:
    return {"MessageGroupId": group, "ApproximateReceiveCount": str(receives)}


def bulk(count: int) -> list[Row]:
    """The events of so many leads, as people keep them, that one press marks as won."""
    made = []
    for number, changed in enumerate(moved(count)):
        event = of_images("leads", *changed, 1_795_186_800.0 + number)
        assert event is not None
        made.append(event)
    return made


def moved(count: int) -> list[tuple[Row, Row]]:
    """So many leads before and after a press that marks them as won."""
    return [_lead_moved(number) for number in range(count)]


def _lead_moved(number: int) -> tuple[Row, Row]:
    before = {
        "id": str(UUID(int=0x9F3C_0000_0000_4000_8000_0000_0000_0000 + number * 7_919**7)),
        "org_id": "3d0a5c1e-7a52-4b43-9d3f-1f2b8f6f7a10",
        "name": f"{_FIRST[number % 7]} {_LAST[number % 5]}",
        "phone": f"+1312555{number:04}",
        "email": f"{_FIRST[number % 7].lower()}.{number}@example.com",
        "source": "web",
        "status": "new",
        "status_changed_at": f"2026-11-{number % 20 + 1:02}T14:{number % 60:02}:00.{number:03}Z",
        "created_at": f"2026-10-{number % 28 + 1:02}T09:{number % 60:02}:07.{number:03}Z",
        "updated_at": f"2026-11-{number % 20 + 1:02}T14:{number % 60:02}:00.{number:03}Z",
        "updated_by": {"id": str(UUID(int=number % 3)), "email": "ana.ortiz@example.com"},
        "version": 1_795_100_000_000_000 + number * 1_000_003,
        "idempotency_key": str(UUID(int=number)),
    } | ({"notes": "Asked about the brakes, wants a call on Monday."} if number % 3 == 0 else {})
    stamp: Row = STAMP | {
        "created_at": before["created_at"],
        "idempotency_key": str(UUID(int=2**100)),
    }
    # 49 rows of one commit have one version and one time.
    stamp["version"] += number // ROWS * 47_113
    stamp["updated_at"] = f"2026-11-20T15:00:00.{number // ROWS * 47:03}Z"
    stamp["updated_by"] = {"id": str(UUID(int=2**90)), "email": "sam.rivera@example.com"}
    changed = {"status": "won", "status_changed_at": stamp["updated_at"]}
    return before, before | stamp | changed


_FIRST = ("Ana", "Ben", "Carmen", "Diego", "Elizabeth", "Farid", "Greta")
_LAST = ("Ortiz", "Miller", "Stone", "Washington", "Li")

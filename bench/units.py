"""Capacity units of DynamoDB, worked out from requests and stored items.

The emulator's own figures are not AWS's, so these follow AWS's rules: a write costs one unit for
each KB of the larger of the item before and after, twice that in a transaction; an index is
written when a field that it holds changes, a moved entry twice. A read costs one unit for 4 KB,
half of it when eventually consistent. Three rules are from memory, and on the side of caution
where in doubt: a write whose condition fails costs as much, with all of its transaction; a
condition check costs what a write costs; an index follows a transaction later and is not doubled.
"""

from __future__ import annotations

import json
from base64 import b64decode
from math import ceil
from typing import TYPE_CHECKING, Any

from tests.support.database import PREFIX
from tests.support.template import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.wire import Sent

Item = dict[str, Any]
Key = tuple[str, ...]
Stored = dict[tuple[str, Key], Item]
"""Items by table (without its prefix) and key."""

KB = 1024


def stored(client: Any) -> Stored:
    """Everything in the database."""
    return {
        (table, key_of(table, item)): item
        for table in tables()
        for page in client.get_paginator("scan").paginate(TableName=PREFIX + table)
        for item in page["Items"]
    }


def stored_of(client: Any, org_id: str) -> Stored:
    """Everything of one org, in the tables whose keys begin with it."""
    owned = [name for name, each in tables().items() if _hash_of(each["KeySchema"]) == "org_id"]
    return {
        (table, key_of(table, item)): item
        for table in owned
        for page in client.get_paginator("query").paginate(
            TableName=PREFIX + table,
            KeyConditionExpression="org_id = :o",
            ExpressionAttributeValues={":o": {"S": org_id}},
            ConsistentRead=True,
        )
        for item in page["Items"]
    }


def _hash_of(schema: list[dict[str, str]]) -> str:
    return next(each["AttributeName"] for each in schema if each["KeyType"] == "HASH")


def key_of(table: str, item: Item) -> Key:
    """The key of an item, or of a `Key` in a request."""
    names = (part["AttributeName"] for part in tables()[table]["KeySchema"])
    return tuple(str(item[name]) for name in names)


def write_units(sent: list[Sent], before: Stored, after: Stored) -> int:
    """The write units of some requests between two states, those of indexes included."""
    own = sum(_item_units(*write, before, after) for each in sent for write in _writes(each))
    keys = before.keys() | after.keys()
    return own + sum(_index_units(key[0], before.get(key), after.get(key)) for key in keys)


def read_units(sent: list[Sent]) -> float:
    """The read units of some requests."""
    return sum(_read_units(each) for each in sent)


def size(item: Item) -> int:
    """The bytes of an item as DynamoDB counts them: names and values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "B":
            return len(b64decode(content)) if isinstance(content, str) else len(content)
        case "N":
            return len(content.lstrip("-")) // 2 + 2
        case "L":
            return 3 + sum(1 + _value_size(each) for each in content)
        case "M":
            return 3 + len(content) + size(content)
    return 1  # BOOL and NULL; rows hold no other kinds


def _writes(sent: Sent) -> Iterator[tuple[dict[str, Any], int]]:
    """The writes of a request, and by how much a transaction makes each dearer."""
    if sent.operation == "TransactWriteItems":
        yield from ((part, 2) for each in sent.body["TransactItems"] for part in each.values())
    elif sent.operation in {"PutItem", "UpdateItem", "DeleteItem"}:
        yield sent.body, 1


def _item_units(write: dict[str, Any], factor: int, before: Stored, after: Stored) -> int:
    table = write["TableName"].removeprefix(PREFIX)
    key = (table, key_of(table, write.get("Item") or write["Key"]))
    sizes = [size(each) for each in (write.get("Item"), before.get(key), after.get(key)) if each]
    return factor * ceil(max(sizes, default=1) / KB)


def _index_units(table: str, before: Item | None, after: Item | None) -> int:
    units = 0
    for index in tables()[table].get("GlobalSecondaryIndexes", []):
        old, new = (_entry(table, index, item) for item in (before, after))
        if old == new:
            continue
        names = [part["AttributeName"] for part in index["KeySchema"]]
        stays = old and new and all(old[name] == new[name] for name in names)
        parts = [new] if stays else [each for each in (old, new) if each]
        units += sum(ceil(size(each) / KB) for each in parts if each)
    return units


def _entry(table: str, index: dict[str, Any], item: Item | None) -> Item | None:
    """What an index holds of an item: nothing where one of the index's keys is missing."""
    names = {part["AttributeName"] for part in index["KeySchema"]}
    if item is None or not names <= item.keys():
        return None
    if index["Projection"]["ProjectionType"] == "ALL":
        return item
    kept = names | {part["AttributeName"] for part in tables()[table]["KeySchema"]}
    kept |= set(index["Projection"].get("NonKeyAttributes", []))
    return {name: item[name] for name in kept & item.keys()}


def _read_units(sent: Sent) -> float:
    if not sent.done or sent.operation not in {"GetItem", "Query", "BatchGetItem"}:
        return 0
    answer = json.loads(sent.answer)
    consistent = "true" in json.dumps(
        sent.body.get("ConsistentRead", sent.body.get("RequestItems"))
    )
    if sent.operation == "Query":
        units = ceil(max(1, sum(size(each) for each in answer["Items"])) / (4 * KB))
    else:
        found = [answer["Item"]] if "Item" in answer else []
        found += [each for many in answer.get("Responses", {}).values() for each in many]
        units = sum(ceil(size(each) / (4 * KB)) for each in found) or 1
    return units if consistent else units / 2

"""Puts the demo data into a stack, and says which rows are there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeSerializer

from local.demo.orgs import ORGS
from local.demo.rows import demo_rows
from local.settings import TABLE_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from local.demo.rows import Row, Rows

Request = dict[str, Any]
Ids = dict[str, dict[str, list[str]]]

_BATCH = 25  # the most that BatchWriteItem takes
_serialize = TypeSerializer().serialize


def seed(
    dynamodb: Any, now: datetime | None = None, secrets: Mapping[str, str] | None = None
) -> Rows:
    """Brings the demo tables to the demo state as of `now`; every other row of them goes.

    `secrets` are those of the orgs' voice agents. Answers what was written.
    """
    rows = demo_rows(now or datetime.now(UTC), secrets or {}) | {"reconcile": []}
    with ThreadPoolExecutor(8) as pool:
        for done in [
            pool.submit(_write, dynamodb, TABLE_PREFIX + table, batch)
            for table, wanted in rows.items()
            for batch in _batches(_requests(dynamodb, TABLE_PREFIX + table, wanted))
        ]:
            done.result()
    return rows


def has_tables(dynamodb: Any) -> bool:
    """Whether the deployed template has the tables that the demo data goes into."""
    names = [
        name
        for page in dynamodb.get_paginator("list_tables").paginate()
        for name in page["TableNames"]
    ]
    return f"{TABLE_PREFIX}orgs" in names


def is_empty(dynamodb: Any) -> bool:
    """Whether the stack has no business yet."""
    return not dynamodb.scan(TableName=f"{TABLE_PREFIX}orgs", Limit=1)["Items"]


def ids(dynamodb: Any) -> Ids:
    """The ids of what each org has now, by kind, in order; of appointments the pending ones."""
    return {
        org.id: {
            "appointment_pending": _ids(dynamodb, "appointments", org.id, status="pending"),
            "lead": _ids(dynamodb, "leads", org.id),
            "contact": _ids(dynamodb, "contacts", org.id),
            "job": _ids(dynamodb, "jobs", org.id),
        }
        for org in ORGS
    }


def _requests(dynamodb: Any, table: str, rows: list[Row]) -> Iterator[Request]:
    """Puts for these rows, deletions for all others."""
    wanted = {(row["org_id"], row["id"]) for row in rows}
    for page in dynamodb.get_paginator("scan").paginate(
        TableName=table, ProjectionExpression="org_id, id"
    ):
        for key in page["Items"]:
            if (key["org_id"]["S"], key["id"]["S"]) not in wanted:
                yield {"DeleteRequest": {"Key": key}}
    for row in rows:
        item = {name: _serialize(value) for name, value in row.items()}
        yield {"PutRequest": {"Item": item}}


def _batches(requests: Iterable[Request]) -> Iterator[list[Request]]:
    rest = iter(requests)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _write(dynamodb: Any, table: str, batch: list[Request]) -> None:
    left = {table: batch}
    while left:
        left = dynamodb.batch_write_item(RequestItems=left)["UnprocessedItems"]


def _ids(dynamodb: Any, table: str, org_id: str, status: str | None = None) -> list[str]:
    pages = dynamodb.get_paginator("query").paginate(
        TableName=TABLE_PREFIX + table,
        KeyConditionExpression="org_id = :org",
        ProjectionExpression="id, #status",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":org": {"S": org_id}},
    )
    return [
        item["id"]["S"]
        for page in pages
        for item in page["Items"]
        if status is None or item.get("status", {}).get("S") == status
    ]

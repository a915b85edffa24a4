"""Reads that start from something other than an org: a list of work, a vendor's id, a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop.dynamo.codec import Item, item, row, value
from closedloop.dynamo.transaction import settle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from closedloop.core.decision import RowKey
    from closedloop.core.rows import Row


class Lookups:
    """Finds rows of any org, for functions that no caller steers; `prefix` as everywhere."""

    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def several(self, org_id: str, keys: Sequence[RowKey]) -> dict[RowKey, Row | None]:
        """Rows of several tables of one org in one request, as of now; None where there is none."""
        wanted: dict[str, Any] = {}
        for table, row_id in keys:
            each = wanted.setdefault(self._prefix + table, {"Keys": [], "ConsistentRead": True})
            each["Keys"].append(item({"org_id": org_id, "id": row_id}))
        found: dict[RowKey, Row | None] = dict.fromkeys(keys)
        for name, stored in self._batch(wanted):
            one = row(stored)
            found[name.removeprefix(self._prefix), str(one["id"])] = one
        return found

    def due(
        self, work: str, until: str, limit: int, table: str = "sms_logs"
    ) -> list[tuple[str, str]]:
        """Org and id of the rows on a part of a work list, the longest overdue first."""
        found = self._query(
            table,
            "by_work",
            KeyConditionExpression="#w = :w AND work_at <= :until",
            ExpressionAttributeNames={"#w": "work"},
            ExpressionAttributeValues={":w": value(work), ":until": value(until)},
            Limit=limit,
        )
        return [(each["org_id"], each["id"]) for each in found]

    def ids_of_vendor_id(self, org_id: str, vendor_id: str) -> list[str]:
        """The texts of the org that have this id of Twilio's: one, unless a look-up was wrong."""
        found = self._query(
            "sms_logs",
            "by_vendor_id",
            KeyConditionExpression="vendor_id = :k",
            ExpressionAttributeValues={":k": value(vendor_id)},
            Limit=10,
        )
        return [str(each["id"]) for each in found if each["org_id"] == org_id]

    def has_vendor_id(self, vendor_id: str) -> bool:
        """Whether some text has this id of Twilio's."""
        return bool(self._one("sms_logs", "by_vendor_id", "vendor_id", vendor_id))

    def org_of_credential(self, credential_hash: str) -> str | None:
        """The org that has a number or a credential with this hash."""
        found = self._one("orgs", "by_credential", "credential_hash", credential_hash)
        return str(found[0]["org_id"]) if found else None

    def ids_by_phone(self, table: str, org_id: str, phone: str) -> list[str]:
        """Everybody in the org with this number."""
        found = self._query(
            table,
            "by_phone",
            KeyConditionExpression="org_id = :o AND phone = :p",
            ExpressionAttributeValues={":o": value(org_id), ":p": value(phone)},
            Limit=25,
        )
        return [str(each["id"]) for each in found]

    def taken(self, org_id: str, since: str, until: str) -> list[Row]:
        """What is taken of an org's calendar by visits that begin within these times."""
        found: list[Row] = []
        after: dict[str, Any] = {}
        while True:
            page = settle(
                lambda: self._client.query(
                    TableName=self._prefix + "appointment_holds",
                    IndexName="by_start",
                    KeyConditionExpression="org_id = :o AND #s BETWEEN :since AND :until",
                    ExpressionAttributeNames={"#s": "start"},
                    ExpressionAttributeValues=item(
                        {":o": org_id, ":since": since, ":until": until}
                    ),
                    **after,  # noqa: B023 - called at once
                )
            )
            found += map(row, page["Items"])
            if "LastEvaluatedKey" not in page:
                return found
            after = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _one(self, table: str, index: str, name: str, key: str) -> list[Row]:
        return self._query(
            table,
            index,
            KeyConditionExpression=f"{name} = :k",
            ExpressionAttributeValues={":k": value(key)},
            Limit=1,
        )

    def _query(self, table: str, index: str, **question: Any) -> list[Row]:
        found = settle(
            lambda: self._client.query(TableName=self._prefix + table, IndexName=index, **question)
        )
        return [row(each) for each in found["Items"]]

    def _batch(self, wanted: dict[str, Any]) -> Iterator[tuple[str, Item]]:
        while wanted:
            asked = wanted
            found = settle(lambda: self._client.batch_get_item(RequestItems=asked))  # noqa: B023 - called at once
            for name, items in found["Responses"].items():
                yield from ((name, each) for each in items)
            wanted = found.get("UnprocessedKeys", {})

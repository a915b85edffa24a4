"""Reads that start from something other than an org: a list of work, a vendor's id, a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop.dynamo.codec import Item, item, row, value
from closedloop.dynamo.transaction import settle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from closedloop.core.rows import Row

_BATCH = 100  # BatchGetItem takes no more


class Lookups:
    """Finds rows of any org, for functions that no caller steers; `prefix` as everywhere."""

    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def due(
        self, work: str, until: str, limit: int, table: str = "sms_logs"
    ) -> Iterator[list[tuple[str, str]]]:
        """Org and id of the rows on a part of a work list, the longest overdue first.

        In pages of `limit`, each read when it is asked for.
        """
        request: Item = {
            "TableName": self._prefix + table,
            "IndexName": "by_work",
            "KeyConditionExpression": "#w = :w AND work_at <= :until",
            "ExpressionAttributeNames": {"#w": "work"},
            "ExpressionAttributeValues": {":w": value(work), ":until": value(until)},
            "Limit": limit,
        }
        while True:
            found = settle(lambda: self._client.query(**request))
            rows = (row(each) for each in found["Items"])
            yield [(each["org_id"], each["id"]) for each in rows]
            if "LastEvaluatedKey" not in found:
                return
            request["ExclusiveStartKey"] = found["LastEvaluatedKey"]

    def rows(self, table: str, keys: Sequence[tuple[str, str]]) -> list[Row]:
        """Rows of any org by org and id, as of now, in the order asked for; not those gone."""
        keys = list(dict.fromkeys(keys))
        found = {
            (str(each["org_id"]), str(each["id"])): each
            for start in range(0, len(keys), _BATCH)
            for each in self._batch(table, keys[start : start + _BATCH])
        }
        return [found[key] for key in keys if key in found]

    def has_vendor_id(self, vendor_id: str) -> bool:
        """Whether some text has this id of Twilio's."""
        return bool(self._one("sms_logs", "by_vendor_id", "vendor_id", vendor_id))

    def org_of_credential(self, credential_hash: str) -> str | None:
        """The org that has a number or a credential with this hash."""
        found = self._one("orgs", "by_credential", "credential_hash", credential_hash)
        return str(found[0]["org_id"]) if found else None

    def org_of_merchant(self, merchant_id: str) -> str | None:
        """The org that is, or was, connected with this seller at Square."""
        found = self._one("orgs", "by_merchant", "merchant_id", merchant_id)
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

    def _one(self, table: str, index: str, name: str, key: str) -> list[Row]:
        return self._query(
            table,
            index,
            KeyConditionExpression=f"{name} = :k",
            ExpressionAttributeValues={":k": value(key)},
            Limit=1,
        )

    def _batch(self, table: str, keys: Sequence[tuple[str, str]]) -> Iterator[Row]:
        name = self._prefix + table
        wanted: Item = {
            name: {
                "Keys": [item({"org_id": org_id, "id": row_id}) for org_id, row_id in keys],
                "ConsistentRead": True,
            }
        }
        while wanted:
            asked = wanted
            found = settle(lambda: self._client.batch_get_item(RequestItems=asked))  # noqa: B023 - called at once
            yield from (row(each) for each in found["Responses"].get(name, []))
            wanted = found.get("UnprocessedKeys", {})

    def _query(self, table: str, index: str, **question: Any) -> list[Row]:
        found = settle(
            lambda: self._client.query(TableName=self._prefix + table, IndexName=index, **question)
        )
        return [row(each) for each in found["Items"]]

"""Reads by key and by index, never by scan, always of one org."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from closedloop.core.errors import ValidationFailedError
from closedloop.core.rows import Page
from closedloop.dynamo.codec import Item, item, row, value
from closedloop.dynamo.transaction import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from closedloop.core.decision import Find, RowKey
    from closedloop.core.rows import Row

_BATCH = 100  # BatchGetItem takes no more


class Reads:
    """The reading side of the database, for one org at a time."""

    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def get(self, table: str, org_id: str, row_id: str) -> Row | None:
        """One row, as of now."""
        found = self._send(
            self._client.get_item,
            TableName=self._prefix + table,
            Key=item({"org_id": org_id, "id": row_id}),
            ConsistentRead=True,
        )
        return row(found["Item"]) if "Item" in found else None

    def rows(self, table: str, org_id: str, ids: Sequence[str]) -> list[Row]:
        """Rows by id, as of now, in the order asked for; those that are gone are left out."""
        ids = list(dict.fromkeys(ids))  # BatchGetItem takes no key twice
        found = {
            str(each["id"]): each
            for start in range(0, len(ids), _BATCH)
            for each in self._batch(table, org_id, ids[start : start + _BATCH])
        }
        return [found[row_id] for row_id in ids if row_id in found]

    def system(self, ids: Sequence[str]) -> dict[str, Row]:
        """Items that belong to no org, by id; those that do not exist are left out."""
        name = self._prefix + "system"
        keys = [item({"id": each}) for each in ids]
        return {str(each["id"]): each for each in self._found(name, keys)}

    def page(
        self,
        table: str,
        index: str | None,
        org_id: str,
        between: tuple[str, Any, Any] | None = None,
        *,
        limit: int,
        after: Row | None = None,
        newest_first: bool = False,
    ) -> Page:
        """Up to `limit` entries of an index (or of the table), in its order.

        `between` bounds the range key, both ends included. `after` is the `last` of a page.
        """
        names, values = {"#o": "org_id"}, {":o": value(org_id)}
        condition = "#o = :o"
        if between:
            names["#r"] = between[0]
            values |= {":low": value(between[1]), ":high": value(between[2])}
            condition += " AND #r BETWEEN :low AND :high"
        found = self._send(
            self._client.query,
            TableName=self._prefix + table,
            KeyConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            Limit=limit,
            ScanIndexForward=not newest_first,
            **({"IndexName": index} if index else {}),
            **({"ExclusiveStartKey": item(after)} if after else {}),
        )
        last = found.get("LastEvaluatedKey")
        return Page([row(each) for each in found["Items"]], row(last) if last else None)

    def several(self, org_id: str, keys: Sequence[RowKey]) -> dict[RowKey, Row | None]:
        """Rows of several tables in one request, as of now; None where there is none."""
        wanted: dict[str, Any] = {}
        for table, row_id in dict.fromkeys(keys):
            each = wanted.setdefault(self._prefix + table, {"Keys": [], "ConsistentRead": True})
            each["Keys"].append(item({"org_id": org_id, "id": row_id}))
        found: dict[RowKey, Row | None] = dict.fromkeys(keys)
        while wanted:
            answer = self._send(self._client.batch_get_item, RequestItems=wanted)
            for name, stored in answer["Responses"].items():
                rows = map(row, stored)
                found |= {(name.removeprefix(self._prefix), str(each["id"])): each for each in rows}
            wanted = answer.get("UnprocessedKeys", {})
        return found

    def find(self, org_id: str, question: Find) -> list[Row]:
        """The entries of the org that answer a rule's question."""
        name, wanted = question.key or ("org_id", org_id)
        names, values, condition = {"#h": name}, {":h": value(wanted)}, "#h = :h"
        if question.between:
            names["#r"], low, high = question.between
            values |= {":low": value(low), ":high": value(high)}
            condition += " AND #r BETWEEN :low AND :high"
        found = self._send(
            self._client.query,
            TableName=self._prefix + question.table,
            KeyConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            Limit=question.limit,
            **({"IndexName": question.index} if question.index else {"ConsistentRead": True}),
        )
        rows = (row(each) for each in found["Items"])
        return [each for each in rows if each["org_id"] == org_id]

    def _batch(self, table: str, org_id: str, ids: Sequence[str]) -> Iterator[Row]:
        keys = [item({"org_id": org_id, "id": row_id}) for row_id in ids]
        return self._found(self._prefix + table, keys)

    def _found(self, name: str, keys: list[Item]) -> Iterator[Row]:
        wanted: dict[str, Any] = {name: {"Keys": keys, "ConsistentRead": True}}
        while wanted:
            found = self._send(self._client.batch_get_item, RequestItems=wanted)
            yield from (row(each) for each in found["Responses"].get(name, []))
            wanted = found.get("UnprocessedKeys", {})

    @staticmethod
    def _send(call: Callable[..., Item], **arguments: Any) -> Item:
        try:
            answer: Item = settle(lambda: call(**arguments))
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationException" and "ExclusiveStartKey" in (
                arguments
            ):
                raise ValidationFailedError.at("cursor", "This cursor leads nowhere.") from error
            raise
        return answer

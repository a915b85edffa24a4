"""Open sockets: whose they are and what they subscribed to.

`by_org` holds subscriptions and expiry alone, so that a message that is only counted is not
written there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop.core.decision import StaleError
from closedloop.dynamo.codec import Item, item, row, value
from closedloop.dynamo.transaction import ConditionFailedError, settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from closedloop.core.rows import Row


class Connections:
    """The table of connections."""

    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        self._table = prefix + "connections"
        self._system = prefix + "system"

    def open(self, connection: Row) -> None:
        """Keep a new connection; the gateway gives no id twice."""
        settle(lambda: self._client.put_item(TableName=self._table, Item=item(connection)))

    def newest(self, person: str, connection_id: str, *, limit: int, until: int) -> list[str]:
        """Note a new socket of a person, and forget all but the `limit` newest: those are returned.

        The note is gone `until` (epoch seconds). One request until a person has had more.
        """
        key = item({"id": f"sockets#{person}"})
        noted = settle(
            lambda: self._client.update_item(
                TableName=self._system,
                Key=key,
                UpdateExpression="SET held = list_append(:new, if_not_exists(held, :none)), "
                "expiration = :until",
                ExpressionAttributeValues=item(
                    {":new": [connection_id], ":none": [], ":until": until}
                ),
                ReturnValues="ALL_NEW",
            )
        )
        over: list[str] = row(noted["Attributes"])["held"][limit:]
        if over:
            # Two requests may cut off the same end: each ends the sockets that it saw there.
            beyond = ", ".join(f"held[{limit + i}]" for i in range(len(over)))
            settle(
                lambda: self._client.update_item(
                    TableName=self._system, Key=key, UpdateExpression=f"REMOVE {beyond}"
                )
            )
        return over

    def close(self, connection_id: str) -> None:
        """Forget a connection, whether or not it is known."""
        key = _key(connection_id)
        settle(lambda: self._client.delete_item(TableName=self._table, Key=key))

    def of_org(self, org_id: str, now: datetime) -> Iterator[Row]:
        """The org's connections whose time is not over: id and subscriptions, page by page."""
        request: Item = {
            "TableName": self._table,
            "IndexName": "by_org",
            "KeyConditionExpression": "org_id = :org",
            "ExpressionAttributeValues": item({":org": org_id}),
        }
        while True:
            page = settle(lambda: self._client.query(**request))
            found = (row(each) for each in page["Items"])
            # TTL deletes days late, so the time itself is compared.
            yield from (each for each in found if each["expires_at"] > now.timestamp())
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def count(self, connection_id: str, *, minute: int, limit: int, now: datetime) -> None:
        """Count a message of an open connection, at most `limit` in this `minute` of the clock.

        Raises:
            StaleError: the connection is gone or over, or it sent too many; with its row.
        """
        self._update(connection_id, _counted(minute, limit, now))

    def replace(
        self,
        connection_id: str,
        before: Iterable[str],
        after: Iterable[str],
        *,
        minute: int,
        limit: int,
        now: datetime,
    ) -> None:
        """Count a message and put the subscriptions `after` in the place of `before`, in one write.

        Raises:
            StaleError: as `count`, or the subscriptions are not those of `before`; with its row.
        """
        update = _counted(minute, limit, now)
        update["UpdateExpression"] += ", subscriptions = :after"
        # Two messages at once must not undo each other: the second one is told and starts anew.
        update["ConditionExpression"] += " AND subscriptions = :before"
        update["ExpressionAttributeValues"] |= {":before": _marks(before), ":after": _marks(after)}
        self._update(connection_id, update)

    def _update(self, connection_id: str, update: Item) -> None:
        request = {
            "TableName": self._table,
            "Key": _key(connection_id),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            **update,
        }
        try:
            settle(lambda: self._client.update_item(**request))
        except ConditionFailedError as failed:
            raise StaleError({("connections", connection_id): failed.rows[0]}) from failed


def _counted(minute: int, limit: int, now: datetime) -> Item:
    """One message more in this minute; the minute before is not needed any more."""
    values = {":none": 0, ":one": 1, ":limit": limit, ":now": int(now.timestamp())}
    room = "(attribute_not_exists(messages.#this) OR messages.#this < :limit)"
    return {
        "UpdateExpression": "REMOVE messages.#last "
        "SET messages.#this = if_not_exists(messages.#this, :none) + :one",
        # A connection that is not known has no expiry and fails this too.
        "ConditionExpression": f"expires_at > :now AND {room}",
        "ExpressionAttributeNames": {"#this": str(minute), "#last": str(minute - 1)},
        "ExpressionAttributeValues": item(values),
    }


def _key(connection_id: str) -> Item:
    return item({"connection_id": connection_id})


def _marks(subscriptions: Iterable[str]) -> Item:
    return value(dict.fromkeys(subscriptions, True))

"""Tickets for sockets, in the table of rows that expire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop.core.errors import RateLimitedError
from closedloop.dynamo.codec import item, row, value
from closedloop.dynamo.transaction import BusyError, ConditionFailedError, settle, transact
from closedloop.realtime.tickets import person_of

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.core.rows import Row


class Tickets:
    """Keeps tickets and gives each away once."""

    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        self._table = prefix + "system"

    def keep(self, ticket: Row, *, limit: int) -> None:
        """Store a new ticket. Its id is the hash of 32 random bytes, so nothing is overwritten.

        Raises:
            RateLimitedError: `limit` tickets of the same person expire at the same time or sooner.
        """
        half_minute = int(ticket["expiration"]) // 30
        counted = {
            "TableName": self._table,
            "Key": {"id": f"tickets#{person_of(ticket)}#{half_minute}"},
            "UpdateExpression": "SET expiration = :end ADD issued :one",
            "ConditionExpression": "attribute_not_exists(issued) OR issued < :limit",
            "ExpressionAttributeValues": {
                ":end": ticket["expiration"],
                ":one": 1,
                ":limit": limit,
            },
        }
        put = {"TableName": self._table, "Item": ticket}
        try:
            transact(self._client, [{"Put": put}, {"Update": counted}])
        except (BusyError, ConditionFailedError) as many:
            raise RateLimitedError.until(30, "These are too many sockets at once.") from many

    def redeem(self, ticket_id: str, now: datetime) -> Row | None:
        """Take a ticket away and return it; None when it is unknown, used or expired.

        Of any number of takers one gets it, for the one request both checks and deletes. When its
        answer is lost the ticket is lost too: the client asks for another.
        """
        request = {
            "TableName": self._table,
            "Key": item({"id": ticket_id}),
            # TTL deletes days late, so the time itself is compared; nothing there fails it too.
            "ConditionExpression": "expiration > :now",
            "ExpressionAttributeValues": {":now": value(int(now.timestamp()))},
            "ReturnValues": "ALL_OLD",
        }
        try:
            return row(settle(lambda: self._client.delete_item(**request))["Attributes"])
        except ConditionFailedError:
            return None

"""The queue of the reconciliation: one message for a run of an org, or for one booking.

A standard queue whose messages have the org as their group: one org's backfill keeps no other
org waiting (SQS fair queues).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from closedloop.aws.sqs import BATCH, NOT_TAKEN, sqs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_SECONDS = 900
"""SQS delays no message longer."""


class ReconcileQueue:
    """Puts messages in."""

    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def put(self, messages: Sequence[Mapping[str, Any]], delays: Sequence[int] = ()) -> list[int]:
        """Send messages, each after its delay (s) or at once; the positions of those not taken."""
        waits = [*delays, *[0] * (len(messages) - len(delays))]
        left: list[int] = []
        for start in range(0, len(messages), BATCH):
            some = range(start, min(start + BATCH, len(messages)))
            left += self._put([self._entry(i, messages[i], waits[i]) for i in some])
        return left

    def _put(self, entries: list[dict[str, Any]]) -> list[int]:
        try:
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        except NOT_TAKEN:
            return [int(each["Id"]) for each in entries]
        return [int(each["Id"]) for each in answer.get("Failed", [])]

    @staticmethod
    def _entry(position: int, message: Mapping[str, Any], seconds: int) -> dict[str, Any]:
        return {
            "Id": str(position),
            "MessageBody": json.dumps(message, separators=(",", ":")),
            "MessageGroupId": message["org_id"],
            "DelaySeconds": min(seconds, MOST_SECONDS),
        }


def reconcile_queue(url: str) -> ReconcileQueue:
    """The queue at this address."""
    return ReconcileQueue(sqs(), url)

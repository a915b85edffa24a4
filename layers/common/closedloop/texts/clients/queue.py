"""The queues of texts that are to be sent: standard queues of SQS, fair between orgs.

Marketing has a queue of its own, so that what a person waits for is never behind it. The org is
each message's group: on a standard queue groups keep no order, but a queue in which one group has
a backlog hands over those of the others first (SQS fair queues).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from closedloop.aws.sqs import BATCH, NOT_TAKEN, sqs
from closedloop.core.errors import ServiceUnavailableError
from closedloop.texts.model import MARKETING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_AT_ONCE = 8


class Outbox:
    """Puts messages in, and hides one for longer."""

    def __init__(self, client: Any, url: str, marketing_url: str) -> None:
        self._client = client
        self._url = url
        self._marketing_url = marketing_url

    def put(self, messages: Sequence[Mapping[str, Any]]) -> list[int]:
        """Send messages; the positions of those that were not taken."""
        by_queue: dict[str, list[int]] = {}
        for position, message in enumerate(messages):
            by_queue.setdefault(self._queue_of(message), []).append(position)
        return sorted(
            positions[start + each]
            for url, positions in by_queue.items()
            for start in range(0, len(positions), BATCH)
            for each in self._put(url, [messages[i] for i in positions[start : start + BATCH]])
        )

    def hide(self, receipt_handle: str, seconds: int, queue_arn: str) -> None:
        """Let a message that comes back come back after this time.

        Raises:
            ServiceUnavailableError: it comes back when the queue's own time is over.
        """
        name = queue_arn.rpartition(":")[2]
        url = self._marketing_url if self._marketing_url.endswith(f"/{name}") else self._url
        try:
            self._client.change_message_visibility(
                QueueUrl=url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
            )
        except NOT_TAKEN as lost:
            raise ServiceUnavailableError from lost

    def _queue_of(self, message: Mapping[str, Any]) -> str:
        return self._marketing_url if message["category"] == MARKETING else self._url

    def _put(self, url: str, batch: Sequence[Mapping[str, Any]]) -> list[int]:
        entries = [
            {
                "Id": str(i),
                "MessageBody": json.dumps(each, separators=(",", ":")),
                "MessageGroupId": each["org_id"],
            }
            for i, each in enumerate(batch)
        ]
        try:
            answer = self._client.send_message_batch(QueueUrl=url, Entries=entries)
        except NOT_TAKEN:
            return list(range(len(batch)))
        return [int(each["Id"]) for each in answer.get("Failed", [])]


def outbox(url: str, marketing_url: str) -> Outbox:
    """The queues at these addresses; several threads may use them at once."""
    return Outbox(sqs(_AT_ONCE), url, marketing_url)

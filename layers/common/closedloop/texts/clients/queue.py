"""The queue of texts that are to be sent: a standard queue of SQS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from closedloop.aws.sqs import BATCH, NOT_TAKEN, sqs
from closedloop.core.errors import ServiceUnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Outbox:
    """Puts messages in, and hides one for longer."""

    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def put(self, messages: Sequence[Mapping[str, Any]]) -> list[int]:
        """Send messages; the positions of those that were not taken."""
        failed: list[int] = []
        for start in range(0, len(messages), BATCH):
            failed += [start + each for each in self._put(messages[start : start + BATCH])]
        return failed

    def hide(self, receipt_handle: str, seconds: int) -> None:
        """Let a message that comes back come back after this time.

        Raises:
            ServiceUnavailableError: it comes back when the queue's own time is over.
        """
        try:
            self._client.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
            )
        except NOT_TAKEN as lost:
            raise ServiceUnavailableError from lost

    def _put(self, batch: Sequence[Mapping[str, Any]]) -> list[int]:
        entries = [
            {"Id": str(i), "MessageBody": json.dumps(each, separators=(",", ":"))}
            for i, each in enumerate(batch)
        ]
        try:
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
        except NOT_TAKEN:
            return list(range(len(batch)))
        return [int(each["Id"]) for each in answer.get("Failed", [])]


def outbox(url: str) -> Outbox:
    """The queue at this address."""
    return Outbox(sqs(), url)

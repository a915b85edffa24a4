"""A queue of SQS that is first in, first out within a group."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from closedloop.aws.sqs import BATCH, NOT_TAKEN, sqs
from closedloop.core.errors import ServiceUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from closedloop.realtime.fanout import Chunk

_BATCH_BYTES = 256 * 1024  # of all messages that are sent together


class Queue:
    """One queue: what is sent to it, and what goes back into it."""

    def __init__(self, client: Any, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, chunks: Iterable[Chunk]) -> int:
        """Send messages, in order; how many. The same message again within 5 minutes is dropped.

        Raises:
            ServiceUnavailableError: not all of them were taken.
        """
        sent = 0
        for batch in _batches(chunks):
            entries = [_entry(position, chunk) for position, chunk in enumerate(batch)]
            try:
                answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
            except NOT_TAKEN as lost:
                raise ServiceUnavailableError from lost
            if answer.get("Failed"):
                raise ServiceUnavailableError
            sent += len(batch)
        return sent

    def hand_back(self, receipts: Sequence[str]) -> None:
        """Let received messages be received again at once, at most ten; their order stays.

        Raises:
            ServiceUnavailableError: not all of them were; the rest stays hidden for its time.
        """
        entries = [
            {"Id": str(position), "ReceiptHandle": receipt, "VisibilityTimeout": 0}
            for position, receipt in enumerate(receipts)
        ]
        try:
            answer = self._client.change_message_visibility_batch(
                QueueUrl=self._url, Entries=entries
            )
        except NOT_TAKEN as lost:
            raise ServiceUnavailableError from lost
        if answer.get("Failed"):
            raise ServiceUnavailableError


def queue(url: str) -> Queue:
    """The queue at this address."""
    return Queue(sqs(), url)


def _entry(position: int, chunk: Chunk) -> dict[str, str]:
    return {
        "Id": str(position),
        "MessageBody": chunk.body,
        "MessageGroupId": chunk.group,
        "MessageDeduplicationId": hashlib.sha256(
            f"{chunk.group} {chunk.body}".encode()
        ).hexdigest(),
    }


def _batches(chunks: Iterable[Chunk]) -> Iterator[list[Chunk]]:
    batch: list[Chunk] = []
    size = 0
    for chunk in chunks:
        length = len(chunk.body.encode())
        if batch and (len(batch) == BATCH or size + length > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(chunk)
        size += length
    if batch:
        yield batch

"""The stream pump against the emulator: from a committed row to the function."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.local.support import outputs
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from local.stack import Stack

pytestmark = pytest.mark.stack


class Rows:
    """The lab's table and what its listener has seen of it."""

    def __init__(self, lab: Stack) -> None:
        self._lab = lab
        self._names = outputs(lab)
        self._dynamodb = lab.client("dynamodb")

    def write(self, *troubles: str) -> list[str]:
        """One row for each trouble, '' for none, in one transaction; their ids, in order."""
        prefix = uuid4().hex
        ids = [f"{prefix}-{number}" for number in range(len(troubles))]
        items: list[dict[str, Any]] = [
            {"id": {"S": row_id}, "trouble": {"S": trouble}}
            for row_id, trouble in zip(ids, troubles, strict=True)
        ]
        self._dynamodb.transact_write_items(
            TransactItems=[{"Put": {"TableName": self._names["Rows"], "Item": i}} for i in items]
        )
        return ids

    def has_seen(self, row_id: str) -> bool:
        """Whether the listener has processed this row."""
        found = self._dynamodb.get_item(TableName=self._names["Seen"], Key={"id": {"S": row_id}})
        return "Item" in found

    def lost(self) -> dict[str, Any]:
        """The next message in the on-failure queue."""
        queue = self._names["Lost"]
        sqs = self._lab.client("sqs")
        (message,) = eventually(
            lambda: sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages")
        )
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        told: dict[str, Any] = json.loads(message["Body"])
        return told


@pytest.fixture
def rows(lab: Stack) -> Rows:
    """The lab's rows."""
    return Rows(lab)


def test_a_committed_row_reaches_its_listener(rows: Rows) -> None:
    """With nothing but the commit."""
    (row,) = rows.write("")
    assert eventually(lambda: rows.has_seen(row))


def test_a_row_that_crashes_the_listener_ends_in_the_queue_alone(rows: Rows) -> None:
    """Its neighbours are processed; it is told of after three tries."""
    before, poison, after = rows.write("", "crash", "")
    told = rows.lost()
    assert told["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert told["requestContext"]["approximateInvokeCount"] == 3
    assert told["DDBStreamBatchInfo"]["batchSize"] == 1
    assert eventually(lambda: rows.has_seen(after))
    assert rows.has_seen(before)
    assert not rows.has_seen(poison)


def test_a_row_that_the_listener_reports_ends_in_the_queue(rows: Rows) -> None:
    """The rows before it are processed, and the stream goes on behind it."""
    before, poison = rows.write("", "report")
    assert rows.lost()["DDBStreamBatchInfo"]["batchSize"] == 1
    (later,) = rows.write("")
    assert eventually(lambda: rows.has_seen(later))
    assert rows.has_seen(before)
    assert not rows.has_seen(poison)

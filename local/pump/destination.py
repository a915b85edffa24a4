"""Where a mapping tells about records it gave up on: AWS's message, without the records."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from local.emulator.clients import Clients
    from local.pump.delivery import Discarded
    from local.pump.mapping import StreamMapping


def message(
    mapping: StreamMapping, shard: str, discarded: Discarded, now: datetime
) -> dict[str, Any]:
    """The invocation record that AWS sends to an on-failure destination.

    Source: "Retaining discarded records for a DynamoDB event source in Lambda".
    """
    return {
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": mapping.function,
            "condition": discarded.condition,
            "approximateInvokeCount": discarded.invocations,
        },
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
        "version": "1.0",
        "timestamp": _iso(now, "milliseconds"),
        "DDBStreamBatchInfo": _batch(mapping, shard, discarded),
    }


def send(clients: Clients, destination: str, body: dict[str, Any]) -> None:
    """Sends it to a queue or a topic, by ARN."""
    service, name = destination.split(":")[2], destination.rsplit(":", 1)[1]
    text = json.dumps(body)
    if service == "sns":
        clients("sns").publish(TopicArn=destination, Message=text)
        return
    queue = clients("sqs").get_queue_url(QueueName=name)["QueueUrl"]
    clients("sqs").send_message(QueueUrl=queue, MessageBody=text)


def _batch(mapping: StreamMapping, shard: str, discarded: Discarded) -> dict[str, Any]:
    first, last = (discarded.records[i]["dynamodb"] for i in (0, -1))
    return {
        "shardId": shard,
        "startSequenceNumber": first["SequenceNumber"],
        "endSequenceNumber": last["SequenceNumber"],
        "approximateArrivalOfFirstRecord": _arrival(first),
        "approximateArrivalOfLastRecord": _arrival(last),
        "batchSize": len(discarded.records),
        "streamArn": mapping.stream,
    }


def _arrival(change: dict[str, Any]) -> str:
    arrived = datetime.fromtimestamp(change["ApproximateCreationDateTime"], UTC)
    return _iso(arrived, "seconds")


def _iso(moment: datetime, precision: str) -> str:
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")

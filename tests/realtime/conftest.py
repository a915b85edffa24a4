"""Fixtures of the tests about sockets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest

from closedloop import wiring
from closedloop.realtime import wiring as realtime
from tests.realtime.gateway import Gateway
from tests.realtime.support import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.database import Database


@pytest.fixture
def gateway(db: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """The gateway, with the code under test connected to it; pauses take no time."""
    monkeypatch.setenv("SOCKETS_ENDPOINT", "https://sockets.invalid/live")
    monkeypatch.setattr("closedloop.realtime.clients.gateway.time.sleep", lambda _: None)
    wiring.forget()
    made_up = Gateway()
    events = realtime.sockets()._client.meta.events  # noqa: SLF001 - the one client there is
    events.register("before-send.apigatewaymanagementapi", made_up.on_send)
    yield made_up
    wiring.forget()


@pytest.fixture
def queue(db: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A queue like the template's `FanoutQueue`: call it for the messages that wait in it."""
    if "DYNAMODB_URL" in os.environ and "DYNAMODB_TOKEN" not in os.environ:
        pytest.skip("the engine of this run has no queues")
    sqs = boto3.client("sqs", endpoint_url=db.url, region_name="us-east-1")
    attributes = {"FifoQueue": "true", "DeduplicationScope": "messageGroup"}
    attributes |= {"FifoThroughputLimit": "perMessageGroupId", "VisibilityTimeout": "60"}
    url = sqs.create_queue(QueueName=f"q-{uuid4().hex}.fifo", Attributes=attributes)["QueueUrl"]
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", db.url)
    monkeypatch.setenv("FANOUT_QUEUE_URL", url)
    realtime.fanout.cache_clear()

    def waiting() -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        while page := sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["MessageGroupId"]
        ).get("Messages"):
            found += [(each["Attributes"]["MessageGroupId"], each["Body"]) for each in page]
            for each in page:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        return found

    yield waiting
    sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def names(org: str) -> list[str]:
    """Names for connections, the same order each time."""
    return [f"{org}-{n}" for n in range(5)]


@pytest.fixture
def connection(db: Database, org: str) -> str:
    """An open connection without subscriptions."""
    return opened(org, uuid4().hex)

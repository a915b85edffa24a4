"""Clients of AWS that no test of the local stack reaches, judged by moto."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from moto import mock_aws

from closedloop.aws import secrets as secrets_client
from closedloop.aws.secrets import secrets
from closedloop.aws.sqs import BATCH
from closedloop.core.errors import ServiceUnavailableError
from closedloop.realtime.clients.queue import queue
from closedloop.realtime.fanout import Chunk
from closedloop.texts.clients.queue import outbox
from closedloop.texts.model import MARKETING, REPLY, TRANSACTIONAL
from tests.support.template import resources

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "closedloop-twilio"
MARKETING_URL = "https://sqs.us-east-1.amazonaws.com/1/closedloop-marketing"
KB = 1024


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An account of this test's own."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield


@pytest.fixture
def sms() -> str:
    """The address of the queue of texts, made as the template says."""
    return _made("SmsQueue", "closedloop-sms")


@pytest.fixture
def marketing() -> str:
    """The address of the queue of marketing, made as the template says."""
    return _made("SmsMarketingQueue", "closedloop-marketing")


@pytest.fixture
def fanout() -> str:
    """The address of the fan-out's queue, made as the template says."""
    return _made("FanoutQueue", "closedloop-fanout.fifo")


@pytest.mark.parametrize(("kept_for", "then"), [(300, "old"), (0, "new")])
def test_a_secret_is_read_and_kept(
    monkeypatch: pytest.MonkeyPatch, kept_for: int, then: str
) -> None:
    """By name or ARN, for some minutes; one that was rotated is seen when they are over."""
    assert secrets_client._FRESH_SECONDS == 300  # noqa: SLF001 - the promise of five minutes
    monkeypatch.setattr(secrets_client, "_FRESH_SECONDS", kept_for)
    client = boto3.client("secretsmanager")
    arn = client.create_secret(Name=NAME, SecretString=json.dumps({"auth_token": "old"}))["ARN"]
    kept = secrets(arn)
    assert kept.read() == secrets(NAME).read() == {"auth_token": "old"}
    client.put_secret_value(SecretId=NAME, SecretString=json.dumps({"auth_token": "new"}))
    assert kept.read() == {"auth_token": then}


def test_a_secret_that_was_written_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """By who has written it; whoever asks past the cache sees it too."""
    client = boto3.client("secretsmanager")
    client.create_secret(Name=NAME, SecretString=json.dumps({"access_token": "old"}))
    writer, reader = secrets(NAME), secrets(NAME)
    assert writer.read() == reader.read() == {"access_token": "old"}
    writer.write({"access_token": "new"})
    assert writer.read() == {"access_token": "new"}
    assert reader.read() == {"access_token": "old"}
    assert reader.read(fresh=True) == {"access_token": "new"}


def test_a_secret_that_is_not_there_is_a_fault() -> None:
    """Nothing goes on without its credentials."""
    with pytest.raises(GetParameterError):
        secrets("closedloop-nothing").read()


def text(number: int, category: str = TRANSACTIONAL, message: str = "Grüße 👋") -> dict[str, Any]:
    """What is put in for one text."""
    return {"id": f"sms_{number}", "org_id": "demo", "category": category, "message": message}


@pytest.mark.parametrize("number", [0, 1, BATCH, 2 * BATCH + 3])
def test_every_text_is_put_into_the_queue(sms: str, number: int) -> None:
    """Whatever the batches, each message once, as it was, in the group of its org."""
    messages = [text(i) for i in range(number)]
    assert outbox(sms, MARKETING_URL).put(messages) == []
    received = _received(sms)
    found = [json.loads(each["Body"]) for each in received]
    assert sorted(found, key=lambda each: int(each["id"][4:])) == messages


def test_marketing_has_a_queue_of_its_own(sms: str, marketing: str) -> None:
    """What a person waits for is never behind it."""
    assert outbox(sms, marketing).put([text(1, MARKETING), text(2), text(3, REPLY)]) == []
    assert [json.loads(each["Body"])["id"] for each in _received(marketing)] == ["sms_1"]
    assert {json.loads(each["Body"])["id"] for each in _received(sms)} == {"sms_2", "sms_3"}


def test_what_the_queue_does_not_take_is_told_by_position(sms: str) -> None:
    """A batch that is refused comes back whole; the others are in the queue."""
    messages = [text(i) for i in range(2 * BATCH)]
    messages[BATCH + 3]["message"] = "x" * 2000 * KB
    assert outbox(sms, MARKETING_URL).put(messages) == list(range(BATCH, 2 * BATCH))
    assert len(_received(sms)) == BATCH
    assert outbox(sms + "-gone", MARKETING_URL).put(messages[-2:]) == [0, 1]


def test_a_text_is_hidden_for_as_long_as_said(sms: str, marketing: str) -> None:
    """A message that was received comes back at once after zero seconds, and else does not."""
    queues = outbox(sms, marketing)
    queues.put([text(1), text(2, MARKETING)])
    for url in (sms, marketing):
        arn = f"arn:aws:sqs:us-east-1:1:{url.rpartition('/')[2]}"
        (message,) = _received(url)
        queues.hide(message["ReceiptHandle"], 0, arn)
        (again,) = _received(url)
        queues.hide(again["ReceiptHandle"], 600, arn)
        assert _received(url) == []
        with pytest.raises(ServiceUnavailableError):
            queues.hide("no receipt handle", 600, arn)


def test_the_fan_out_keeps_order_in_a_group(fanout: str) -> None:
    """Each group's messages come out as they went in, and all of them do."""
    sent = [Chunk(f"org#{i % 2}", f"message {i}") for i in range(25)]
    assert queue(fanout).send(sent) == len(sent)
    found = _received(fanout)
    for group in ("org#0", "org#1"):
        of_group = [each for each in found if each["Attributes"]["MessageGroupId"] == group]
        assert [each["Body"] for each in of_group] == [e.body for e in sent if e.group == group]


def test_the_same_message_again_is_dropped(fanout: str) -> None:
    """A batch of the stream that is worked on twice tells nobody twice."""
    sent = [Chunk("org#0", "a"), Chunk("org#0", "b"), Chunk("org#1", "a")]
    for _ in range(2):
        queue(fanout).send(sent)
    assert sorted(each["Body"] for each in _received(fanout)) == ["a", "a", "b"]


def test_no_batch_is_larger_than_the_queue_takes(fanout: str) -> None:
    """Large messages are sent in as many requests as they need."""
    sent = [Chunk("org#0", str(i) + "x" * (200 * KB)) for i in range(8)]
    assert queue(fanout).send(sent) == len(sent)
    assert [each["Body"][0] for each in _received(fanout)] == [str(i) for i in range(8)]


def test_a_fan_out_that_fails_is_tried_again() -> None:
    """A queue that is not there is no queue that took it."""
    with pytest.raises(ServiceUnavailableError):
        queue("https://sqs.us-east-1.amazonaws.com/123456789012/gone.fifo").send([Chunk("g", "x")])


def _made(logical: str, name: str) -> str:
    wanted = {"FifoQueue", "DeduplicationScope", "FifoThroughputLimit", "VisibilityTimeout"}
    properties = resources("AWS::SQS::Queue")[logical]
    attributes = {key: str(properties[key]).lower() for key in wanted & properties.keys()}
    for key in {"DeduplicationScope", "FifoThroughputLimit"} & attributes.keys():
        attributes[key] = properties[key]
    url: str = boto3.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url


def _received(url: str) -> list[dict[str, Any]]:
    """Every message that can be had now."""
    client, found = boto3.client("sqs"), []
    while batch := client.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"], WaitTimeSeconds=0
    ).get("Messages"):
        found += batch
        if url.endswith(".fifo"):  # the next of a group comes when the one before it is gone
            for each in batch:
                client.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return found

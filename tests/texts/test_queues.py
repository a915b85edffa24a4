"""The queues of texts: which one a text goes into, whose it is there, and how it is hidden."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest

from closedloop.texts import wiring as texts
from closedloop.texts.clients.queue import Outbox
from closedloop.texts.model import MARKETING, TRANSACTIONAL, Job

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.database import Database


def job(org: str, number: int, category: str = TRANSACTIONAL) -> dict[str, Any]:
    """A message of the queue."""
    return Job(org, f"sms_{number}", 1, ("leads", "lead_1"), category).message


@pytest.fixture
def queues(db: Database, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Both queues of the template by setting, the client connected to them."""
    if "DYNAMODB_URL" in os.environ and "DYNAMODB_TOKEN" not in os.environ:
        pytest.skip("the engine of this run has no queues")
    sqs = boto3.client("sqs", endpoint_url=db.url, region_name="us-east-1")
    names = {"SMS_QUEUE_URL": "sms", "SMS_MARKETING_QUEUE_URL": "sms_marketing"}
    made = {
        setting: sqs.create_queue(QueueName=f"{uuid4().hex}-{name}")["QueueUrl"]
        for setting, name in names.items()
    }
    for setting, url in made.items():
        monkeypatch.setenv(setting, url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", db.url)
    texts.outbox.cache_clear()
    return made


def waiting(db: Database, url: str) -> list[tuple[str, str, str]]:
    """The messages of a queue: group, text and receipt, hidden for a minute."""
    sqs = boto3.client("sqs", endpoint_url=db.url, region_name="us-east-1")
    found = []
    while page := sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=60,
        MessageSystemAttributeNames=["MessageGroupId"],
    ).get("Messages"):
        found += [(_group(each), json.loads(each["Body"])["id"], _receipt(each)) for each in page]
    return sorted(found)


def _group(message: Any) -> str:
    return str(message["Attributes"]["MessageGroupId"])


def _receipt(message: Any) -> str:
    return str(message["ReceiptHandle"])


def test_each_category_has_its_queue_and_each_org_its_group(
    db: Database, queues: dict[str, str]
) -> None:
    """Campaigns wait by themselves; a backlog of one org is no other's."""
    messages = [
        job(f"org-{number % 2}", number, MARKETING if number % 3 == 0 else TRANSACTIONAL)
        for number in range(24)
    ]
    assert texts.outbox().put(messages) == []
    campaigns = waiting(db, queues["SMS_MARKETING_QUEUE_URL"])
    others = waiting(db, queues["SMS_QUEUE_URL"])
    assert {int(sms.removeprefix("sms_")) % 3 for _, sms, _ in campaigns} == {0}
    assert (len(campaigns), len(others)) == (8, 16)
    for org, sms, _ in campaigns + others:
        assert org == f"org-{int(sms.removeprefix('sms_')) % 2}"


@pytest.mark.parametrize("category", [MARKETING, TRANSACTIONAL])
def test_a_message_is_hidden_in_its_own_queue(
    db: Database, queues: dict[str, str], category: str
) -> None:
    """By the queue that the record names: shown at once when hidden for no time."""
    texts.outbox().put([job("org", 1, category)])
    marketing = category == MARKETING
    url = queues["SMS_MARKETING_QUEUE_URL" if marketing else "SMS_QUEUE_URL"]
    ((_, _, receipt),) = waiting(db, url)
    assert waiting(db, url) == []
    arn = f"arn:aws:sqs:us-east-1:000000000000:{url.rpartition('/')[2]}"
    texts.outbox().hide(receipt, 0, arn)
    assert len(waiting(db, url)) == 1


class _Client:
    """Takes none of some."""

    def __init__(self, bad: Sequence[str]) -> None:
        self.bad = bad
        self.sizes: list[int] = []

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, Any]]) -> Any:  # noqa: N803 - boto3's names
        """As boto3's."""
        assert QueueUrl
        self.sizes.append(len(Entries))
        bad = [each for each in Entries if json.loads(each["MessageBody"])["id"] in self.bad]
        return {"Failed": [{"Id": each["Id"]} for each in bad]}


def test_what_was_not_taken_is_named_by_its_position() -> None:
    """Over batches of ten and both queues."""
    messages = [job("o", n, MARKETING if n % 2 else TRANSACTIONAL) for n in range(44)]
    client = _Client(["sms_3", "sms_20", "sms_43"])
    assert Outbox(client, "q/a", "q/b").put(messages) == [3, 20, 43]
    assert sorted(client.sizes) == [2, 2, 10, 10, 10, 10]

"""Large orgs: cut into messages of a queue, so that ten thousand screens are told in order."""

from __future__ import annotations

import json
from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger

from closedloop.core.errors import ServiceUnavailableError
from closedloop.realtime import fanout
from closedloop.realtime import wiring as realtime
from closedloop.realtime.clients.queue import Queue
from closedloop.realtime.fanout import DIRECTLY, Chunk, chunks
from closedloop.realtime.handlers.post import Pace
from closedloop.realtime.mail import Mail, Reader
from tests.realtime import gateway as trouble
from tests.realtime.support import broadcast, changes, many, number, queued, stored, versions
from tests.support.actions import event_of
from tests.support.template import functions
from tests.support.wire import wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.realtime.gateway import Gateway
    from tests.support.database import Database

    Waiting = Callable[[], list[tuple[str, str]]]


def everybody(db: Database, org: str, count: int, *subscriptions: str) -> list[str]:
    """So many connections of an org."""
    names = [f"{org}-{n}" for n in range(count)]
    many(db, org, {each: list(subscriptions or ("leads",)) for each in names})
    return names


def test_one_more_than_three_hundred_go_by_the_queue(
    gateway: Gateway, db: Database, queue: Waiting, org: str
) -> None:
    """No post in the invocation; the messages tell each of them both changes."""
    names = everybody(db, org, DIRECTLY + 1)
    assert broadcast(*changes(org, 2, 3)) == []
    assert gateway.posts == 0
    told: Counter[str] = Counter()
    for _, body in queue():
        told.update({each.id: len(wanted) for each, wanted in fanout.mail(body).to.items()})
    assert told == Counter(dict.fromkeys(names, 2))


def test_only_those_who_asked_count(
    gateway: Gateway, db: Database, queue: Waiting, org: str
) -> None:
    """Three hundred listeners among many more connections are told at once."""
    everybody(db, org, DIRECTLY, "leads")
    many(db, org, {f"{org}-x{n}": ["jobs"] for n in range(100)})
    assert broadcast(*changes(org, 2)) == []
    assert (gateway.posts, queue()) == (DIRECTLY, [])


def test_ten_thousand_are_told_once_each_and_in_order(
    gateway: Gateway,
    db: Database,
    queue: Waiting,
    org: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every connection of the org, every change, and no other org's connection."""
    monkeypatch.setattr("closedloop.realtime.handlers.post._WITHOUT_CONTEXT_SECONDS", 600)
    names = everybody(db, org, 10_000)
    stranger = everybody(db, f"{org}-other", 1)
    with wire() as watched:
        assert broadcast(*changes(org, 2, 3)) == []
    assert set(watched.requests) == {"Query"}
    messages = queue()
    assert fanout.LANES <= len(messages) <= fanout.LANES * 2
    assert all(len(body.encode()) <= 256 * 1024 for _, body in messages)
    assert queued(messages) == {"batchItemFailures": []}
    assert {each: [one["version"] for one in gateway.told[each]] for each in names} == {
        each: [2, 3] for each in names
    }
    assert gateway.told[stranger[0]] == []
    assert gateway.posts == 10_000


def test_the_next_change_queues_behind_the_last(
    gateway: Gateway, db: Database, queue: Waiting, org: str
) -> None:
    """The queue keeps order within a group, and a connection's messages share one."""
    names = everybody(db, org, 1000)
    groups: dict[str, set[str]] = {each: set() for each in names}
    for version in (2, 3):
        broadcast(*changes(org, version))
    messages = queue()
    for group, body in messages:
        for each in fanout.mail(body).to:
            groups[each.id].add(group)
    assert all(len(each) == 1 for each in groups.values())
    assert all(group.startswith(f"{org}#") for group, _ in messages)
    queued(messages)
    assert all([one["version"] for one in gateway.told[each]] == [2, 3] for each in names)


def test_the_same_batch_again_is_not_queued_twice(
    gateway: Gateway, db: Database, queue: Waiting, org: str
) -> None:
    """When the stream repeats a batch, the queue still holds each message once."""
    everybody(db, org, DIRECTLY + 1)
    records = changes(org, 2)
    assert broadcast(*records) == []
    assert broadcast(*records) == []
    assert len(queue()) == 1


def test_when_the_queue_takes_nothing_the_records_fail(
    gateway: Gateway, db: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of that org; a small org is told."""

    def full(*_: object) -> int:
        raise ServiceUnavailableError

    everybody(db, org, DIRECTLY + 1)
    small = everybody(db, f"{org}-small", 1)
    monkeypatch.setenv("FANOUT_QUEUE_URL", "https://sqs.invalid/q.fifo")
    monkeypatch.setattr(Queue, "send", full)
    records = [*changes(org, 2), *changes(f"{org}-small", 3), *changes(org, 4)]
    assert broadcast(*records) == [number(records[0]), number(records[2])]
    assert len(gateway.told[small[0]]) == 1


def message(org: str, *names: str, version: int = 1) -> tuple[str, str]:
    """One message for these connections."""
    to = {Reader(each): (0,) for each in names}
    (chunk,) = chunks(org, Mail([{"version": version}], to))
    return chunk.group, chunk.body


def test_only_what_is_missing_is_queued_again(
    gateway: Gateway, db: Database, queue: Waiting, org: str
) -> None:
    """For the one that could not be told, behind its back; the others are never told twice."""
    names = everybody(db, org, 3)
    gateway.posting[names[0]] = gateway.ending[names[0]] = [trouble.fault]
    first, second = message(org, *names), message(org, *names[:2], version=2)
    assert queued([first, second]) == {"batchItemFailures": []}
    ((group, body),) = queue()
    assert group == f"{first[0]}#again"
    assert fanout.mail(body).to == {Reader(names[0]): (0, 1)}
    gateway.posting.clear()
    assert queued([(group, body)]) == {"batchItemFailures": []}
    assert [versions(gateway, each) for each in names] == [[1, 2], [1, 2], [1]]
    assert queue() == []


def test_where_nothing_can_be_told_the_messages_come_back(
    gateway: Gateway, queue: Waiting, org: str
) -> None:
    """All of the group, in order, to end as dead letters in time; other groups go on."""
    gateway.posting["x"] = gateway.ending["x"] = [trouble.fault]
    first, second = message(f"{org}-1", "x"), message(f"{org}-1", "x", version=2)
    other = message(f"{org}-2", "z")
    answer = queued([first, other, second])
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}, {"itemIdentifier": "2"}]}
    assert versions(gateway, "z") == [1]
    assert queue() == []


def test_what_the_queue_does_not_take_again_comes_back_whole(
    gateway: Gateway, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told twice to some, which drop it, rather than never to one."""

    def full(*_: object) -> int:
        raise ServiceUnavailableError

    monkeypatch.setenv("FANOUT_QUEUE_URL", "https://sqs.invalid/q.fifo")
    monkeypatch.setattr(Queue, "send", full)
    gateway.posting["x"] = gateway.ending["x"] = [trouble.fault]
    assert queued([message(org, "x", "y")]) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert versions(gateway, "y") == [1]


def test_a_message_that_cannot_be_read_holds_back_its_own_group(gateway: Gateway, org: str) -> None:
    """What is behind it comes back with it; what stood before and other groups are told."""
    first, later = message(org, "x"), message(org, "x", version=2)
    other = message(f"{org}-2", "z")
    answer = queued([first, (first[0], "{"), other, later])
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "3"}]}
    assert (versions(gateway, "x"), versions(gateway, "z")) == ([1], [1])


def test_a_backlog_becomes_fewer_frames(gateway: Gateway, db: Database, org: str) -> None:
    """What waits in a lane is told together: one post for ten messages, in order."""
    names = everybody(db, org, 3)
    backlog = [message(org, *names, version=each) for each in range(1, 11)]
    assert queued(backlog) == {"batchItemFailures": []}
    assert gateway.posts == len(names)
    assert all(versions(gateway, each) == list(range(1, 11)) for each in names)


def test_a_bulk_goes_by_the_queue_however_small_the_org(
    gateway: Gateway, db: Database, queue: Waiting, org: str
) -> None:
    """Ten changes at once: what follows of the bulk is gathered there. Fewer go at once."""
    (name,) = everybody(db, org, 1)
    assert broadcast(*changes(org, *range(2, 12))) == []
    ((_, body),) = queue()
    assert (gateway.posts, len(fanout.mail(body).events)) == (0, 10)
    assert broadcast(*changes(org, *range(12, 21))) == []
    assert (len(versions(gateway, name)), queue()) == (9, [])


def burst(name: str, *versions: int) -> tuple[str, str]:
    """One message of so many changes for a connection."""
    events = [{"version": each} for each in versions]
    (chunk,) = chunks("org", Mail(events, {Reader(name): tuple(range(len(events)))}))
    return chunk.group, chunk.body


def test_a_burst_goes_back_once_to_come_with_what_follows(
    gateway: Gateway, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For about a second; then all of it is told in one frame, in order."""
    slept: list[float] = []
    handed: list[list[str]] = []
    monkeypatch.setattr("closedloop.realtime.handlers.fanout.time.sleep", slept.append)
    monkeypatch.setattr(Queue, "hand_back", lambda _, receipts: handed.append(list(receipts)))
    monkeypatch.setenv("FANOUT_QUEUE_URL", "https://sqs.invalid/q.fifo")
    first, second = burst("x", *range(1, 21)), burst("x", 21, 22)
    assert queued([first]) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert (gateway.posts, handed) == (0, [["receipt-0"]])
    assert 0.5 < max(slept) <= 1
    assert queued([first, second], receives=2) == {"batchItemFailures": []}
    assert (gateway.posts, versions(gateway, "x")) == (1, list(range(1, 23)))


def test_a_burst_that_cannot_go_back_is_told(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once: hidden it would wait for minutes."""

    def away(*_: object) -> None:
        raise ServiceUnavailableError

    monkeypatch.setattr(Queue, "hand_back", away)
    monkeypatch.setenv("FANOUT_QUEUE_URL", "https://sqs.invalid/q.fifo")
    assert queued([burst("x", *range(1, 21))]) == {"batchItemFailures": []}
    assert versions(gateway, "x") == list(range(1, 21))


def test_what_goes_back_comes_again_in_order(db: Database, queue: Waiting) -> None:
    """At once, and before what was sent later to its group."""
    itself = realtime.fanout()
    itself.send([Chunk("g", "1")])
    client, url = itself._client, itself._url  # noqa: SLF001 - the client under test
    (got,) = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    itself.send([Chunk("g", "2")])
    itself.hand_back([got["ReceiptHandle"]])
    assert [body for _, body in queue()] == ["1", "2"]
    with pytest.raises(ServiceUnavailableError):
        itself.hand_back(["no receipt"])


def test_the_function_gets_as_many_as_the_rule_says() -> None:
    """What gathers and how a message is sized rest on it."""
    (mapping,) = functions()["fanout"]["Events"].values()
    assert mapping["Properties"]["BatchSize"] == fanout.BATCH
    seconds = functions()["fanout"]["Timeout"] - 15
    assert seconds >= fanout.POSTS * fanout.BATCH / fanout.POSTS_A_SECOND
    functions_at_once = mapping["Properties"]["ScalingConfig"]["MaximumConcurrency"]
    assert functions_at_once > fanout.LANES
    assert functions_at_once * fanout.POSTS_A_SECOND <= 6_000


def test_posts_are_paced(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many a second, evenly, whoever asks: the account's limit is the buttons' too."""
    now = [100.0]
    monkeypatch.setattr("closedloop.realtime.handlers.post.time.monotonic", lambda: now[0])
    slept: list[float] = []
    monkeypatch.setattr("closedloop.realtime.handlers.post.time.sleep", slept.append)
    pace = Pace(500)
    for _ in range(4):
        pace.wait()
    now[0] += 60
    pace.wait()
    assert slept == pytest.approx([0, 0.002, 0.004, 0.006, 0])


def test_all_that_failed_are_named(gateway: Gateway, org: str) -> None:
    """Also when none went well: an exception would hide which."""
    gateway.posting[None] = gateway.ending[None] = [trouble.fault]
    answer = queued([message(f"{org}-1", "x"), message(f"{org}-2", "y")])
    assert [each["itemIdentifier"] for each in answer["batchItemFailures"]] == ["0", "1"]


def test_gone_and_stuck_connections_fail_nothing(gateway: Gateway, db: Database, org: str) -> None:
    """As when told at once: forgotten, or ended."""
    names = everybody(db, org, 3)
    gateway.posting |= {names[0]: [trouble.gone], names[1]: [trouble.busy]}
    assert queued([message(org, *names)]) == {"batchItemFailures": []}
    assert [stored(db, each) is None for each in names] == [True, True, False]
    assert gateway.ended == [names[1]]


def test_batches_to_the_queue_keep_its_limits(
    db: Database, queue: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten messages and 256 KB at once; order within a group as sent."""
    sizes = [200_000, 100_000, *[10] * 21]
    sent = [Chunk("g", f"{n}".ljust(size, "x")) for n, size in enumerate(sizes)]
    queue_itself = realtime.fanout()
    client, batches = queue_itself._client, []  # noqa: SLF001 - the client under test
    send = client.send_message_batch

    def watched(**request: Any) -> Any:
        batches.append([each["MessageBody"] for each in request["Entries"]])
        return send(**request)

    monkeypatch.setattr(client, "send_message_batch", watched)
    assert queue_itself.send(sent) == len(sent)
    assert [len(each) for each in batches] == [1, 10, 10, 2]
    assert max(sum(map(len, each)) for each in batches) <= 256 * 1024
    assert [body for _, body in queue()] == [each.body for each in sent]


@pytest.mark.parametrize("answer", [{"Failed": [{"Id": "0"}]}, None])
def test_a_message_that_is_not_taken_is_said(answer: dict[str, Any] | None) -> None:
    """One of them refused, or no answer at all."""

    class Client:
        @staticmethod
        def send_message_batch(**_: Any) -> Any:
            return answer or trouble.silent("https://sqs.invalid")

    with pytest.raises(ServiceUnavailableError):
        Queue(Client(), "url").send([Chunk("g", "x")])


def test_what_was_given_up_is_noted_by_its_place(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stream, shard, first and last number, how many and why: enough to read them again."""
    lines = StringIO()
    logger = Logger(service=f"test-{uuid4()}", stream=lines, location=None)
    monkeypatch.setattr("closedloop.edge.log._logger", lambda: logger)
    (body,) = [each["body"] for each in event_of("broadcast_failed", "poison")["Records"]]
    assert queued([("", body), ("", body)], function="broadcast_failed") == {
        "batchItemFailures": []
    }
    line = json.loads(lines.getvalue())
    assert (line["message"], line["action"], line["Discarded"]) == (
        "Done",
        "broadcast_failed",
        [2.0],
    )
    assert line["notes"][0] == {
        "stream": "arn:aws:dynamodb:us-east-1:123456789012:table/closedloop-appointments"
        "/stream/2026-11-20T12:00:00.000",
        "shard": "shardId-00000001795186800000-a1b2c3d4",
        "first": "111100000000000000000006",
        "last": "111100000000000000000006",
        "records": 1,
        "condition": "RetryAttemptsExhausted",
    }


def test_what_cannot_be_read_stays_in_the_queue(db: Database) -> None:
    """It is named, and the alarm on the queue's age tells somebody; the others are noted."""
    (body,) = [each["body"] for each in event_of("broadcast_failed", "poison")["Records"]]
    answer = queued([("", "{"), ("", body), ("", "{}")], function="broadcast_failed")
    assert [each["itemIdentifier"] for each in answer["batchItemFailures"]] == ["0", "2"]

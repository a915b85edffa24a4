"""Announcing: to whom it must be told, in order, and what it costs."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING
from uuid import uuid4

from aws_lambda_powertools import Logger

from closedloop import wiring
from closedloop.realtime.clients.queue import Queue
from tests.realtime import gateway as trouble
from tests.realtime.support import (
    broadcast,
    changes,
    connect,
    image,
    issued,
    many,
    opened,
    poison,
    record,
    send,
    versions,
)
from tests.support.wire import wire

if TYPE_CHECKING:
    import pytest

    from tests.realtime.gateway import Gateway
    from tests.support.database import Database


def test_one_query_and_one_post(gateway: Gateway, org: str, names: list[str]) -> None:
    """What an announcement to one screen costs."""
    opened(org, names[0], "leads")
    with wire() as watched:
        assert broadcast(*changes(org, 8)) == []
    assert watched.requests == ["Query"]
    assert gateway.posts == 1
    assert versions(gateway, names[0]) == [8]


def test_one_query_for_an_org_whatever_the_batch(gateway: Gateway, org: str) -> None:
    """Nobody connected: a hundred changes cost one request; of two orgs: two."""
    with wire() as watched:
        assert broadcast(*changes(org, *range(2, 102))) == []
    assert watched.requests == ["Query"]
    with wire() as watched:
        assert broadcast(*changes(org, 2), *changes(f"{org}-other", 2), *changes(org, 3)) == []
    assert watched.requests == ["Query", "Query"]
    assert gateway.posts == 0


def test_who_asked_is_told_in_the_order_of_the_stream(
    gateway: Gateway, org: str, names: list[str]
) -> None:
    """By table, by row, or not at all; another org's screen hears nothing."""
    opened(org, names[0], "leads")
    opened(org, names[1], "leads", "jobs", ids=["b"])
    opened(org, names[2], "calls")
    opened(org, names[3])
    opened(f"{org}-other", names[4], "leads")
    records = [
        record(org, "leads", None, image(row, version))
        for row, version in (("a", 1), ("b", 2), ("a", 3), ("c", 4), ("b", 5))
    ]
    assert broadcast(*records) == []
    assert versions(gateway, names[0]) == [1, 2, 3, 4, 5]
    assert versions(gateway, names[1]) == [2, 5]
    assert not any(gateway.told[each] for each in names[2:])


def test_a_connection_whose_time_is_over_is_not_told(
    gateway: Gateway, db: Database, org: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row may still be there; its socket is not."""
    long_ago = wiring.now().replace(year=2020)
    with monkeypatch.context() as patched:
        ticket = issued(org)
        patched.setattr("closedloop.wiring.now", lambda: long_ago)
        assert connect(names[0], ticket) == 200
    assert broadcast(*changes(org, 2)) == []
    assert gateway.posts == 0


def test_a_batch_is_one_frame_a_screen(gateway: Gateway, org: str, names: list[str]) -> None:
    """What belongs together costs one post: an array, in order; alone an event is as it was."""
    opened(org, names[0], "leads")
    opened(org, names[1], "leads", ids=["b"])
    records = [*changes(org, 2, 3, 4), *changes(org, 5, row="b")]
    assert broadcast(*records) == []
    (frame,) = gateway.frames[names[0]]
    assert [each["version"] for each in frame] == [2, 3, 4, 5]
    (alone,) = gateway.frames[names[1]]
    assert (alone["type"], alone["version"]) == ("UPDATE", 5)


def test_who_says_so_gets_tables(gateway: Gateway, org: str, names: list[str]) -> None:
    """At the first subscription or later, and then for good; nobody else does."""
    opened(org, names[0], "leads")
    opened(org, names[1])
    for more in ({"packed": True}, {}):
        message = {"action": "subscribe", "tables": ["leads"], **more}
        assert send(names[1], message)["type"] == "SUBSCRIBED"
    assert broadcast(*changes(org, *range(2, 8))) == []
    assert "rows" not in json.dumps(gateway.frames[names[0]])
    ((table,),) = gateway.frames[names[1]]
    assert len(table["rows"]) == 6
    assert gateway.told[names[0]] == gateway.told[names[1]]


def test_three_hundred_are_told_at_once(gateway: Gateway, db: Database, org: str) -> None:
    """Without a queue, each in order, all within the invocation."""
    everybody = {f"{org}-{n}": ["leads"] for n in range(300)}
    many(db, org, everybody)
    assert broadcast(*changes(org, *range(2, 7))) == []
    assert {each: versions(gateway, each) for each in everybody} == {
        each: [2, 3, 4, 5, 6] for each in everybody
    }


def test_a_burst_lets_the_next_records_gather(
    gateway: Gateway, org: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a moment, as long as a stream is left alone anyway; less than a burst does not wait."""
    opened(org, names[0], "leads")
    slept: list[float] = []
    monkeypatch.setattr("closedloop.realtime.handlers.announce.time.sleep", slept.append)
    monkeypatch.setattr(Queue, "send", lambda _, chunks: len(list(chunks)))
    monkeypatch.setenv("FANOUT_QUEUE_URL", "https://sqs.invalid/q.fifo")
    assert broadcast(*changes(org, *range(2, 11))) == []
    assert max(slept, default=0) < 0.1
    assert broadcast(*changes(org, *range(11, 21))) == []
    assert slept[-1] == 0.25


def test_its_line_counts_and_tells_no_content(
    gateway: Gateway, org: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line with the metrics; of the poison its kind and place; no field of any row."""
    lines = StringIO()
    logger = Logger(service=f"test-{uuid4()}", stream=lines, location=None)
    opened(org, names[0], "leads")
    opened(org, names[1], "leads")
    gateway.posting[names[1]] = [trouble.gone]
    monkeypatch.setattr("closedloop.edge.log._logger", lambda: logger)
    secret = record(org, "leads", None, image("a", 7, name="SECRET", phone="+13125550199"))
    broadcast(secret, poison(org))
    fault, line = (json.loads(each) for each in lines.getvalue().splitlines())
    assert (fault["message"], fault["error"]) == ("Fault", "KeyError")
    assert (line["message"], line["action"]) == ("Failed", "broadcast")
    counted = {"Records", "Poison", "Announced", "Posts", "Gone", "FailedRecords", "Failed"}
    assert {name: line[name] for name in counted} == {
        "Records": [2.0], "Poison": [1.0], "Announced": [1.0], "Posts": [1.0],
        "Gone": [1.0], "FailedRecords": [1.0], "Failed": [1.0],
    }  # fmt: skip
    metrics = line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    assert counted | {"Duration"} == {each["Name"] for each in metrics}
    assert "SECRET" not in lines.getvalue()
    assert "5550199" not in lines.getvalue()


def test_the_gateway_is_asked_as_its_documentation_says(
    gateway: Gateway, org: str, names: list[str]
) -> None:
    """The connection's id stands escaped in the path of the stage."""
    seen: list[str] = []

    def look(url: str) -> None:
        seen.append(url)

    gateway.posting[None] = [look]
    opened(org, "BFHPh/fCWI=" + org, "leads")
    broadcast(*changes(org, 2))
    assert seen == [f"https://sockets.invalid/live/@connections/BFHPh%2FfCWI%3D{org}"]

"""Announcing: to whom it must be told, in order, once, and nobody is kept waiting by trouble."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger

from closedloop import wiring
from closedloop.adapters.dynamo.connections import Connections
from closedloop.errors import ServiceUnavailableError
from tests.realtime import gateway as trouble
from tests.realtime.support import (
    broadcast,
    connect,
    image,
    issued,
    many,
    number,
    opened,
    poison,
    record,
    stored,
)
from tests.support.wire import wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.realtime.gateway import Gateway
    from tests.support.database import Database

BUSY = {
    "busy": trouble.busy,
    "fault": trouble.fault,
    "silent": trouble.silent,
    "unreachable": trouble.unreachable,
    "refused": trouble.refused,
}


def changes(org: str, *versions: int, table: str = "leads", row: str = "a") -> list[Any]:
    """Records of a row that moves through these versions."""
    return [record(org, table, image(row, each - 1), image(row, each)) for each in versions]


def versions(gateway: Gateway, connection: str) -> list[int]:
    """What a connection was told, in order."""
    return [each["version"] for each in gateway.told[connection]]


@pytest.fixture
def names(org: str) -> list[str]:
    """Names for connections, the same order each time."""
    return [f"{org}-{n}" for n in range(5)]


def test_one_query_and_one_post(gateway: Gateway, org: str, names: list[str]) -> None:
    """What an announcement to one screen costs."""
    opened(org, names[0], "leads")
    with wire() as watched:
        assert broadcast(*changes(org, 8)) == []
    assert watched.requests == ["Query"]
    assert gateway.posts == 1
    assert gateway.told[names[0]][0]["old_record"] == {"version": 7}


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


@pytest.mark.parametrize("kind", BUSY)
def test_short_trouble_is_waited_out(
    gateway: Gateway, org: str, names: list[str], kind: str
) -> None:
    """Twice in vain, then told, in order and once."""
    opened(org, names[0], "leads")
    gateway.posting[names[0]] = [BUSY[kind], BUSY[kind], trouble.fine]
    assert broadcast(*changes(org, 2, 3)) == []
    assert versions(gateway, names[0]) == [2, 3]
    assert gateway.posts == 4


def test_a_connection_that_is_gone_is_forgotten(
    gateway: Gateway, db: Database, org: str, names: list[str]
) -> None:
    """At the first 410: asked once, no failure, and never asked again."""
    for each in names[:3]:
        opened(org, each, "leads")
    gateway.posting[names[1]] = [trouble.gone]
    assert broadcast(*changes(org, 2, 3)) == []
    assert gateway.requests[f"POST {names[1]}"] == 1
    assert (gateway.requests[f"DELETE {names[1]}"], stored(db, names[1])) == (0, None)
    assert broadcast(*changes(org, 4)) == []
    assert gateway.requests[f"POST {names[1]}"] == 1
    assert [versions(gateway, each) for each in (names[0], names[2])] == [[2, 3, 4]] * 2


@pytest.mark.parametrize("kind", BUSY)
def test_a_connection_that_takes_nothing_is_ended(
    gateway: Gateway, db: Database, org: str, names: list[str], kind: str
) -> None:
    """So that its client comes back and catches up, and it keeps nobody else waiting."""
    for each in names[:2]:
        opened(org, each, "leads")
    gateway.posting[names[0]] = [BUSY[kind]]
    assert broadcast(*changes(org, 2, 3)) == []
    assert gateway.requests[f"POST {names[0]}"] == 3
    assert (gateway.ended, stored(db, names[0])) == ([names[0]], None)
    assert versions(gateway, names[1]) == [2, 3]


def test_one_that_is_gone_when_it_is_to_be_ended_is_forgotten(
    gateway: Gateway, db: Database, org: str, names: list[str]
) -> None:
    """Ended by itself meanwhile: the same."""
    opened(org, names[0], "leads")
    gateway.posting[names[0]], gateway.ending[names[0]] = [trouble.busy], [trouble.gone]
    assert broadcast(*changes(org, 2)) == []
    assert stored(db, names[0]) is None


@pytest.mark.parametrize("kind", [*BUSY, "forbidden"])
def test_while_the_gateway_is_away_the_records_fail(
    gateway: Gateway, db: Database, org: str, names: list[str], kind: str
) -> None:
    """Neither told nor ended: the records come back, from the first one untold on."""
    opened(org, names[0], "leads")
    away = {**BUSY, "forbidden": trouble.forbidden}[kind]
    gateway.posting[None], gateway.ending[None] = [trouble.fine, away], [away]
    records = changes(org, 2, 3, 4)
    assert broadcast(*records) == [number(each) for each in records[1:]]
    assert stored(db, names[0]) is not None
    gateway.posting.clear()
    assert broadcast(*records[1:]) == []
    assert versions(gateway, names[0]) == [2, 3, 4]


def test_only_what_was_not_told_fails(gateway: Gateway, org: str, names: list[str]) -> None:
    """Two orgs and a row that nobody watches: the one record that missed its screen."""
    other = f"{org}-other"
    opened(org, names[0], "leads")
    opened(other, names[1], "leads")
    gateway.posting[names[1]] = gateway.ending[names[1]] = [trouble.fault]
    records = [*changes(org, 2), *changes(other, 3, table="jobs"), *changes(other, 4)]
    records += changes(org, 5)
    assert broadcast(*records) == [number(records[2])]
    assert versions(gateway, names[0]) == [2, 5]


def test_poison_fails_alone(gateway: Gateway, org: str, names: list[str]) -> None:
    """Everything else of the batch is told in the same invocation."""
    opened(org, names[0], "leads")
    good = changes(org, 2, 3, 4)
    bad = [poison(org), poison(org)]
    assert broadcast(bad[0], good[0], bad[1], *good[1:]) == [number(each) for each in bad]
    assert versions(gateway, names[0]) == [2, 3, 4]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: one["dynamodb"].pop("NewImage"),
        lambda one: one["dynamodb"].pop("Keys"),
        lambda one: one.pop("eventSourceARN"),
        lambda one: one.update(eventSourceARN="arn:aws:dynamodb:us-east-1:1:table/x/stream/1"),
        lambda one: one["dynamodb"]["NewImage"].pop("id"),
        lambda one: one["dynamodb"]["NewImage"].pop("updated_at"),
        lambda one: one["dynamodb"]["NewImage"].update(version={"S": "7"}),
        lambda one: one["dynamodb"]["NewImage"].update(version={"N": "1.5"}),
        lambda one: one["dynamodb"]["NewImage"].update(notes={"S": "\ud800"}),
        lambda one: one["dynamodb"]["NewImage"].update(notes={}),
        lambda one: one["dynamodb"]["NewImage"].update(notes={"SS": {1}}),
        lambda one: one["dynamodb"].update(ApproximateCreationDateTime="soon"),
    ],
)
def test_whatever_is_wrong_with_a_record_is_poison(
    gateway: Gateway, org: str, names: list[str], spoil: Any
) -> None:
    """And fails alone."""
    opened(org, names[0], "leads")
    bad, good = *changes(org, 2), *changes(org, 3)
    spoil(bad)
    assert broadcast(bad, good) == [number(bad)]
    assert versions(gateway, names[0]) == [3]


@pytest.mark.parametrize("wrong", [ServiceUnavailableError(), KeyError("subscriptions")])
def test_an_org_that_cannot_be_looked_up_fails_alone(
    gateway: Gateway, org: str, names: list[str], wrong: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its records come back; the other org is told."""
    opened(org, names[0], "leads")
    asked = Connections.of_org

    def of_org(self: Connections, org_id: str, now: Any) -> Iterator[Any]:
        if org_id != org:
            raise wrong
        return asked(self, org_id, now)

    monkeypatch.setattr(Connections, "of_org", of_org)
    other = changes(f"{org}-other", 3)
    assert broadcast(*changes(org, 2), *other) == [number(other[0])]
    assert versions(gateway, names[0]) == [2]


def test_near_the_end_of_its_time_no_post_begins(
    gateway: Gateway, org: str, names: list[str]
) -> None:
    """What is left comes back instead of dying with the function."""

    class Context:
        aws_request_id = "r"

        @staticmethod
        def get_remaining_time_in_millis() -> int:
            return 14_000

    opened(org, names[0], "leads")
    records = changes(org, 2)
    assert broadcast(*records, context=Context()) == [number(records[0])]
    assert gateway.posts == 0


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


def test_three_hundred_are_told_at_once(gateway: Gateway, db: Database, org: str) -> None:
    """Without a queue, each in order, all within the invocation."""
    everybody = {f"{org}-{n}": ["leads"] for n in range(300)}
    many(db, org, everybody)
    assert broadcast(*changes(org, *range(2, 7))) == []
    assert {each: versions(gateway, each) for each in everybody} == {
        each: [2, 3, 4, 5, 6] for each in everybody
    }


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

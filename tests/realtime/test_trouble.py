"""Announcing in trouble: nobody is kept waiting by it, and what was not told is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core.errors import ServiceUnavailableError
from closedloop.realtime.clients.connections import Connections
from tests.realtime import gateway as trouble
from tests.realtime.support import (
    broadcast,
    changes,
    image,
    number,
    opened,
    poison,
    record,
    stored,
    versions,
)

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


@pytest.mark.parametrize("kind", sorted(BUSY.keys() - {"silent"}))
def test_short_trouble_is_waited_out(
    gateway: Gateway, org: str, names: list[str], kind: str
) -> None:
    """Four times in vain, then told, in order and once."""
    opened(org, names[0], "leads")
    gateway.posting[names[0]] = [*[BUSY[kind]] * 4, trouble.fine]
    assert broadcast(*changes(org, 2, 3)) == []
    assert versions(gateway, names[0]) == [2, 3]
    assert gateway.posts == 5


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
    assert gateway.requests[f"POST {names[0]}"] == (1 if kind == "silent" else 5)
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
    large = {"notes": "x" * 20_000}  # each a frame of its own
    records = [record(org, "leads", None, image("a", each, **large)) for each in (2, 3, 4)]
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

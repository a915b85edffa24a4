"""Whatever happens: each screen is told its own org's changes, all of them, in order."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from closedloop import wiring
from closedloop.realtime import wiring as realtime
from local.pump.delivery import Answer, Delivery, Discarded
from local.pump.mapping import StreamMapping
from tests.realtime import gateway as trouble
from tests.realtime.support import Json, broadcast, image, many, number, poison, record
from tests.support.database import PREFIX
from tests.support.examples import freely
from tests.support.template import functions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.realtime.gateway import Gateway
    from tests.support.database import Database

ORGS, ROWS, TABLES = ("a", "b", "c"), ("1", "2"), ("leads", "jobs")
PAIRS = st.sampled_from([*TABLES, *(f"{table}#{row}" for table in TABLES for row in ROWS)])
TROUBLES = st.sampled_from([trouble.fine, trouble.fine, trouble.busy, trouble.fault, trouble.gone])
CONNECTIONS = st.lists(
    st.tuples(st.sampled_from(ORGS), st.sets(PAIRS), st.lists(TROUBLES, max_size=6), st.booleans()),
    max_size=6,
)
WRITES = st.lists(
    st.tuples(st.sampled_from(ORGS), st.sampled_from(TABLES), st.sampled_from(ROWS)) | st.none(),
    max_size=9,  # with ten for one org they go to the queue, of which other tests speak
)
FREELY = freely(40)


class World:
    """Some orgs with some connections, each in its own trouble, and a batch of the stream."""

    def __init__(self, db: Database, gateway: Gateway, connections: Any, writes: Any) -> None:
        run = uuid4().hex[:8]
        self.gateway = gateway
        gateway.told.clear()
        gateway.posting.clear()
        gateway.ending.clear()
        self.wants: dict[str, tuple[str, set[str]]] = {}
        for position, (org, subscriptions, troubles, ends) in enumerate(connections):
            name = f"{run}-{position}"
            self.wants[name] = (f"{run}-{org}", subscriptions)
            many(db, f"{run}-{org}", {name: sorted(subscriptions)})
            gateway.posting[name] = [*troubles, trouble.fine]
            gateway.ending[name] = [trouble.fine if ends else trouble.fault]
        self.records: list[Json] = []
        self.facts: list[tuple[str, str, str, int] | None] = []
        for version, write in enumerate(writes, start=1):
            if write is None:
                self.records.append(poison(f"{run}-a"))
                self.facts.append(None)
                continue
            org, table, row = write
            self.records.append(record(f"{run}-{org}", table, None, image(row, version)))
            self.facts.append((f"{run}-{org}", table, row, version))

    def due(self, name: str) -> list[int]:
        """The versions that a connection is to be told, in order."""
        org, subscriptions = self.wants[name]
        return [
            fact[3]
            for fact in self.facts
            if fact and fact[0] == org and {fact[1], f"{fact[1]}#{fact[2]}"} & subscriptions
        ]

    def told(self, name: str) -> list[int]:
        """The versions that it was told, in order."""
        return [each["version"] for each in self.gateway.told[name]]

    def left(self) -> set[str]:
        """The connections that the database still knows."""
        orgs = {org for org, _ in self.wants.values()}
        return {
            row["connection_id"]
            for org in orgs
            for row in realtime.connections().of_org(org, wiring.now())
        }


@FREELY
@given(connections=CONNECTIONS, writes=WRITES)
def test_a_batch_is_told_or_named(
    db: Database, gateway: Gateway, connections: Any, writes: Any
) -> None:
    """Told in order and no more than due; what was not told, poison included, is exactly named."""
    world = World(db, gateway, connections, writes)
    failed = set(broadcast(*world.records))
    left = world.left()
    named = {number(one) for one, fact in zip(world.records, world.facts, strict=True) if not fact}
    for name in world.wants:
        told, due = world.told(name), world.due(name)
        assert told == due[: len(told)]
        if name in left:
            missing = set(due[len(told) :])
            named |= {
                number(one)
                for one, fact in zip(world.records, world.facts, strict=True)
                if fact and fact[3] in missing
            }
    assert failed == named


class Lambda:
    """The function behind its mapping, as the stack's pump calls it by AWS's rules."""

    def __init__(self) -> None:
        self.discarded: list[Discarded] = []
        self.invocations = 0

    def invoke(self, records: Sequence[Json]) -> Answer:
        """The function's answer."""
        self.invocations += 1
        assert self.invocations < 10, "no end of tries"
        failures = [{"itemIdentifier": each} for each in broadcast(*records)]
        return Answer({"batchItemFailures": failures})

    def discard(self, discarded: Discarded) -> None:
        """Given up."""
        self.discarded.append(discarded)

    @staticmethod
    def pause(_: float) -> bool:
        """No time passes."""
        return True


def mapping() -> StreamMapping:
    """The template's, which is the same for every table."""
    events = functions()["broadcast"]["Events"].values()
    ((one, _),) = [(key, list(same)) for key, same in groupby(events, _settings)]
    return StreamMapping.of(
        {
            "UUID": "1",
            "EventSourceArn": f"arn:aws:dynamodb:us-east-1:1:table/{PREFIX}leads/stream/1",
            "FunctionArn": "broadcast",
            **one,
        }
    )


def _settings(event: dict[str, Any]) -> dict[str, Any]:
    """All but the table, and which of its items are rows: holds, not the cells that they take."""
    of_table = {"Stream", "FilterCriteria"}
    return {name: each for name, each in event["Properties"].items() if name not in of_table}


def test_every_stream_is_read_by_the_same_rules() -> None:
    """Three tries, nothing lost in silence, and nobody behind a failure for longer than that."""
    rules = mapping()
    assert (rules.max_retries, rules.reports_failures, rules.bisects) == (2, True, True)
    assert (rules.starts_at, rules.batch_size) == ("TRIM_HORIZON", 1000)
    assert str(rules.on_failure) == str({"Fn::GetAtt": ["BroadcastFailures", "Arn"]})
    assert 60 <= rules.max_age <= 24 * 3600


@FREELY
@given(connections=CONNECTIONS, writes=WRITES)
def test_by_lambdas_rules_everybody_is_told_everything(
    db: Database, gateway: Gateway, connections: Any, writes: Any
) -> None:
    """Trouble that passes: a client that drops what is not newer ends with every row as it is.

    Poison is given up within three tries, and nothing else is, unless it was told before.
    """
    world = World(db, gateway, connections, writes)
    function = Lambda()
    done = Delivery(mapping(), function, now=lambda: 1_795_186_800.0).deliver(world.records)
    assert not world.records or done
    assert all(each.invocations <= 3 for each in function.discarded)
    assert function.invocations <= 3 or not world.records
    given_up = {number(one) for each in function.discarded for one in each.records}
    bad = {number(one) for one, fact in zip(world.records, world.facts, strict=True) if not fact}
    assert bad <= given_up
    for name in world.left():
        assert _after_dropping(world, name) == _after(world, name)


def _after_dropping(world: World, name: str) -> dict[tuple[str, str], int]:
    known: dict[tuple[str, str], int] = {}
    for each in world.gateway.told[name]:
        key = (each["table"], each["id"])
        known[key] = max(known.get(key, 0), each["version"])
    return known


def _after(world: World, name: str) -> dict[tuple[str, str], int]:
    due = set(world.due(name))
    return {(fact[1], fact[2]): fact[3] for fact in world.facts if fact and fact[3] in due}

"""The rules of sockets, without any database."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from closedloop.core.tables import TABLES
from closedloop.realtime import events, fanout, subscriptions
from closedloop.realtime.errors import LimitExceededError

NAMES = st.sampled_from(TABLES)
IDS = st.sampled_from(["a", "b", "c", "a:b"])
PAIRS = st.one_of(NAMES, st.tuples(NAMES, IDS).map("#".join))
CONNECTIONS = st.dictionaries(st.text(min_size=1, max_size=4), st.frozensets(PAIRS, max_size=6))
CHANGES = st.lists(st.tuples(NAMES, IDS), max_size=8)


@given(connections=CONNECTIONS, changes=CHANGES)
def test_a_change_reaches_exactly_those_who_asked_for_it(
    connections: dict[str, frozenset[str]], changes: list[tuple[str, str]]
) -> None:
    """By its table or by its table and id, in the order of the changes, and nobody else."""
    told = subscriptions.addressed(
        (subscriptions.Connection(each, held) for each, held in connections.items()), changes
    )
    for each, held in connections.items():
        wanted = [i for i, (t, row) in enumerate(changes) if t in held or f"{t}#{row}" in held]
        assert told.get(each, []) == wanted
    assert all(told.values())
    assert told.keys() <= connections.keys()


@given(
    held=st.frozensets(PAIRS, max_size=20),
    tables=st.lists(NAMES, min_size=1, max_size=6),
    ids=st.none() | st.lists(st.from_regex(r"[a-z]{1,2}", fullmatch=True), min_size=1, max_size=20),
)
def test_subscriptions_only_grow_and_never_past_the_limit(
    held: frozenset[str], tables: list[str], ids: list[str] | None
) -> None:
    """What was asked for is there afterwards with all that was; or it is refused whole."""
    message = subscriptions.Subscribe.model_validate(
        {"action": "subscribe", "tables": tables, "ids": ids}
    )
    try:
        after = subscriptions.subscribed(message, held)
    except LimitExceededError:
        after = held
    else:
        assert held <= after
        asked = [(table, each) for table in tables for each in ids or ["anything"]]
        assert all(subscriptions.Connection("c", after).wants(*each) for each in asked)
        assert subscriptions.subscribed(message, after) == after
    assert len(after) <= max(len(held), subscriptions.SUBSCRIPTIONS)


@given(held=st.frozensets(PAIRS), tables=st.lists(NAMES, min_size=1, max_size=6), row=IDS)
def test_unsubscribing_silences_the_tables_and_no_others(
    held: frozenset[str], tables: list[str], row: str
) -> None:
    """Nothing of these tables is wanted any more; everything of the others as before."""
    message = subscriptions.Unsubscribe.model_validate({"action": "unsubscribe", "tables": tables})
    after = subscriptions.Connection("c", subscriptions.unsubscribed(message, held))
    before = subscriptions.Connection("c", held)
    for table in TABLES:
        assert after.wants(table, row) is (table not in tables and before.wants(table, row))


@given(
    sizes=st.lists(st.integers(0, 32_000), min_size=1, max_size=40),
    connections=st.integers(1, 1200),
    data=st.data(),
)
def test_chunks_tell_everybody_everything_once_and_in_order(
    sizes: list[int], connections: int, data: st.DataObject
) -> None:
    """Put together again, each connection's messages are what it wanted; none is too large."""
    texts = [json.dumps({"n": n, "x": '"' * (size // 2)}) for n, size in enumerate(sizes)]
    some = data.draw(st.lists(st.sets(st.integers(0, len(texts) - 1)), min_size=1, max_size=4))
    wanted = {f"conn-{n}": sorted(some[n % len(some)]) for n in range(connections)}
    told: dict[str, list[str]] = {each: [] for each in wanted}
    groups: dict[str, set[str]] = {each: set() for each in wanted}
    for chunk in fanout.chunks("org", texts, wanted):
        assert len(chunk.body.encode()) <= fanout.MESSAGE_BYTES
        mail = fanout.deliveries(chunk.body)
        assert 0 < len(mail) <= fanout.CHUNK_CONNECTIONS
        for each, part in mail.items():
            told[each] += part
            groups[each].add(chunk.group)
    assert told == {each: [texts[i] for i in positions] for each, positions in wanted.items()}
    assert all(len(each) <= 1 for each in groups.values())


@given(st.integers(2, 20_000), st.data())
def test_a_connection_keeps_its_group(connections: int, data: st.DataObject) -> None:
    """Whoever comes or goes moves nobody, but in the moment the number of groups doubles."""
    names = [f"conn-{n}" for n in range(connections)]
    leaver = data.draw(st.integers(0, connections - 1))
    others = [*names[:leaver], *names[leaver + 1 :], "one-more"]
    before, after = (
        {each: group for group, members in fanout._groups(some).items() for each in members}  # noqa: SLF001 - the rule under test
        for some in (names, others)
    )
    assert all(after[each] == before[each] for each in before if each in after)


def test_the_largest_message_fits_the_queue() -> None:
    """A whole batch of full frames to a whole chunk, every quote escaped, every name long."""
    text = events.text({"x": '"' * (events.FRAME_BYTES // 2 - 10)})
    assert len(text) > events.FRAME_BYTES - 20
    wanted = {f"{n:064}": list(range(100)) for n in range(fanout.CHUNK_CONNECTIONS)}
    for texts in ([text] * 100, ['"' * 1600] * 100):
        bodies = [chunk.body for chunk in fanout.chunks("org", texts, wanted)]
        assert max(len(body.encode()) for body in bodies) <= fanout.MESSAGE_BYTES

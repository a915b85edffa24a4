"""The rules of sockets, without any database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from closedloop.core.tables import TABLES
from closedloop.realtime import fanout, packing, subscriptions
from closedloop.realtime.errors import LimitExceededError
from closedloop.realtime.mail import Mail, Reader
from tests.support.template import functions

if TYPE_CHECKING:
    from closedloop.core.rows import Row

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
        assert list(told.get(Reader(each), ())) == wanted
    assert all(told.values())
    assert {each.id for each in told} <= connections.keys()


@given(
    held=st.frozensets(PAIRS, max_size=20),
    tables=st.lists(NAMES, min_size=1, max_size=6),
    ids=st.none() | st.lists(st.from_regex(r"[a-z]{1,2}", fullmatch=True), min_size=1, max_size=20),
    packed=st.booleans(),
)
def test_subscriptions_only_grow_and_never_past_the_limit(
    held: frozenset[str],
    tables: list[str],
    ids: list[str] | None,
    packed: bool,  # noqa: FBT001 - drawn
) -> None:
    """What was asked for is there afterwards with all that was; or it is refused whole."""
    message = subscriptions.Subscribe.model_validate(
        {"action": "subscribe", "tables": tables, "ids": ids, "packed": packed}
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
        assert subscriptions.Connection("c", after).reader.packed is packed
    assert len(after - {"packed"}) <= max(len(held), subscriptions.SUBSCRIPTIONS)


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
    sizes=st.lists(st.integers(0, 29_000), min_size=1, max_size=40),
    connections=st.integers(1, 1200),
    packed=st.booleans(),
    data=st.data(),
)
def test_chunks_tell_everybody_everything_once_and_in_order(
    sizes: list[int],
    connections: int,
    packed: bool,  # noqa: FBT001 - drawn
    data: st.DataObject,
) -> None:
    """Put together again, each connection's messages are what it wanted; none is too large."""
    events = [{"id": str(n), "x": '"' * (size // 2)} for n, size in enumerate(sizes)]
    some = data.draw(st.lists(st.sets(st.integers(0, len(sizes) - 1)), min_size=1, max_size=4))
    wanted = [tuple(sorted(each)) for each in some]
    to = {
        Reader(f"conn-{n}", packed and n % 2 == 0): wanted[n % len(some)]
        for n in range(connections)
    }
    told: dict[Reader, list[Row]] = {each: [] for each in to}
    groups: dict[Reader, set[str]] = {each: set() for each in to}
    for chunk in fanout.chunks("org", Mail(events, {each: to[each] for each in to if to[each]})):
        assert len(chunk.body.encode()) <= fanout.MESSAGE_BYTES
        mail = fanout.mail(chunk.body)
        assert 0 < sum(len(frames) for _, frames in mail.letters()) <= fanout.POSTS
        for reader, positions in mail.to.items():
            told[reader] += [mail.events[i] for i in positions]
            groups[reader].add(chunk.group)
    assert told == {each: [events[i] for i in positions] for each, positions in to.items()}
    assert all(len(each) <= 1 for each in groups.values())
    assert len({group for each in groups.values() for group in each}) <= fanout.LANES


@settings(deadline=None)
@given(st.integers(2, 20_000), st.data())
def test_a_connection_keeps_its_lane(connections: int, data: st.DataObject) -> None:
    """Whoever comes or goes moves nobody, but in the moment the number of lanes doubles."""
    names = [Reader(f"conn-{n}") for n in range(connections)]
    leaver = data.draw(st.integers(0, connections - 1))
    others = [*names[:leaver], *names[leaver + 1 :], Reader("one-more")]
    before, after = (
        {each: lane for lane, members in fanout._lanes(some).items() for each in members}  # noqa: SLF001 - the rule under test
        for some in (names, others)
    )
    assert all(after[each] == before[each] for each in before if each in after)


@given(changes=st.integers(1, 1000), connections=st.integers(1, 20_000))
def test_messages_come_no_faster_than_lanes_take_them(changes: int, connections: int) -> None:
    """Up to 10,000 connections; and no change waits long for another org's."""
    pause = fanout.pause(changes, connections)
    lanes = fanout._count(connections)  # noqa: SLF001 - the rule under test
    assert pause <= 0.5
    assert changes < fanout.BURST or pause >= 0.25
    if connections <= 10_000:
        seconds_of_a_lane = connections / lanes / fanout.POSTS_A_SECOND
        assert fanout.READERS / pause <= fanout.BATCH / seconds_of_a_lane * 1.001
    (mapping, *_) = functions()["broadcast"]["Events"].values()
    assert mapping["Properties"]["ParallelizationFactor"] == fanout.READERS


def test_what_is_missing_waits_in_a_group_of_its_own() -> None:
    """Out of the way of its lane, and there it stays when it is missing once more."""
    mail = Mail([{"id": "a"}], {Reader("x"): (0,)})
    (once,) = fanout.missing("org#1", mail)
    (twice,) = fanout.missing(once.group, mail)
    assert once.group == twice.group == "org#1#again"
    assert fanout.mail(once.body) == mail


def test_messages_fit_where_everybody_reads_something_else() -> None:
    """A thousand readers of two hundred events each, no two of the same: their lists are long."""
    events = [{"n": n} for n in range(400)]
    to = {Reader(f"{n}"): tuple(i for i in range(400) if n >> i % 10 & 1) for n in range(1, 1000)}
    found = list(fanout.chunks("org", Mail(events, to)))
    assert sum(len(each.body) for each in found) > 2 * fanout.MESSAGE_BYTES
    assert max(len(each.body.encode()) for each in found) <= fanout.MESSAGE_BYTES
    assert {reader for each in found for reader in fanout.mail(each.body).to} == set(to)


def test_the_largest_message_fits_the_queue() -> None:
    """A whole batch of full frames, every quote escaped, every name long, everybody another."""
    full = {"x": '"' * (packing.FRAME_BYTES // 2 - 10)}
    assert packing.FRAME_BYTES - 20 < len(packing.dump(full)) <= packing.FRAME_BYTES
    for events in ([full] * 100, [{"x": '"' * 1600}] * 1000):
        to = {
            Reader(f"{n:064}", packed=n % 2 == 0): tuple(range(n % 7, len(events)))
            for n in range(1000)
        }
        bodies = [chunk.body for chunk in fanout.chunks("org", Mail(events, to))]
        assert max(len(body.encode()) for body in bodies) <= fanout.MESSAGE_BYTES

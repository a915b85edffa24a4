"""A bulk of 500 leads told to ten thousand sockets, on a virtual clock.

The messages, frames, lanes, paces, gathering and repeats are the code's own, what the template
sets is read from it; made up are the clock, the gateway (20 ms a post) and the queue's hand.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import islice
from typing import TYPE_CHECKING
from zlib import crc32

from bench import scale_quotas as aws
from bench.scale_clock import Clock
from closedloop.edge.bulk import ROWS
from closedloop.realtime import fanout
from closedloop.realtime.handlers.fanout import GATHER_SECONDS
from closedloop.realtime.mail import Mail, Reader
from closedloop.realtime.packing import unpacked
from closedloop.realtime.wiring import SOCKET_THREADS
from tests.realtime.support import bulk
from tests.support.template import functions, resources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from closedloop.core.rows import Row

LAST_SECONDS = 15  # of a function's time, in which no post begins
OTHER = "other"


@dataclass
class Told:
    """What came of it."""

    posts: int = 0
    broadcasts: int = 0
    fanouts: int = 0
    queued: int = 0
    queued_again: int = 0
    dead: int = 0
    """Messages that ended as dead letters."""

    gone: int = 0
    ended: int = 0
    seconds: float = 0.0
    """From the press's last commit until the last socket has all of it."""

    frames: int = 0
    """The most that one socket was sent."""

    untold: int = 0
    """Open sockets that lack a change: must be 0."""

    other_seconds: float = 0.0
    """The slowest of the presses that another large org makes meanwhile."""


@dataclass
class _Message:
    body: str
    sent: float
    receives: int = 0


@dataclass
class World:
    """One org with a bulk, and another one, of 400 sockets, with a press a second."""

    leads: int = 500
    sockets: int = 10_000
    hanging: float = 0.0
    gone: float = 0.0
    packed: bool = True
    clock: Clock = field(default_factory=Clock)
    told: Told = field(default_factory=Told)

    def __post_init__(self) -> None:
        """Everybody connected, the queue empty."""
        self.readers = [Reader(f"L0SM9cOFvHc{n:05}=", self.packed) for n in range(self.sockets)]
        self.others = [Reader(f"K7aP2dQRxYz{n:05}=", packed=True) for n in range(400)]
        self.trouble = {
            reader.id: kind
            for kind, share, step in (("hanging", self.hanging, 0), ("gone", self.gone, 1))
            for reader in islice(self.readers, step, None, round(1 / share) if share else None)
            if share
        }
        self.groups: dict[str, deque[_Message]] = {}
        self.busy: set[str] = set()
        self.running = 0
        self.known: dict[str, set[str]] = {}
        self.frames: Counter[str] = Counter()
        self.away: set[str] = set()
        (mapping,) = functions()["fanout"]["Events"].values()
        self.at_once: int = mapping["Properties"]["ScalingConfig"]["MaximumConcurrency"]
        self.last_post = functions()["fanout"]["Timeout"] - LAST_SECONDS
        self.hidden: float = resources("AWS::SQS::Queue")["FanoutQueue"]["VisibilityTimeout"]
        policy = resources("AWS::SQS::Queue")["FanoutQueue"]["RedrivePolicy"]
        self.receives: int = policy["maxReceiveCount"]

    def happen(self) -> Told:
        """All of it, until nothing moves any more."""
        events = bulk(self.leads)
        steps = range(0, self.leads, ROWS)
        seconds = aws.TRANSACTION_MS / 1000
        shard = _Shard(self, "org", self.readers)
        for number, start in enumerate(steps, start=1):
            self.clock.after(number * seconds, partial(shard.add, events[start : start + ROWS]))
        committed = len(steps) * seconds
        presses = [each | {"id": f"other-{n}"} for n, each in enumerate(bulk(10))]
        another = _Shard(self, OTHER, self.others)
        for number, press in enumerate(presses):
            self.clock.after(number, partial(another.add, [press]))
        self.clock.run()
        wanted = {each["id"] for each in events}
        self.told.untold = sum(
            self.known.get(each.id, set()) != wanted
            for each in self.readers
            if each.id not in self.trouble
        )
        self.told.seconds -= committed
        self.told.frames = max(self.frames[each.id] for each in self.readers)
        return self.told

    def send(self, chunks: Sequence[fanout.Chunk]) -> None:
        """Messages arrive in the queue."""
        for chunk in chunks:
            self.groups.setdefault(chunk.group, deque()).append(
                _Message(chunk.body, self.clock.now)
            )
        self.clock.after(aws.QUEUE_MS / 1000, self.poll)

    def poll(self) -> None:
        """Functions take what waits: one at a time for a group, the oldest first."""
        waiting = [g for g, queue in self.groups.items() if queue and g not in self.busy]
        for group in sorted(waiting, key=lambda g: self.groups[g][0].sent):
            if self.running < self.at_once:
                self._invoke(group)

    def _invoke(self, group: str) -> None:
        queue = self.groups[group]
        messages = [queue.popleft() for _ in range(min(fanout.BATCH, len(queue)))]
        for each in messages:
            each.receives += 1
        self.busy.add(group)
        self.running += 1
        self.told.fanouts += 1
        mails = [fanout.mail(each.body) for each in messages]
        changes = sum(len(each.events) for each in mails)
        if fanout.gathers(max(each.receives for each in messages), len(messages), changes):
            self.clock.after(GATHER_SECONDS, partial(self._back, group, messages))
            return
        _Invocation(self, group, messages, Mail.joined(mails)).begin()

    def _back(self, group: str, messages: list[_Message]) -> None:
        alive = [each for each in messages if each.receives < self.receives]
        self.told.dead += len(messages) - len(alive)
        self.groups[group].extendleft(reversed(alive))
        self.free(group)

    def fail(self, group: str, messages: list[_Message]) -> None:
        """They stay hidden for their time; the group waits for them."""
        self.running -= 1
        self.clock.after(self.hidden, partial(self._back_later, group, messages))

    def _back_later(self, group: str, messages: list[_Message]) -> None:
        self.running += 1
        self._back(group, messages)

    def free(self, group: str) -> None:
        """The function is done with this group."""
        self.busy.discard(group)
        self.running -= 1
        self.clock.after(aws.QUEUE_MS / 1000, self.poll)


class _Shard:
    """A shard of the stream: read four times a second, by as many functions as the template says.

    The items of a row always come to the same function, as Lambda keeps their order.
    """

    def __init__(self, world: World, org_id: str, readers: Sequence[Reader]) -> None:
        self.world, self.org_id, self.readers = world, org_id, readers
        (each, *_) = functions()["broadcast"]["Events"].values()
        self.size: int = each["Properties"]["BatchSize"]
        count: int = each["Properties"].get("ParallelizationFactor", 1)
        self.parts: list[deque[Row]] = [deque() for _ in range(count)]
        self.busy = [False] * count

    def add(self, events: Sequence[Row]) -> None:
        """A commit: its records can be read a moment later, and are at the next poll."""
        self.world.clock.after(aws.STREAM_MS / 1000, partial(self._visible, events))

    def _visible(self, events: Sequence[Row]) -> None:
        for each in events:
            self.parts[crc32(each["id"].encode()) % len(self.parts)].append(each)
        now = self.world.clock.now
        poll = (int(now * aws.STREAM_POLLS) + 1) / aws.STREAM_POLLS
        self.world.clock.after(poll - now, self._poll)

    def _poll(self) -> None:
        for number, part in enumerate(self.parts):
            if part and not self.busy[number]:
                self._broadcast(number, [part.popleft() for _ in range(min(self.size, len(part)))])

    def _broadcast(self, number: int, events: list[Row]) -> None:
        self.busy[number] = True
        mail = Mail(events, dict.fromkeys(self.readers, tuple(range(len(events)))))
        chunks = list(fanout.chunks(self.org_id, mail))
        self.world.told.broadcasts += 1
        self.world.told.queued += len(chunks)
        pages = -(-len(self.readers) * 250 // aws.QUERY_PAGE_BYTES)
        spent = pages * aws.QUERY_PAGE_MS + -(-len(chunks) // fanout.BATCH) * aws.SEND_BATCH_MS
        spent += aws.CHUNKING_MS * len(events) / 500
        self.world.clock.after(spent / 1000, partial(self._sent, number, chunks, len(events)))

    def _sent(self, number: int, chunks: list[fanout.Chunk], changes: int) -> None:
        self.world.send(chunks)
        pause = fanout.pause(changes, len(self.readers))
        self.world.clock.after(pause, partial(self._free, number))

    def _free(self, number: int) -> None:
        self.busy[number] = False
        self._poll()


class _Invocation:
    """One function that posts: so many threads, one pace, no post near the end of its time."""

    def __init__(self, world: World, group: str, messages: list[_Message], mail: Mail) -> None:
        self.world, self.group, self.messages, self.mail = world, group, messages, mail
        self.letters = iter(mail.letters())
        self.until = world.clock.now + world.last_post
        self.turn = world.clock.now
        self.threads = 0
        self.missing: dict[Reader, tuple[int, ...]] = {}

    def begin(self) -> None:
        """All threads at work."""
        for _ in range(min(SOCKET_THREADS, len(self.mail.to))):
            self.threads += 1
            self._serve_next()

    def _serve_next(self) -> None:
        found = next(self.letters, None)
        if found is None:
            self.threads -= 1
            if not self.threads:
                self._end()
        elif found[0].id in self.world.away:
            self._serve_next()
        else:
            self._post(found[0], found[1], 0)

    def _post(self, reader: Reader, frames: list[str], position: int) -> None:
        self.turn = max(self.world.clock.now, self.turn) + 1 / fanout.POSTS_A_SECOND
        wait = self.turn - self.world.clock.now
        if self.turn > self.until:
            told = sum(len(_rows(each)) for each in frames[:position])
            self.missing[reader] = self.mail.to[reader][told:]
            self.world.clock.after(0, self._serve_next)
            return
        self.world.told.posts += 1
        kind = self.world.trouble.get(reader.id)
        spent = aws.POST_MS if kind != "hanging" else aws.HUNG_MS + aws.POST_MS
        self.world.clock.after(
            wait + spent / 1000, partial(self._answered, reader, frames, position)
        )

    def _answered(self, reader: Reader, frames: list[str], position: int) -> None:
        world, kind = self.world, self.world.trouble.get(reader.id)
        if kind:
            world.away.add(reader.id)
            world.told.gone += kind == "gone"
            world.told.ended += kind == "hanging"
            self._serve_next()
            return
        world.frames[reader.id] += 1
        told = _rows(frames[position])
        world.known.setdefault(reader.id, set()).update(told)
        if self.group.startswith(f"{OTHER}#"):
            waited = world.clock.now - int(told[0].removeprefix("other-"))
            world.told.other_seconds = max(world.told.other_seconds, waited)
        else:
            world.told.seconds = max(world.told.seconds, world.clock.now)
        if position + 1 < len(frames):
            self._post(reader, frames, position + 1)
        else:
            self._serve_next()

    def _end(self) -> None:
        if self.missing == self.mail.to:
            self.world.fail(self.group, self.messages)
            return
        if self.missing:
            chunks = list(fanout.missing(self.group, self.mail.only(self.missing)))
            self.world.told.queued_again += len(chunks)
            self.world.send(chunks)
        self.world.free(self.group)


@lru_cache
def _rows(frame: str) -> tuple[str, ...]:
    """The rows that a frame tells of; ten thousand sockets are sent the same frames."""
    return tuple(event["id"] for event in unpacked(json.loads(frame)))

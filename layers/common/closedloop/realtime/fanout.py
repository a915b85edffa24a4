"""Splits the announcements of a large org, or of a burst, into queue messages.

The queue is first in, first out within a group. A connection always belongs to the same group, a
lane of its org, so its messages stay in order however many functions post. An org has at most
four lanes and each is one function at a time, so a burst of one org leaves the others their share.
The number of lanes grows with the org. In the moment of such a step an older change may overtake a
newer one, as it may when an org grows into or out of the queue, or when a change follows a burst:
clients drop by `version` what is older than what they have.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from closedloop.realtime.mail import Mail, Reader
from closedloop.realtime.packing import dump, pack, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Positions = tuple[int, ...]

DIRECTLY = 300
"""Up to this many connections, the function that reads the stream posts by itself."""

BURST = 10
"""From so many changes of an org at once on they go by the queue, which gathers what follows."""

READERS = 2
"""How many functions read a shard of the streams at once, as the template sets it."""

POSTS_A_SECOND = 500
"""Of one function. Twelve of them leave two fifths of the account's 10,000 requests to others."""

BATCH = 10
"""The most messages that a function gets at once: all that SQS gives of such a queue."""

BURST_SECONDS = 0.25
"""As long as Lambda waits between two looks at a stream that is quiet."""

PAUSE_SECONDS = 0.5
"""The longest that a change may wait for another org's in its shard."""

LANES = 8
"""The most functions that post for one org at a time."""

POSTS = 2_000
"""The most posts of a message. A function gets up to ten messages, and posts 500 a second."""

MESSAGE_BYTES = 256 * 1024
_EVENT_BYTES = 128 * 1024  # of a message, packed; the rest holds the names of up to 2,000 readers
_POSITION_BYTES = 8
_LANE = 640  # connections from which on there is one lane more
_AGAIN = "#again"


@dataclass(frozen=True, slots=True)
class Chunk:
    """One message for the queue: JSON that `mail` reads, and the group it keeps order in."""

    group: str
    body: str


def by_queue(changes: int, connections: int) -> bool:
    """Whether so many changes for so many connections of an org go through the queue."""
    return connections > DIRECTLY or (changes >= BURST and connections > 0)


def pause(changes: int, connections: int) -> float:
    """How many seconds a shard is left alone after such mail, for what follows to come together.

    A burst is left a moment to go on. And a large org's messages are sent no faster than its lanes
    take them, ten at a time: else ever more would wait, of changes that could have been one frame.
    """
    lane = connections / _count(connections) / POSTS_A_SECOND
    needed = READERS * lane / BATCH
    return min(PAUSE_SECONDS, max(needed, BURST_SECONDS if changes >= BURST else 0))


def gathers(receives: int, messages: int, changes: int) -> bool:
    """Whether what was received of a group goes back once, to come with what follows.

    A burst comes as several batches of a stream within a second. Told one by one they would be
    many frames, told together they are few. Who waits already is told at once.
    """
    return receives == 1 and messages < BATCH and changes >= BURST


def chunks(org_id: str, mail: Mail) -> Iterator[Chunk]:
    """Messages that together tell each reader its events, in order within each lane."""
    lanes = _lanes(list(mail.to))
    yield from _messages({f"{org_id}#{lane}": lanes[lane] for lane in sorted(lanes)}, mail)


def missing(group: str, mail: Mail) -> Iterator[Chunk]:
    """Messages that tell what could not be told in this group.

    In a group of their own: a connection that cannot be told holds back nobody of its lane.
    """
    again = group if group.endswith(_AGAIN) else group + _AGAIN
    yield from _messages({again: list(mail.to)}, mail)


def mail(body: str) -> Mail:
    """What a message of the queue tells."""
    content = json.loads(body)
    to = {
        Reader(each, packed): tuple(positions)
        for positions, packed, names in content["to"]
        for each in names
    }
    return Mail(unpacked(content["events"]), to)


def _lanes(readers: Sequence[Reader]) -> dict[int, list[Reader]]:
    count = _count(len(readers))
    lanes: dict[int, list[Reader]] = {}
    for each in readers:
        lanes.setdefault(zlib.crc32(each.id.encode()) % count, []).append(each)
    return lanes


def _count(connections: int) -> int:
    count = 1
    while count < LANES and count * _LANE < connections:
        count *= 2
    return count


def _short(mail: Mail) -> Iterator[Mail]:
    """The mail in stretches of events that fit a message."""
    count = len(mail.events)
    if count <= 1 or len(pack(mail.events).encode()) <= _EVENT_BYTES:
        yield mail
        return
    for stretch in (range(count // 2), range(count // 2, count)):
        to = {
            reader: tuple(i for i in positions if i in stretch)
            for reader, positions in mail.to.items()
        }
        yield from _short(mail.only({reader: wanted for reader, wanted in to.items() if wanted}))


def _messages(groups: Mapping[str, Sequence[Reader]], mail: Mail) -> Iterator[Chunk]:
    for part in _short(mail):
        events = pack(part.events)
        posts = {reader: len(frames) for reader, frames in part.letters()}
        for group, readers in groups.items():
            to = {each: part.to[each] for each in readers if each in part.to}
            for few in _few(to, posts, MESSAGE_BYTES - len(events.encode())):
                yield Chunk(group, f'{{"events":{events},"to":{dump(_grouped(few))}}}')


def _few(
    to: Mapping[Reader, Positions], posts: Mapping[Reader, int], room: int
) -> Iterator[dict[Reader, Positions]]:
    """The readers in parts of so many posts, and of so many bytes."""
    part: dict[Reader, Positions] = {}
    known: set[tuple[Positions, bool]] = set()
    count = size = 0
    for reader, positions in to.items():
        name = len(dump(reader.id).encode()) + 1
        list_of_its_own = _POSITION_BYTES * (len(positions) + 2)
        length = name if (positions, reader.packed) in known else name + list_of_its_own
        if part and (count + posts[reader] > POSTS or size + length > room):
            yield part
            part, known, count, size = {}, set(), 0, 0
            length = name + list_of_its_own
        part[reader] = positions
        known.add((positions, reader.packed))
        count += posts[reader]
        size += length
    if part:
        yield part


def _grouped(to: Mapping[Reader, Positions]) -> list[Any]:
    groups: dict[tuple[Positions, bool], list[str]] = {}
    for reader, positions in to.items():
        groups.setdefault((positions, reader.packed), []).append(reader.id)
    return [[positions, packed, names] for (positions, packed), names in groups.items()]

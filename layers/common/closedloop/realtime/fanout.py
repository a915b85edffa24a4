"""Cuts what a large org is to be told into messages of a queue, keeping each client's order.

The queue is first in, first out within a group. A connection always belongs to the same group of
its org, so what it is told stays in order however many workers post, and groups do not wait for
each other. The number of groups grows with the org in powers of two. In the moment of such a step
an older change may overtake a newer one, as it may when an org grows into or out of the queue:
clients drop by `version` what is older than what they have.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DIRECTLY = 300
"""Up to so many connections of an org are served by the function that reads the stream."""

CHUNK_CONNECTIONS = 200
MESSAGE_BYTES = 256 * 1024
# Of a message; the rest holds the names of 200 connections and up to 100 positions for each.
_EVENT_BYTES = 160 * 1024
_AIM = 160  # connections in a group, so that by chance few groups have more than a chunk


@dataclass(frozen=True, slots=True)
class Chunk:
    """One message for the queue: JSON that `deliveries` reads, and the group it keeps order in."""

    group: str
    body: str


def chunks(
    org_id: str, texts: Sequence[str], wanted: Mapping[str, Sequence[int]]
) -> Iterator[Chunk]:
    """Messages that together tell each connection of `wanted` its `texts`, by position."""
    sizes = [len(json.dumps(text, ensure_ascii=False).encode()) for text in texts]
    for group, members in sorted(_groups(list(wanted)).items()):
        for start in range(0, len(members), CHUNK_CONNECTIONS):
            part = members[start : start + CHUNK_CONNECTIONS]
            for first, last in _stretches(sizes):
                to = {each: [i - first for i in wanted[each] if first <= i < last] for each in part}
                to = {each: positions for each, positions in to.items() if positions}
                if to:
                    yield Chunk(f"{org_id}#{group}", _dump({"texts": texts[first:last], "to": to}))


def deliveries(body: str) -> dict[str, list[str]]:
    """What a message of the queue tells: the texts for each connection, in order."""
    content = json.loads(body)
    texts = content["texts"]
    return {each: [texts[i] for i in positions] for each, positions in content["to"].items()}


def _groups(connections: Sequence[str]) -> dict[int, list[str]]:
    count = _count(len(connections))
    groups: dict[int, list[str]] = {}
    for each in connections:
        groups.setdefault(zlib.crc32(each.encode()) % count, []).append(each)
    return groups


def _count(connections: int) -> int:
    count = 1
    while count * _AIM < connections:
        count *= 2
    return count


def _stretches(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Consecutive texts that fit one message: from the first, to before the last."""
    first, total = 0, 0
    for position, size in enumerate(sizes):
        if total + size > _EVENT_BYTES and position > first:
            yield first, position
            first, total = position, 0
        total += size
    yield first, len(sizes)


def _dump(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

"""Mail: a list of events, and for each connection the events that it must receive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from closedloop.realtime.packing import frames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from closedloop.core.rows import Row


@dataclass(frozen=True, slots=True)
class Reader:
    """One connection as mail is addressed to it, and whether its client reads tables."""

    id: str
    packed: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """Events, and for each reader the positions of its events, in order."""

    events: Sequence[Row]
    to: Mapping[Reader, tuple[int, ...]]

    def letters(self) -> Iterator[tuple[Reader, list[str]]]:
        """Each reader's frames. Who reads the same gets the same list, which is made once."""
        made: dict[tuple[bool, tuple[int, ...]], list[str]] = {}
        for reader, positions in self.to.items():
            key = (reader.packed, positions)
            if key not in made:
                wanted = [self.events[i] for i in positions]
                made[key] = frames(wanted, packed=reader.packed)
            yield reader, made[key]

    def only(self, readers: Mapping[Reader, tuple[int, ...]]) -> Mail:
        """The part of the mail for these readers and positions."""
        used = sorted({i for positions in readers.values() for i in positions})
        moved = {position: place for place, position in enumerate(used)}
        to = {each: tuple(moved[i] for i in positions) for each, positions in readers.items()}
        return Mail([self.events[i] for i in used], to)

    @classmethod
    def joined(cls, parts: Sequence[Mail]) -> Mail:
        """Several mails joined in order: a reader of several receives the events of all."""
        events: list[Row] = []
        to: dict[Reader, tuple[int, ...]] = {}
        for part in parts:
            start = len(events)
            events += part.events
            for reader, positions in part.to.items():
                to[reader] = to.get(reader, ()) + tuple(start + i for i in positions)
        return cls(events, to)

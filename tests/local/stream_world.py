"""A function and the world around it, for the rules of stream delivery."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local.pump.delivery import Answer, Delivery, Discarded, Record
from local.pump.mapping import StreamMapping

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NOW = 1_000_000.0
MAPPING = StreamMapping(
    id="m",
    stream="arn:aws:dynamodb:us-east-1:000000000000:table/rows/stream/2026-11-20T15:00:00.000",
    function="arn:aws:lambda:us-east-1:000000000000:function:f:live",
    reports_failures=True,
    max_retries=2,
)


@dataclass
class World:
    """A function and what surrounds it, in memory."""

    behave: Callable[[Sequence[str]], Answer]
    stops_at_pause: bool = False
    calls: list[list[str]] = field(default_factory=list)
    processed: list[str] = field(default_factory=list)
    discarded: list[Discarded] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def invoke(self, records: Sequence[Record]) -> Answer:
        """Lets the function see the records; what it did not fail counts as processed."""
        names = named(records)
        self.calls.append(names)
        answer = self.behave(names)
        self.processed += _done(names, answer)
        return answer

    def discard(self, discarded: Discarded) -> None:
        """Remembers what was given up."""
        self.discarded.append(discarded)

    def pause(self, seconds: float) -> bool:
        """No time passes."""
        self.pauses.append(seconds)
        return not self.stops_at_pause

    @property
    def lost(self) -> list[list[str]]:
        """The names of the records in each message to the destination."""
        return [named(one.records) for one in self.discarded]


def _done(names: list[str], answer: Answer) -> list[str]:
    if answer.crashed:
        return []
    returned = answer.returned if isinstance(answer.returned, dict) else {}
    failed = [failure.get("itemIdentifier") for failure in returned.get("batchItemFailures") or []]
    positions = [names.index(one) if one in names else 0 for one in failed]
    return names[: min(positions, default=len(names))]


def records(names: str, created: float = NOW) -> list[Record]:
    """One record a letter; the letter is its sequence number."""
    return [
        {"dynamodb": {"SequenceNumber": name, "ApproximateCreationDateTime": created}}
        for name in names
    ]


def named(given: Sequence[Record]) -> list[str]:
    """The sequence numbers."""
    return [record["dynamodb"]["SequenceNumber"] for record in given]


def deliver(world: World, names: str, mapping: StreamMapping = MAPPING) -> bool:
    """Delivers one batch at the time NOW."""
    return Delivery(mapping, world, now=lambda: NOW).deliver(records(names))


def failing(*names: str | None) -> Answer:
    """A partial failure that names these."""
    return Answer({"batchItemFailures": [{"itemIdentifier": name} for name in names]})

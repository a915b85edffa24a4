"""AWS's rules for delivering a batch of stream records to a function, and for giving up on it.

Sources: AWS Lambda developer guide, "Process DynamoDB records with Lambda", its pages on batch
item failures, retaining discarded records and the parameters of a mapping. Where they are silent,
the stricter reading is taken, so that what works here works there: a partial success does not
renew the retries of the records after it.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from local.pump.mapping import UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from local.pump.mapping import StreamMapping

Record = dict[str, Any]

RETRIES_EXHAUSTED = "RetryAttemptsExhausted"
TOO_OLD = "RecordAgeExceeded"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a function did with a batch: it crashed, or it returned this."""

    returned: Any = None
    crashed: bool = False


@dataclass(frozen=True, slots=True)
class Discarded:
    """Records that will not be delivered any more, and why."""

    records: Sequence[Record]
    condition: str
    invocations: int


class Surroundings(Protocol):
    """What delivery needs of the world."""

    def invoke(self, records: Sequence[Record]) -> Answer:
        """Calls the function with these records."""

    def discard(self, discarded: Discarded) -> None:
        """Tells the on-failure destination."""

    def pause(self, seconds: float) -> bool:
        """Waits before a retry; False when there will be none because the pump ends."""


@dataclass(frozen=True, slots=True)
class _Batch:
    records: Sequence[Record]
    invocations: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivers batches of one shard, in order, by the mapping's rules."""

    mapping: StreamMapping
    surroundings: Surroundings
    now: Callable[[], float] = time.time

    def deliver(self, records: Sequence[Record]) -> bool:
        """Returns when each record was processed or discarded; False when the pump ends first.

        Nothing behind these records may be delivered before that: a shard keeps its order.
        """
        waiting = deque([_Batch(records)])
        while waiting:
            batch = self._without_expired(waiting.popleft())
            remaining = self._attempt(batch) if batch.records else []
            if remaining is None:
                return False
            waiting.extendleft(reversed(remaining))
        return True

    def _attempt(self, batch: _Batch) -> list[_Batch] | None:
        """Invokes once; returns what is left to do, in order, or None when the pump ends."""
        answer = self.surroundings.invoke(batch.records)
        failed = self._first_failed(batch.records, answer)
        if failed is None:
            return []
        rest = _Batch(batch.records[max(failed, 0) :], batch.invocations + 1)
        if failed < 0 and self.mapping.bisects and len(rest.records) > 1:
            return _halves(batch)
        if self._is_exhausted(rest):
            self._discard(rest, RETRIES_EXHAUSTED)
            return []
        return [rest] if self.surroundings.pause(_backoff(rest.invocations)) else None

    def _first_failed(self, records: Sequence[Record], answer: Answer) -> int | None:
        """The position from which to go on: None for complete success, -1 for complete failure."""
        if answer.crashed:
            return -1
        if not self.mapping.reports_failures or not isinstance(answer.returned, dict):
            return None
        if not (failures := answer.returned.get("batchItemFailures")):
            return None
        positions = {record["dynamodb"]["SequenceNumber"]: i for i, record in enumerate(records)}
        # An empty, missing or unknown identifier fails the whole batch.
        return min(positions.get(_identifier(failure), -1) for failure in failures)

    def _is_exhausted(self, batch: _Batch) -> bool:
        limit = self.mapping.max_retries
        return limit != UNLIMITED and batch.invocations > limit

    def _without_expired(self, batch: _Batch) -> _Batch:
        """Discards the records at the front that are too old; those behind are younger."""
        if self.mapping.max_age == UNLIMITED:
            return batch
        oldest = self.now() - self.mapping.max_age
        fresh = [r for r in batch.records if _created(r) >= oldest]
        if expired := batch.records[: len(batch.records) - len(fresh)]:
            self._discard(_Batch(expired, batch.invocations), TOO_OLD)
        return _Batch(fresh, batch.invocations)

    def _discard(self, batch: _Batch, condition: str) -> None:
        self.surroundings.discard(Discarded(batch.records, condition, batch.invocations))


def _identifier(failure: object) -> str:
    named = failure.get("itemIdentifier") if isinstance(failure, dict) else None
    return named if isinstance(named, str) else ""


def _halves(batch: _Batch) -> list[_Batch]:
    """A split does not use up a retry."""
    middle = len(batch.records) // 2
    return [
        _Batch(batch.records[:middle], batch.invocations),
        _Batch(batch.records[middle:], batch.invocations),
    ]


def _created(record: Record) -> float:
    return float(record["dynamodb"]["ApproximateCreationDateTime"])


def _backoff(invocations: int) -> float:
    """Seconds until the next try; AWS names no numbers."""
    return float(min(0.1 * 2 ** min(invocations, 10), 5.0))

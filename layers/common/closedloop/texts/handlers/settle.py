"""The scheduled handler: processes due work-list items in small batches every minute.

All parts of the list are served alike. What is pending comes first, for it waits for the queue
alone; then Twilio is asked about the others, for several numbers at once.
"""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, TypeVar

from closedloop import wiring
from closedloop.core.errors import ClosedLoopError, ServiceUnavailableError
from closedloop.core.times import iso
from closedloop.edge import log
from closedloop.edge.apply import apply, by_itself
from closedloop.texts import model, reconcile
from closedloop.texts import wiring as texts
from closedloop.texts.model import Job
from closedloop.texts.verdict import verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from closedloop.core.decision import Context, Decision
    from closedloop.core.rows import Row
    from closedloop.texts.clients.twilio import Twilio
    from closedloop.texts.twilio_codes import Sighting

T = TypeVar("T")

AT_ONCE = 8
"""How many numbers Twilio is asked about, or batches put into the queue, at once."""

_PAGE = 200
"""Texts of one part of the list that are read together."""

_BATCH = 10
_LAST_SECONDS = 20
"""What is left of the function's time when nothing further is begun."""

_LOOK_UP_SECONDS = 12
"""Of the time before that, what pending texts leave to the look-ups."""


def settler(name: str) -> Callable[..., dict[str, Any]]:
    """The function that looks after texts whose end is not known.

    One text in trouble keeps no other waiting: it stays on the list.
    """

    def handler(_: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
        left = context.get_remaining_time_in_millis() / 1000 if context else 60
        with log.line(name, getattr(context, "aws_request_id", "")) as line:
            _Turn(line, time.monotonic() + left - _LAST_SECONDS).run()
            line.outcome = "Failed" if line.counts["Faults"] else "Done"
        return {"looked_at": line.counts["Due"]}

    return handler


@dataclass(frozen=True, slots=True)
class _Text:
    row: Row
    job: Job


class _Turn:
    """One run over the work list, until a time of the monotonic clock."""

    def __init__(self, line: log.Line, until: float) -> None:
        self._line = line
        self._until = until
        self._twilio_answers = True

    def run(self) -> None:
        """Put what is pending into the queue, then ask Twilio about the others."""
        look_ups: list[_Text] = []
        for rows in self._due():
            found = [text for row in rows if (text := self._text(row))]
            pending = [each for each in found if each.row["status"] == "pending"]
            # What a person waits for goes first here too.
            pending.sort(key=lambda each: each.job.category == model.MARKETING)
            self._each(self._requeue, _batches(pending))
            look_ups += [each for each in found if reconcile.needs_look_up(each.row, wiring.now())]
        unknown = sum(each.row["status"] == "unknown" for each in look_ups)
        self._line.counts["UnknownTexts"] += unknown
        if look_ups:
            self._each(partial(self._ask, texts.twilio()), _by_number(look_ups))

    def _due(self) -> Iterator[list[Row]]:
        """What is due, a page of each part at a time, the parts taking turns."""
        lookups, now = wiring.lookups(), iso(wiring.now())
        parts = [lookups.due(part, now, _PAGE) for part in model.SHARDS]
        for pages in zip_longest(*parts, fillvalue=()):
            keys = [key for turns in zip_longest(*pages) for key in turns if key]
            self._line.counts["Due"] += len(keys)
            rows = lookups.rows(model.TABLE, keys)
            # The index lags behind: another run or a worker may have been faster.
            yield [row for row in rows if row.get("work_at", "~") <= iso(wiring.now())]
            if time.monotonic() > self._until - _LOOK_UP_SECONDS:
                return

    def _text(self, row: Row) -> _Text | None:
        """The row with its job, None for one that cannot be read."""
        try:
            return _Text(row, Job.of(row))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one text, the others go on
            self._line.fault(error)
            self._line.counts["Faults"] += 1
            return None

    def _each(self, work: Callable[[T], Counter[str]], things: Sequence[T]) -> None:
        """Do the work on all of them, several at once, as long as there is time."""

        def in_time(thing: T) -> Counter[str]:
            return work(thing) if time.monotonic() <= self._until else Counter()

        if AT_ONCE == 1 or len(things) <= 1:
            done: Iterable[Counter[str]] = map(in_time, things)
        else:
            with ThreadPoolExecutor(min(AT_ONCE, len(things))) as pool:
                done = list(pool.map(in_time, things))
        for counts in done:
            self._line.counts.update(counts)

    def _requeue(self, batch: Sequence[_Text]) -> Counter[str]:
        unsent = set(texts.outbox().put([each.job.message for each in batch]))
        return Counter(
            self._settled(each, partial(partial, reconcile.requeued, each.job))
            for position, each in enumerate(batch)
            if position not in unsent
        )

    def _ask(self, twilio: Twilio, of_number: Sequence[_Text]) -> Counter[str]:
        """Look texts to one number up, one after the other: no two of them get one sid."""
        if not self._twilio_answers:
            return Counter()
        try:
            sightings = twilio.sent_to(of_number[0].row["to"], of_number[0].row["from"])
        except ServiceUnavailableError:
            # One time-out is enough: what waits for the queue must not wait for Twilio.
            self._twilio_answers = False
            return Counter(Busy=len(of_number))
        taken: set[str] = set()
        return Counter(
            self._settled(each, partial(_looked_up, each, sightings, taken)) for each in of_number
        )

    def _settled(self, text: _Text, rule: Callable[[], Callable[[Context], Decision]]) -> str:
        """What came of one text, as it is counted."""
        row, seen = text.row, {(model.TABLE, text.job.id): text.row}
        key = row.get("idempotency_key", "")
        context = by_itself(self._line.action, text.job.org_id, key, seen, who="sweep")
        try:
            return verdict(apply(context, rule())).value
        except ClosedLoopError:
            return "Busy"
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one text, the others go on
            self._line.fault(error)
            return "Faults"


def _looked_up(
    text: _Text, sightings: Sequence[Sighting], taken: set[str]
) -> Callable[[Context], Decision]:
    """The rule with the text at Twilio. Sids of others are asked for one by one: there are few."""
    row = text.row
    while (seen := reconcile.found(row, sightings, taken)) and "vendor_id" not in row:
        taken.add(seen.sid)
        if not wiring.lookups().has_vendor_id(seen.sid):
            break
    return partial(reconcile.looked_up, text.job, sighting=seen)


def _batches(pending: Sequence[_Text]) -> list[Sequence[_Text]]:
    return [pending[start : start + _BATCH] for start in range(0, len(pending), _BATCH)]


def _by_number(look_ups: Sequence[_Text]) -> list[list[_Text]]:
    """The texts from and to the same numbers together, in the order of the first of each."""
    found: dict[tuple[str, str], list[_Text]] = {}
    for each in look_ups:
        found.setdefault((each.row["from"], each.row["to"]), []).append(each)
    return list(found.values())

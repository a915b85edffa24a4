"""Many rows, each for itself, once each: commits of up to 49 rows that survive being cut short.

A transaction takes 100 items: a row and its journal entry are two, and the first step also asks
whether the request has its whole reply. The first entry of a step is the entry of the step's key
and keeps what the step did; the one of the last step keeps the whole reply. A request that died in
between is repeated by its client: the steps that are done answer from their entries, whatever has
happened to the rows since.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from closedloop.core import journal
from closedloop.core.decision import Changed, Plan, Unchanged
from closedloop.core.errors import ClosedLoopError, RateLimitedError, ServiceUnavailableError
from closedloop.edge.respond import Outcome, answered, dump, replayed
from closedloop.edge.rounds import rounds

if TYPE_CHECKING:
    from collections.abc import Callable

    from closedloop.core.decision import Bulk, Context
    from closedloop.core.rows import Row
    from closedloop.core.writes import Change
    from closedloop.dynamo.idempotency import Keyed

ROWS = 49
"""How many rows one commit changes."""


@dataclass
class _Result:
    """What has come of the rows so far."""

    changed: list[Changed] = field(default_factory=list)
    unchanged: list[Unchanged] = field(default_factory=list)

    def add(self, kept: dict[str, Any]) -> None:
        """Take in what a step keeps."""
        self.changed += [Changed(**each) for each in kept["changed"]]
        self.unchanged += [Unchanged(**each) for each in kept["unchanged"]]


def settle(bulk: Bulk, context: Context, keyed: Callable[[int | None], Keyed]) -> Outcome:
    """Change every row of the bulk once and answer with what came of each.

    `keyed` gives the key of a step by its number, and the whole request's for None.

    Raises:
        RateLimitedError: nothing was done.
        ServiceUnavailableError: some rows may be done; a repeat does the rest.
    """
    *first, last = (bulk.ids[start : start + ROWS] for start in range(0, len(bulk.ids), ROWS))
    whole, result = keyed(None), _Result()
    try:
        for number, ids in enumerate(first):
            unless = None if number else whole
            kept = _Step(bulk, ids, keyed(number), unless, None).settle(context)
            if kept.get("id") == whole.entry[1]:
                return replayed(kept)
            result.add(json.loads(kept["body"]))
        kept = _Step(bulk, last, whole, None, result).settle(context)
        return replayed(kept) if "id" in kept else Outcome(**kept)
    except RateLimitedError as late:
        if not result.changed and not result.unchanged:
            raise
        raise ServiceUnavailableError from late


@dataclass(frozen=True, slots=True)
class _Step:
    """The rows of one commit. With `before` it is the last one, which keeps the whole reply."""

    bulk: Bulk
    ids: tuple[str, ...]
    keyed: Keyed
    unless: Keyed | None
    before: _Result | None

    def settle(self, context: Context) -> Row:
        """What the step keeps now, or the entry of an earlier request that kept it."""
        return rounds(context, self._attempt)

    def _attempt(self, context: Context) -> Row:
        for each in (self.unless, self.keyed):
            if each and (entry := context.seen.get(each.entry)):
                return each.kept(entry)
        changes, unchanged = self._decide(context)
        entries = [journal.done(context, each) for each in changes]
        entries += [
            journal.refused(context, each.code, (self.bulk.table, each.id)) for each in unchanged
        ]
        kept = self._kept(context, changes, unchanged)
        unless = (self.unless.entry,) if self.unless else ()
        self.keyed.commit(Plan(context, changes, entries), kept, unless)
        return kept

    def _decide(self, context: Context) -> tuple[list[Change], list[Unchanged]]:
        changes, unchanged = [], []
        for row_id in self.ids:
            try:
                changes.append(self.bulk.change(row_id, context))
            except ClosedLoopError as refusal:
                unchanged.append(Unchanged(row_id, refusal.code, str(refusal)))
        return changes, unchanged

    def _kept(self, context: Context, changes: list[Change], unchanged: list[Unchanged]) -> Row:
        changed = [Changed(each.id, dict(each.set), context.version) for each in changes]
        if self.before is None:
            return {
                "body": dump(
                    {
                        "changed": [asdict(each) for each in changed],
                        "unchanged": [asdict(each) for each in unchanged],
                    }
                )
            }
        before = self.before
        return answered(
            self.bulk.reply([*before.changed, *changed], [*before.unchanged, *unchanged])
        )

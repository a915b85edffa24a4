"""Many rows, each for itself, once each: commits of up to 49 rows that survive being cut short.

A transaction takes 100 items: a row and its audit entry are two, the record of the step is one,
and the first step asks whether the request has its whole reply. Each step keeps what it did; the
last one keeps the whole reply. A request that died in between is repeated by its client: the steps
that are done answer from their records, whatever has happened to the rows since.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core import audit
from closedloop.core.deadline import ROUNDS
from closedloop.core.decision import (
    Changed,
    NeedsRowError,
    Planned,
    ReplayError,
    StaleError,
    Unchanged,
)
from closedloop.core.errors import ClosedLoopError, RateLimitedError, ServiceUnavailableError
from closedloop.edge import once as single
from closedloop.edge.commit import commit, record_id
from closedloop.edge.respond import Outcome

if TYPE_CHECKING:
    from closedloop.core.decision import Bulk, Context, RowKey
    from closedloop.core.rows import Row
    from closedloop.core.writes import Change

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


def settle(bulk: Bulk, context: Context, request: dict[str, Any]) -> Outcome:
    """Change every row of the bulk once and answer with what came of each.

    Raises:
        ReplayError: the request has its whole reply.
        RateLimitedError: nothing was done.
        ServiceUnavailableError: some rows may be done; a repeat does the rest.
    """
    *first, last = (bulk.ids[start : start + ROWS] for start in range(0, len(bulk.ids), ROWS))
    result = _Result()
    try:
        for number, ids in enumerate(first):
            result.add(_Step(bulk, context, request, result, ids).settle_once(number))
        return Outcome(**_Step(bulk, context, request, result, last).settle(None))
    except RateLimitedError as late:
        if not result.changed and not result.unchanged:
            raise
        raise ServiceUnavailableError from late


class _Step:
    """The rows of one commit. `number` None is the last one, which keeps the whole reply."""

    def __init__(
        self, bulk: Bulk, context: Context, request: dict[str, Any], before: _Result, ids: Any
    ) -> None:
        self._bulk = bulk
        self._context = context
        self._request = request
        self._before = before
        self._ids = ids
        self._changes: list[Change] = []
        self._unchanged: list[tuple[Unchanged, Row]] = []

    def settle_once(self, number: int) -> dict[str, Any]:
        """What the step has done, in this request or in one that was cut short.

        Raises:
            ReplayError: the request has its whole reply.
        """
        try:
            return self.settle(number)
        except ReplayError as replay:
            if number == 0 and replay.record_id == record_id(self._context, self._request):
                raise
            kept: dict[str, Any] = json.loads(replay.data)
            return kept

    def settle(self, number: int | None) -> dict[str, Any]:
        """Decide for each row and commit, again with the rows as they are where they differ."""
        seen: dict[RowKey, Row | None] = {}
        for _ in range(ROUNDS):
            context = replace(self._context, seen=dict(seen), now=wiring.now())
            try:
                self._decide(context)
                return self._commit(context, number)
            except StaleError as stale:
                seen |= {
                    (self._bulk.table, self._changes[i].id): row for i, row in stale.rows.items()
                }
            except NeedsRowError as needs:
                seen[needs.key] = wiring.row(needs.key, context.actor.org_id)
        raise RateLimitedError

    def _decide(self, context: Context) -> None:
        self._changes, self._unchanged = [], []
        for row_id in self._ids:
            try:
                self._changes.append(self._bulk.change(row_id, context))
            except ClosedLoopError as refusal:
                why = Unchanged(row_id, refusal.code, str(refusal))
                entry = audit.refused_row(context, refusal.code, self._bulk.table, row_id)
                self._unchanged.append((why, entry))

    def _commit(self, context: Context, number: int | None) -> dict[str, Any]:
        entries = [
            *(audit.done(context, change) for change in self._changes),
            *(entry for _, entry in self._unchanged),
        ]
        return commit(
            context,
            self._request,
            lambda: self._kept(context, whole=number is None),
            lambda: Planned(context, self._changes, entries),
            part=number,
        )

    def _kept(self, context: Context, *, whole: bool) -> dict[str, Any]:
        changed = [Changed(each.id, dict(each.set), context.version) for each in self._changes]
        unchanged = [why for why, _ in self._unchanged]
        if whole:
            before = self._before
            return single.answered(
                self._bulk.reply([*before.changed, *changed], [*before.unchanged, *unchanged])
            )
        return {
            "changed": [asdict(each) for each in changed],
            "unchanged": [asdict(each) for each in unchanged],
        }

"""Exactly once: decide, commit together with the key's record, or answer as the first time."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core import audit
from closedloop.core.deadline import ROUNDS
from closedloop.core.decision import Bulk, NeedsRowError, Planned, ReplayError, StaleError
from closedloop.core.errors import ClosedLoopError, RateLimitedError
from closedloop.edge.commit import commit, kept, request_of
from closedloop.edge.respond import Outcome, dump

if TYPE_CHECKING:
    from closedloop.core.command import Command
    from closedloop.core.decision import Context, Decision, Reply, RowKey, UseCase
    from closedloop.core.rows import Row
    from closedloop.core.writes import Write


def once(command: Command, context: Context, use_case: UseCase[Any]) -> Outcome:
    """Do what the command asks for exactly once per org, action, user and key.

    One request to the database when the row is as the screen showed it, and one for a replay.
    A refused request leaves an audit entry and no record, so it may be asked again.

    Raises:
        ClosedLoopError: the rule, the key or the state of the row says no.
    """
    press = _Press(command, context, use_case)
    try:
        return press.settle()
    except ReplayError as replay:
        return Outcome(**json.loads(replay.data), replayed=True)
    except ClosedLoopError as refusal:
        if not refusal.audited:
            raise
        # A rule may refuse today what it allowed then: the key's reply comes first.
        reply = None if press.asked else kept(context, press.request)
        if reply:
            return Outcome(**reply, replayed=True)
        wiring.store().append(audit.refused(context, refusal.code, press.subject))
        raise


def answered(reply: Reply) -> dict[str, Any]:
    """A reply as its record keeps it: the very bytes of the body."""
    kept = {"status": reply.status, "body": dump({"success": reply.success, **reply.body})}
    return kept if reply.retry_after is None else kept | {"retry_after": reply.retry_after}


class _Press:
    """One press of a button on its way from command to commit."""

    def __init__(self, command: Command, context: Context, use_case: UseCase[Any]) -> None:
        self._command = command
        self._context = context
        self._use_case = use_case
        self._decision: Decision | None = None
        self.request = request_of(command, context)
        self.asked = False
        """Whether a commit was tried, which would have found a reply that the key has."""

    @property
    def subject(self) -> Write | None:
        """The row that the action is about, once the rule has named it."""
        return self._decision.writes[0] if self._decision else None

    def settle(self) -> Outcome:
        """Decide and commit, again with the rows as they are wherever an assumption fails."""
        seen: dict[RowKey, Row | None] = {}
        for _ in range(ROUNDS):
            context = replace(self._context, seen=dict(seen), now=wiring.now())
            try:
                return self._commit(context)
            except StaleError as stale:
                seen |= self._as_they_are(stale)
            except NeedsRowError as needs:
                seen[needs.key] = wiring.row(needs.key, context.actor.org_id)
        raise RateLimitedError

    def _commit(self, context: Context) -> Outcome:
        decided = self._use_case(self._command, context)
        if isinstance(decided, Bulk):
            from closedloop.edge.bulk import settle  # noqa: PLC0415 - few buttons need it

            self.asked = True
            return settle(decided, context, self.request)
        self._decision = decided
        result = commit(
            context, self.request, lambda: answered(decided.reply), lambda: self._plan(context)
        )
        return Outcome(**result)

    def _plan(self, context: Context) -> Planned:
        assert self._decision is not None  # noqa: S101 - a commit was tried
        self.asked = True
        writes = self._decision.writes
        return Planned(context, writes, audit.done_all(context, writes[: self._decision.subjects]))

    def _as_they_are(self, stale: StaleError) -> dict[RowKey, Row | None]:
        assert self._decision is not None  # noqa: S101 - a commit was tried
        writes = self._decision.writes
        return {(writes[i].table, writes[i].id): row for i, row in stale.rows.items()}

"""Exactly once: decide, commit together with the key's record, or answer as the first time."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.idempotency import IdempotencyConfig, idempotent_function
from aws_lambda_powertools.utilities.idempotency.exceptions import IdempotencyPersistenceLayerError

from closedloop import audit, wiring
from closedloop.decision import ReplayError, StaleError
from closedloop.edge.respond import Outcome, dump
from closedloop.errors import ClosedLoopError, RateLimitedError

if TYPE_CHECKING:
    from closedloop.command import Command
    from closedloop.decision import Context, Decision, RowKey, UseCase, Write
    from closedloop.errors import Row

ROUNDS = 8
"""How often a rule is asked again while others keep changing its row."""


def once(command: Command, context: Context, use_case: UseCase[Any]) -> Outcome:
    """Do what the command asks for exactly once per org, action, user and key.

    One request to the database when the row is as the screen showed it, and one for a replay.
    A refused request leaves an audit entry and no record, so it may be asked again.

    Raises:
        ClosedLoopError: the rule, the key or the state of the row says no.
    """
    press = _Press(command, use_case)
    try:
        return press.settle(context)
    except ReplayError as replay:
        return Outcome(**json.loads(replay.data), replayed=True)
    except ClosedLoopError as refusal:
        if refusal.audited:
            wiring.store().append(audit.refused(context, refusal.code, press.subject))
        raise


class _Press:
    """One press of a button on its way from command to commit."""

    def __init__(self, command: Command, use_case: UseCase[Any]) -> None:
        self._command = command
        self._use_case = use_case
        self._decision: Decision | None = None

    @property
    def subject(self) -> Write | None:
        """The row that the action is about, once the rule has named it."""
        return self._decision.writes[0] if self._decision else None

    def settle(self, context: Context) -> Outcome:
        """Decide and commit, again with the rows as they are wherever an assumption fails."""
        seen: dict[RowKey, Row | None] = {}
        for _ in range(ROUNDS):
            try:
                return self._commit(replace(context, seen=dict(seen), now=wiring.now()))
            except StaleError as stale:
                seen |= self._as_they_are(stale)
        raise RateLimitedError

    def _commit(self, context: Context) -> Outcome:
        run = idempotent_function(
            self._decide,
            data_keyword_argument="request",
            config=_config(),
            key_prefix=f"{context.action}#{context.actor.org_id}#{context.actor.id}",
            persistence_store=wiring.store().persistence(lambda: self._planned(context)),
        )
        body = self._command.model_dump(mode="json", by_alias=True)
        try:
            return Outcome(**run(context=context, request={"key": context.key, "body": body}))
        except IdempotencyPersistenceLayerError as wrapped:
            # Powertools wraps whatever the record's write raises; the cause is the answer.
            raise wrapped.__cause__ or wrapped from None

    def _decide(self, *, context: Context, request: Any) -> dict[str, Any]:  # noqa: ARG002 - Powertools reads it
        self._decision = self._use_case(self._command, context)
        reply = self._decision.reply
        return {"status": reply.status, "body": dump({"success": True, **reply.body})}

    def _planned(self, context: Context) -> tuple[Context, tuple[Write, ...], Row]:
        assert self._decision is not None  # noqa: S101 - decided before the commit asks
        writes = self._decision.writes
        return context, writes, audit.done(context, writes[0])

    def _as_they_are(self, stale: StaleError) -> dict[RowKey, Row | None]:
        assert self._decision is not None  # noqa: S101 - a commit was tried
        writes = self._decision.writes
        return {(writes[i].table, writes[i].id): row for i, row in stale.rows.items()}


@lru_cache(maxsize=1)
def _config() -> IdempotencyConfig:
    return IdempotencyConfig(
        event_key_jmespath="key",
        payload_validation_jmespath="body",
        raise_on_no_idempotency_key=True,
        expires_after_seconds=wiring.idempotency_seconds(),
        hash_function="sha256",
    )

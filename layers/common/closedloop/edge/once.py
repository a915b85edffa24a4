"""Exactly once: decide, commit together with the key's record, or answer as the first time."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.idempotency import IdempotencyConfig, idempotent_function
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyItemNotFoundError,
    IdempotencyPersistenceLayerError,
    IdempotencyValidationError,
)

from closedloop import audit, wiring
from closedloop.decision import NeedsRowError, ReplayError, StaleError
from closedloop.edge.respond import Outcome, dump
from closedloop.errors import ClosedLoopError, IdempotencyKeyReusedError, RateLimitedError

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
        if not press.asked and (kept := press.kept(context)):
            return kept
        if refusal.audited:
            wiring.store().append(audit.refused(context, refusal.code, press.subject))
        raise


class _Press:
    """One press of a button on its way from command to commit."""

    def __init__(self, command: Command, use_case: UseCase[Any]) -> None:
        self._command = command
        self._use_case = use_case
        self._decision: Decision | None = None
        self.asked = False
        """Whether a commit was tried, which would have found a reply that the key has."""

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
            except NeedsRowError as needs:
                seen[needs.key] = wiring.reads().get(
                    needs.key[0], context.actor.org_id, needs.key[1]
                )
        raise RateLimitedError

    def kept(self, context: Context) -> Outcome | None:
        """The reply that the key has: a rule may refuse today what it allowed then."""
        store = wiring.store().persistence(lambda: self._planned(context))
        store.configure(_config(), key_prefix=_prefix(context))
        try:
            record = store.get_record(self._request(context))
        except IdempotencyItemNotFoundError:
            return None
        except IdempotencyValidationError:
            raise IdempotencyKeyReusedError from None
        if record is None or record.is_expired:
            return None
        return Outcome(**json.loads(record.response_data), replayed=True)

    def _request(self, context: Context) -> dict[str, Any]:
        body = self._command.model_dump(mode="json", by_alias=True)
        return {"key": context.key, "body": body}

    def _commit(self, context: Context) -> Outcome:
        run = idempotent_function(
            self._decide,
            data_keyword_argument="request",
            config=_config(),
            key_prefix=_prefix(context),
            persistence_store=wiring.store().persistence(lambda: self._planned(context)),
        )
        try:
            return Outcome(**run(context=context, request=self._request(context)))
        except IdempotencyPersistenceLayerError as wrapped:
            # Powertools wraps whatever the record's write raises; the cause is the answer.
            raise wrapped.__cause__ or wrapped from None

    def _decide(self, *, context: Context, request: Any) -> dict[str, Any]:  # noqa: ARG002 - Powertools reads it
        self._decision = self._use_case(self._command, context)
        reply = self._decision.reply
        return {"status": reply.status, "body": dump({"success": reply.success, **reply.body})}

    def _planned(self, context: Context) -> tuple[Context, tuple[Write, ...], Row]:
        assert self._decision is not None  # noqa: S101 - decided before the commit asks
        self.asked = True
        writes = self._decision.writes
        return context, writes, audit.done(context, writes[0])

    def _as_they_are(self, stale: StaleError) -> dict[RowKey, Row | None]:
        assert self._decision is not None  # noqa: S101 - a commit was tried
        writes = self._decision.writes
        return {(writes[i].table, writes[i].id): row for i, row in stale.rows.items()}


def _prefix(context: Context) -> str:
    return f"{context.action}#{context.actor.org_id}#{context.actor.id}"


@lru_cache(maxsize=1)
def _config() -> IdempotencyConfig:
    return IdempotencyConfig(
        event_key_jmespath="key",
        payload_validation_jmespath="body",
        raise_on_no_idempotency_key=True,
        expires_after_seconds=wiring.idempotency_seconds(),
        hash_function="sha256",
    )

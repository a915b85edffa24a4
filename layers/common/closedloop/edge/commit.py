"""The commit of one request: Powertools runs it, the record's write is the transaction."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.idempotency import IdempotencyConfig, idempotent_function
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyItemNotFoundError,
    IdempotencyPersistenceLayerError,
    IdempotencyValidationError,
)

from closedloop import wiring
from closedloop.core.errors import IdempotencyKeyReusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from closedloop.core.command import Command
    from closedloop.core.decision import Context, Planned


def request_of(command: Command, context: Context) -> dict[str, Any]:
    """What a key stands for: the key itself and the command that must stay the same."""
    return {"key": context.key, "body": command.model_dump(mode="json", by_alias=True)}


def commit(
    context: Context,
    request: dict[str, Any],
    decide: Callable[[], dict[str, Any]],
    planned: Callable[[], Planned],
    *,
    part: int | None = None,
) -> dict[str, Any]:
    """Decide, then write what is planned together with the record that keeps the result.

    `part` numbers a step of a request that takes several commits: it has a record of its own, and
    the first one asks first whether the request has its whole reply.

    Raises:
        ReplayError: the key has a result already; nothing was written.
        StaleError: a row is not as assumed; nothing was written.
        ClosedLoopError: the rule or the database says no; nothing was written.
    """
    whole = record_id(context, request) if part == 0 else None
    run = idempotent_function(
        lambda request: decide(),  # noqa: ARG005 - Powertools hashes it
        data_keyword_argument="request",
        config=_config(),
        key_prefix=_prefix(context, part),
        persistence_store=wiring.store().persistence(planned, unless=whole),
    )
    try:
        result: dict[str, Any] = run(request=request)
    except IdempotencyPersistenceLayerError as wrapped:
        # Powertools wraps whatever the record's write raises; the cause is the answer.
        raise wrapped.__cause__ or wrapped from None
    return result


def kept(context: Context, request: dict[str, Any]) -> dict[str, Any] | None:
    """The result that the key has, read without writing; None if it has none.

    Raises:
        IdempotencyKeyReusedError: it has one for another command.
    """
    store = wiring.store().persistence(_nothing)
    store.configure(_config(), key_prefix=_prefix(context))
    try:
        record = store.get_record(request)
    except IdempotencyItemNotFoundError:
        return None
    except IdempotencyValidationError:
        raise IdempotencyKeyReusedError from None
    if record is None or record.is_expired:
        return None
    result: dict[str, Any] = json.loads(record.response_data)
    return result


def record_id(context: Context, request: dict[str, Any]) -> str:
    """The id of the record that holds the whole reply of a request."""
    store = wiring.store().persistence(_nothing)
    store.configure(_config(), key_prefix=_prefix(context))
    return store.record_id(request)


def _nothing() -> Planned:
    raise AssertionError("only read")


def _prefix(context: Context, part: int | None = None) -> str:
    action = context.action if part is None else f"{context.action}/{part}"
    return f"{action}#{context.actor.org_id}#{context.actor.id}"


@lru_cache(maxsize=1)
def _config() -> IdempotencyConfig:
    return IdempotencyConfig(
        event_key_jmespath="key",
        payload_validation_jmespath="body",
        raise_on_no_idempotency_key=True,
        expires_after_seconds=wiring.idempotency_seconds(),
        hash_function="sha256",
    )

"""Builds what the edges use, lazily, once per sandbox. The only file that imports adapters."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from closedloop.adapters.dynamo.reads import Reads
    from closedloop.adapters.dynamo.store import Store


class MissingSettingError(Exception):
    """The function's environment lacks a variable that the template should set."""


@lru_cache(maxsize=1)
def store() -> Store:
    """The writing side of the database."""
    from closedloop.adapters.dynamo.store import Store  # noqa: PLC0415 - readers never pay for it

    return Store(_dynamodb(), setting("TABLE_PREFIX"))


@lru_cache(maxsize=1)
def reads() -> Reads:
    """The reading side of the database."""
    from closedloop.adapters.dynamo.reads import Reads  # noqa: PLC0415 - writers never pay for it

    return Reads(_dynamodb(), setting("TABLE_PREFIX"))


def now() -> datetime:
    """The time of a decision, UTC."""
    return datetime.now(UTC)


def idempotency_seconds() -> int:
    """How long a key answers with its first reply: at least a minute, a day unless set."""
    return max(60, int(os.environ.get("IDEMPOTENCY_SECONDS", "86400")))


def in_lambda() -> bool:
    """Whether this is a sandbox, where the clients are built before the first request."""
    return "AWS_LAMBDA_FUNCTION_NAME" in os.environ


def setting(name: str) -> str:
    """A variable of the function's environment.

    Raises:
        MissingSettingError: the template does not set it.
    """
    try:
        return os.environ[name]
    except KeyError:
        raise MissingSettingError(name) from None


@lru_cache(maxsize=1)
def _dynamodb() -> Any:
    from closedloop.adapters.dynamo.client import dynamodb  # noqa: PLC0415 - loaded when first used

    return dynamodb()


def forget() -> None:
    """Drop what was built, so that a changed environment counts (tests)."""
    for built in (store, reads, _dynamodb):
        built.cache_clear()

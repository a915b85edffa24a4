"""The database, the clock and the settings, built lazily, once per sandbox.

A feature builds its own clients in its own `wiring`, on top of this one.
"""

from __future__ import annotations

import gc
import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from functools import _lru_cache_wrapper

    from closedloop.aws.secrets import Secrets
    from closedloop.core.decision import RowKey
    from closedloop.core.rows import Row
    from closedloop.dynamo.breaker import Breaker
    from closedloop.dynamo.lookups import Lookups
    from closedloop.dynamo.reads import Reads
    from closedloop.dynamo.store import Store
    from closedloop.dynamo.streams import Committed

T = TypeVar("T")

forgotten: list[Callable[[], None]] = []
"""What `forget` calls."""


def built(make: Callable[..., T]) -> _lru_cache_wrapper[T]:
    """Made once per sandbox and arguments, until it is forgotten."""
    once = lru_cache(make)
    forgotten.append(once.cache_clear)
    return once


def forget() -> None:
    """Drop all that was built, so that a changed environment counts (tests)."""
    for drop in forgotten:
        drop()
    forget_rows()


def forget_rows() -> None:
    """Drop the rows that are cached for a moment (tests)."""
    breaker.cache_clear()
    _settings.clear()


class MissingSettingError(Exception):
    """The function's environment lacks a variable that the template should set."""


@built
def store() -> Store:
    """The writing side of the database."""
    from closedloop.dynamo.store import Store

    return Store(dynamodb(), setting("TABLE_PREFIX"))


@built
def reads() -> Reads:
    """The reading side of the database."""
    from closedloop.dynamo.reads import Reads

    return Reads(dynamodb(), setting("TABLE_PREFIX"))


@built
def lookups() -> Lookups:
    """Reads that start from something other than an org."""
    from closedloop.dynamo.lookups import Lookups

    return Lookups(dynamodb(), setting("TABLE_PREFIX"))


@lru_cache
def breaker(vendor: str) -> Breaker:
    """The breaker before a vendor."""
    from closedloop.dynamo.breaker import Breaker

    return Breaker(dynamodb(), setting("TABLE_PREFIX") + "system", vendor, breaker_open_seconds())


@built
def secret(setting_name: str) -> Secrets:
    """The secret whose ARN stands in this variable."""
    from closedloop.aws.secrets import secrets

    return secrets(setting(setting_name))


def row(key: RowKey, org_id: str) -> Row | None:
    """A row as of now; the org's settings and a breaker as of a moment ago, without a request."""
    table, row_id = key
    if table == "system":
        return breaker(row_id.removeprefix("breaker#")).row()
    if key == ("orgs", "settings"):
        return org_settings(org_id)
    if table == "by_vendor_id":
        return {"ids": lookups().ids_of_vendor_id(org_id, row_id)}
    if table == "by_phone":
        kind, _, phone = row_id.partition("/")
        return {"ids": lookups().ids_by_phone(kind, org_id, phone)}
    if table == "taken":
        return {"entries": lookups().taken(org_id, *row_id.split("/"))}
    return reads().get(table, org_id, row_id)


def org_settings(org_id: str) -> Row | None:
    """The org's settings, at most half a minute old."""
    kept = _settings.get(org_id)
    if kept is None or kept[0] < time.monotonic():
        found = reads().get("orgs", org_id, "settings")
        kept = _settings[org_id] = (time.monotonic() + _SETTINGS_SECONDS, found)
    return kept[1]


_SETTINGS_SECONDS = 30
_settings: dict[str, tuple[float, Row | None]] = {}


def committed(record: Mapping[str, Any]) -> Committed:
    """The write that a record of a table's stream tells of."""
    from closedloop.dynamo.streams import committed

    return committed(record, setting("TABLE_PREFIX"))


def now() -> datetime:
    """The time of a decision, UTC."""
    return datetime.now(UTC)


def idempotency_seconds() -> int:
    """How long a key answers with its first reply: at least a minute, a day unless set."""
    return max(60, int(os.environ.get("IDEMPOTENCY_SECONDS", "86400")))


def breaker_open_seconds() -> int:
    """How long a breaker stays open: five minutes unless set."""
    return int(os.environ.get("BREAKER_OPEN_SECONDS", "300"))


def in_lambda() -> bool:
    """Whether this is a sandbox, where the clients are built before the first request."""
    return "AWS_LAMBDA_FUNCTION_NAME" in os.environ


@contextmanager
def loading() -> Iterator[None]:
    """While a sandbox loads: nothing is garbage yet, and what is there now stays for good.

    Without it up to a fifth of the loading goes into looking for garbage (docs/decisions/0007).
    """
    if not in_lambda():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def setting(name: str) -> str:
    """A variable of the function's environment.

    Raises:
        MissingSettingError: the template does not set it.
    """
    try:
        return os.environ[name]
    except KeyError:
        raise MissingSettingError(name) from None


@built
def dynamodb() -> Any:
    """The DynamoDB client of the sandbox."""
    from closedloop.dynamo.client import dynamodb

    return dynamodb()

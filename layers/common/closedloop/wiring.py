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
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from functools import _lru_cache_wrapper

    from closedloop.aws.secrets import Secrets
    from closedloop.core.decision import RowKey, Want
    from closedloop.core.rows import Row
    from closedloop.dynamo.breaker import Breaker
    from closedloop.dynamo.lookups import Lookups
    from closedloop.dynamo.reads import Reads
    from closedloop.dynamo.store import Store
    from closedloop.dynamo.streams import Committed

T = TypeVar("T")

SETTINGS = ("orgs", "settings")
"""The row of an org's settings."""

provided: dict[RowKey, Callable[[], Row]] = {}
"""What a feature hands to its rules beside rows (a key of ours, say), by what they ask for."""

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

    return Store(dynamodb(), setting("TABLE_PREFIX"), journal_seconds())


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


def read(org_id: str, wants: Sequence[Want], along: tuple[RowKey, ...] = ()) -> dict[Any, Any]:
    """What a rule asks for: rows together in one request, each question in one of its own.

    The org's settings and the state of a breaker are a moment old and cost no request. Where there
    is one, the rows `along` are read with it; when one of those exists, questions are not asked.
    """
    found: dict[Any, Any] = {}
    keys: list[RowKey] = []
    for each in wants:
        if isinstance(each, tuple):
            if each == SETTINGS:
                found[each] = org_settings(org_id)
            elif each in provided:
                found[each] = provided[each]()
            elif each[0] == "system":
                found[each] = breaker(each[1].removeprefix("breaker#")).row()
            else:
                keys.append(each)
    questions = [each for each in wants if not isinstance(each, tuple)]
    if keys or (questions and along):
        found |= reads().several(org_id, [*keys, *along])
    if not any(found.get(each) for each in along):
        found |= {each: reads().find(org_id, each) for each in questions}
    return found


def org_settings(org_id: str) -> Row | None:
    """The org's settings, at most half a minute old."""
    kept = _settings.get(org_id)
    if kept is None or kept[0] < time.monotonic():
        found = reads().get("orgs", org_id, "settings")
        if found is None:
            return None  # a business that is about to open
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


def journal_seconds() -> int:
    """How long the journal keeps an entry, and a key its reply: 400 days, or as set."""
    return max(1, int(os.environ.get("JOURNAL_DAYS", "400"))) * 86_400


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

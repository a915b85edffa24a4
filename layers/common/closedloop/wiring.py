"""Builds what the edges use, lazily, once per sandbox. The only file that imports adapters."""

from __future__ import annotations

import gc
import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from closedloop.adapters.dynamo.breaker import Breaker
    from closedloop.adapters.dynamo.connections import Connections
    from closedloop.adapters.dynamo.lookups import Lookups
    from closedloop.adapters.dynamo.reads import Reads
    from closedloop.adapters.dynamo.store import Store
    from closedloop.adapters.dynamo.streams import Committed
    from closedloop.adapters.dynamo.tickets import Tickets
    from closedloop.adapters.outbox import Outbox
    from closedloop.adapters.queue import Queue
    from closedloop.adapters.secrets import Secrets
    from closedloop.adapters.sockets import Sockets
    from closedloop.adapters.twilio import Twilio
    from closedloop.decision import RowKey
    from closedloop.errors import Row

SOCKET_THREADS = 16
"""How many posts to sockets are under way at once: a post is mostly waiting."""


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


@lru_cache(maxsize=1)
def tickets() -> Tickets:
    """Tickets for sockets."""
    from closedloop.adapters.dynamo.tickets import Tickets  # noqa: PLC0415 - two functions need it

    return Tickets(_dynamodb(), setting("TABLE_PREFIX"))


@lru_cache(maxsize=1)
def connections() -> Connections:
    """The open sockets as the database knows them."""
    from closedloop.adapters.dynamo.connections import Connections  # noqa: PLC0415 - sockets only

    return Connections(_dynamodb(), setting("TABLE_PREFIX"))


@lru_cache(maxsize=1)
def sockets() -> Sockets:
    """The open sockets as the gateway knows them."""
    from closedloop.adapters.sockets import sockets  # noqa: PLC0415 - two functions need it

    return sockets(setting("SOCKETS_ENDPOINT"), SOCKET_THREADS)


@lru_cache(maxsize=1)
def fanout() -> Queue:
    """The queue of what a large org's connections are told."""
    from closedloop.adapters.queue import queue  # noqa: PLC0415 - one function needs it, seldom

    return queue(setting("FANOUT_QUEUE_URL"))


@lru_cache(maxsize=1)
def lookups() -> Lookups:
    """Reads that start from something other than an org."""
    from closedloop.adapters.dynamo.lookups import Lookups  # noqa: PLC0415 - no button needs it

    return Lookups(_dynamodb(), setting("TABLE_PREFIX"))


@lru_cache(maxsize=1)
def breaker() -> Breaker:
    """The breaker before Twilio."""
    from closedloop.adapters.dynamo.breaker import Breaker  # noqa: PLC0415 - texts only

    return Breaker(_dynamodb(), setting("TABLE_PREFIX") + "system", breaker_open_seconds())


def twilio() -> Twilio:
    """The account that sends texts. Built for each use: the secret may have changed."""
    from closedloop.adapters.twilio import Twilio  # noqa: PLC0415 - two functions need it

    secret = credentials()
    return Twilio(setting("TWILIO_BASE_URL"), secret["account_sid"], secret["auth_token"])


def credentials() -> Mapping[str, Any]:
    """What is shared with Twilio: `account_sid`, `auth_token` and `shared_keys`."""
    return _secret().read()


def signed_by_twilio(
    url: str, params: Sequence[tuple[str, str]], headers: Mapping[str, str]
) -> bool:
    """Whether a request carries a signature of Twilio's."""
    from closedloop.adapters.signature import genuine  # noqa: PLC0415 - two functions need it

    return genuine(url, params, headers, credentials())


@lru_cache(maxsize=1)
def _secret() -> Secrets:
    from closedloop.adapters.secrets import secrets  # noqa: PLC0415 - texts only

    return secrets(setting("TWILIO_SECRET_ARN"))


@lru_cache(maxsize=1)
def outbox() -> Outbox:
    """The queue of texts that are to be sent."""
    from closedloop.adapters.outbox import outbox  # noqa: PLC0415 - texts only

    return outbox(setting("SMS_QUEUE_URL"))


def row(key: RowKey, org_id: str) -> Row | None:
    """A row as of now; the org's settings and the breaker as of a moment ago, without a request."""
    table, row_id = key
    if key == ("system", "breaker#twilio"):
        return breaker().row()
    if key == ("orgs", "settings"):
        return org_settings(org_id)
    if table == "by_vendor_id":
        return {"ids": lookups().ids_of_vendor_id(org_id, row_id)}
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
    from closedloop.adapters.dynamo.streams import committed  # noqa: PLC0415 - one function needs it

    return committed(record, setting("TABLE_PREFIX"))


def allowed_origins() -> list[str]:
    """The origins of the pages that may open a socket."""
    return setting("ALLOWED_ORIGINS").split(",")


def now() -> datetime:
    """The time of a decision, UTC."""
    return datetime.now(UTC)


def idempotency_seconds() -> int:
    """How long a key answers with its first reply: at least a minute, a day unless set."""
    return max(60, int(os.environ.get("IDEMPOTENCY_SECONDS", "86400")))


def breaker_open_seconds() -> int:
    """How long the breaker before Twilio stays open: five minutes unless set."""
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


@lru_cache(maxsize=1)
def _dynamodb() -> Any:
    from closedloop.adapters.dynamo.client import dynamodb  # noqa: PLC0415 - loaded when first used

    return dynamodb()


def forget() -> None:
    """Drop what was built, so that a changed environment counts (tests)."""
    for built in (
        store, reads, tickets, connections, sockets, fanout, lookups, outbox, _secret,
        _dynamodb,
    ):  # fmt: skip
        built.cache_clear()
    forget_rows()


def forget_rows() -> None:
    """Drop the rows that are kept at hand for a moment (tests)."""
    breaker.cache_clear()
    _settings.clear()

"""One transaction: all of it happened, or none, or the result is unclear for now."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnectedError

from closedloop.core import deadline
from closedloop.core.errors import RateLimitedError, ServiceUnavailableError
from closedloop.dynamo.codec import encoded, row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from closedloop.core.rows import Row
    from closedloop.dynamo.codec import Item

_LONGEST_PAUSES_SECONDS = (0.0, 0.02, 0.04, 0.08, 0.16, 0.32)  # before each of six tries

# SnapStart restores many sandboxes from one image: a seeded generator would give all one jitter.
_JITTER = random.SystemRandom()

_BUSY = frozenset(
    {
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingError",
        "ThrottlingException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
    }
)


class ConditionFailedError(Exception):
    """Nothing was written: `rows` holds, by position, the stored row of each refused write."""

    def __init__(self, rows: dict[int, Row | None]) -> None:
        super().__init__()
        self.rows = rows


class BusyError(Exception):
    """Nothing was written, and a repeat may succeed; `positions` were in another transaction."""

    def __init__(self, positions: frozenset[int] = frozenset()) -> None:
        super().__init__()
        self.positions = positions


class UnclearError(Exception):
    """The answer was lost. The same token asked again tells what happened."""


def transact(client: Any, items: Sequence[Item]) -> None:
    """Write all items or none, repeating what is safe to repeat. Their values are plain Python.

    A lost answer is asked for again with the same token, which DynamoDB settles for ten minutes.

    Raises:
        ConditionFailedError: a condition does not hold; nothing was written.
        BusyError: others kept writing the same items; nothing was written.
        RateLimitedError: the tables are throttled; nothing was written.
        ServiceUnavailableError: no answer; a repeat with the same idempotency key settles it.
    """
    token, wanted = str(uuid4()), [encoded(each) for each in items]
    send: Callable[[], Any] = lambda: client.transact_write_items(  # noqa: E731 - one shape for retry
        TransactItems=wanted, ClientRequestToken=token
    )
    try:
        repeat(send)
    except BusyError as busy:
        if busy.positions:
            raise
        raise RateLimitedError from busy
    except UnclearError as unclear:
        raise ServiceUnavailableError from unclear


def settle(send: Callable[[], Any]) -> Any:
    """The final answer of one request that is safe to repeat, in words that an edge knows.

    Raises:
        ConditionFailedError: its condition does not hold; nothing was written.
        RateLimitedError: the table is throttled or the item busy; nothing was written.
        ServiceUnavailableError: no answer.
    """
    try:
        return repeat(send)
    except BusyError as busy:
        raise RateLimitedError from busy
    except UnclearError as unclear:
        raise ServiceUnavailableError from unclear


def repeat(send: Callable[[], Any]) -> Any:
    """Call until an answer is final or time is up, with growing pauses and full jitter.

    Raises:
        ConditionFailedError: as the last answer said.
        BusyError: nothing was written, perhaps not even asked: there was no time left.
        UnclearError: an answer was lost, and no later one was final.
    """
    until = deadline.until()
    trouble: BusyError | UnclearError | None = None
    for longest in _LONGEST_PAUSES_SECONDS:
        pause = _JITTER.uniform(0, longest)
        if time.monotonic() + pause > until:
            break
        time.sleep(pause)
        try:
            return _classified(send)
        except UnclearError as lost:
            trouble = lost
        except BusyError as busy:
            # "Busy" says nothing of an earlier try whose answer was lost.
            trouble = trouble if isinstance(trouble, UnclearError) else busy
    raise trouble or BusyError()


def _classified(send: Callable[[], Any]) -> Any:
    try:
        return send()
    except (HTTPClientError, NotConnectedError) as lost:
        raise UnclearError from lost
    except ClientError as error:
        raise _meaning(error) from error


def _meaning(error: ClientError) -> Exception:
    code = error.response["Error"]["Code"]
    if code in _BUSY:
        return BusyError()
    if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:  # noqa: PLR2004 - HTTP's own
        return UnclearError()
    if code == "ConditionalCheckFailedException":
        return ConditionFailedError({0: _shown(error.response)})
    if code != "TransactionCanceledException":
        return error  # type: ignore[no-any-return] # botocore is untyped
    reasons = error.response["CancellationReasons"]
    failed = {
        i: _shown(reason)
        for i, reason in enumerate(reasons)
        if reason["Code"] == "ConditionalCheckFailed"
    }
    if failed:
        return ConditionFailedError(failed)
    busy = {i for i, reason in enumerate(reasons) if reason["Code"] in _BUSY}
    contended = {i for i in busy if reasons[i]["Code"] == "TransactionConflict"}
    return BusyError(frozenset(contended)) if busy else error


def _shown(refusal: Mapping[str, Any]) -> Row | None:
    return row(refusal["Item"]) if refusal.get("Item") else None

"""The writing side of the database."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from closedloop.core import journal
from closedloop.core.decision import StaleError
from closedloop.core.errors import RateLimitedError, RequestInProgressError
from closedloop.dynamo import expressions
from closedloop.dynamo.idempotency import Keyed
from closedloop.dynamo.transaction import BusyError, ConditionFailedError, transact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from closedloop.core.decision import Plan, RowKey


class Store:
    """Commits what was decided; `prefix` stands before every table's name.

    The journal keeps each entry, and with it a key's reply, for `keep_seconds`.
    """

    def __init__(self, client: Any, prefix: str, keep_seconds: int) -> None:
        self._client = client
        self._prefix = prefix
        self._keep_seconds = keep_seconds
        self._keyed = Keyed(client, prefix + journal.TABLE, self._commit, keep_seconds)

    def keyed(self, prefix: str, request: dict[str, Any]) -> Keyed:
        """A request that is to be done once."""
        return self._keyed.of(prefix, request)

    def commit(self, plan: Plan) -> None:
        """Write a plan that has no key: for steps whose own rows say what is done.

        Raises:
            StaleError: a row is not as assumed; nothing was written.
            RateLimitedError, ServiceUnavailableError: as a button's commit.
        """
        self._commit(plan, (), self._expiry())

    def _commit(self, plan: Plan, unless: Sequence[RowKey], expires_at: int) -> None:
        keys = [(journal.TABLE, plan.entries[0]["id"]), *unless]
        keys += [(each.table, each.id) for each in plan.writes]
        items = expressions.items(self._prefix, plan, unless, expires_at)
        try:
            transact(self._client, items)
        except ConditionFailedError as failed:
            # A condition that is not named has held: the key has no entry.
            rows = {keys[0]: None, **{keys[i]: row for i, row in failed.rows.items()}}
            raise StaleError(rows) from failed
        except BusyError as busy:
            same_key = 0 in busy.positions
            raise (RequestInProgressError if same_key else RateLimitedError) from busy

    def _expiry(self) -> int:
        return int(time.time()) + self._keep_seconds

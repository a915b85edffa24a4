"""The writing side of the database."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from closedloop.adapters.dynamo import writes
from closedloop.adapters.dynamo.idempotency import TransactionalPersistence
from closedloop.adapters.dynamo.transaction import BusyError, UnclearError, repeat, transact
from closedloop.errors import RateLimitedError, Row, ServiceUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from closedloop.decision import Context, Write


class Store:
    """Commits what was decided; `prefix` stands before every table's name."""

    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def persistence(
        self, planned: Callable[[], tuple[Context, Sequence[Write], Row]]
    ) -> TransactionalPersistence:
        """Powertools' persistence for one request.

        `planned` is asked at the commit for the context, the writes and their audit entry.
        """

        def items() -> list[dict[str, Any]]:
            context, decided, entry = planned()
            rows = [writes.write(self._prefix, write, context) for write in decided]
            return [*rows, {"Put": writes.append(self._prefix, entry)}]

        table = self._prefix + "system"
        return TransactionalPersistence(self._client, table, partial(transact, self._client), items)

    def append(self, entry: Row) -> None:
        """Add an audit entry on its own: that of a refused request, which wrote nothing else."""
        try:
            repeat(lambda: self._client.put_item(**writes.append(self._prefix, entry)))
        except BusyError as busy:
            raise RateLimitedError from busy
        except UnclearError as unclear:
            raise ServiceUnavailableError from unclear

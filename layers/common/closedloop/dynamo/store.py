"""The writing side of the database."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from closedloop.core.decision import StaleError
from closedloop.core.errors import RateLimitedError
from closedloop.dynamo import expressions
from closedloop.dynamo.idempotency import TransactionalPersistence
from closedloop.dynamo.transaction import BusyError, ConditionFailedError, settle, transact

if TYPE_CHECKING:
    from collections.abc import Callable

    from closedloop.core.decision import Planned
    from closedloop.core.rows import Row
    from closedloop.dynamo.codec import Item


class Store:
    """Commits what was decided; `prefix` stands before every table's name."""

    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        self._persistence = TransactionalPersistence(
            client, prefix + "system", partial(transact, client)
        )

    def persistence(
        self, planned: Callable[[], Planned], unless: str | None = None
    ) -> TransactionalPersistence:
        """Powertools' persistence for one request.

        `planned` is asked at the commit for what is to be written. `unless` is the id of another
        record: if that one has a reply, it is the answer.
        """

        def items() -> list[Item]:
            plan = planned()
            rows = [expressions.write(self._prefix, write, plan.context) for write in plan.writes]
            return [
                *rows,
                *({"Put": expressions.append(self._prefix, each)} for each in plan.entries),
            ]

        return self._persistence.of(items, unless)

    def commit(self, plan: Planned) -> None:
        """Write what is planned without any record: for steps whose own rows say what is done.

        Raises:
            StaleError: a row is not as assumed; nothing was written.
            RateLimitedError, ServiceUnavailableError: as a button's commit.
        """
        rows = [expressions.write(self._prefix, write, plan.context) for write in plan.writes]
        entries = [{"Put": expressions.append(self._prefix, each)} for each in plan.entries]
        try:
            transact(self._client, [*rows, *entries])
        except ConditionFailedError as failed:
            raise StaleError(failed.rows) from failed
        except BusyError as busy:
            raise RateLimitedError from busy

    def append(self, entry: Row) -> None:
        """Add an audit entry on its own: that of a refused request, which wrote nothing else."""
        settle(lambda: self._client.put_item(**expressions.append(self._prefix, entry)))

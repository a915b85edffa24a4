"""Powertools' idempotency with the commit of the decision inside its record's write.

Powertools claims a key with one write and completes it with a second one, after the effect: a
crash between the two loses or doubles the effect. Here nothing is claimed. The completed record,
the effect and the audit entry are one transaction, so a key has a record exactly when its effect
has happened (docs/decisions/0001).
"""

from __future__ import annotations

import time
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

from closedloop.core.decision import ReplayError, StaleError
from closedloop.core.errors import (
    IdempotencyKeyReusedError,
    RateLimitedError,
    RequestInProgressError,
)
from closedloop.dynamo import expressions
from closedloop.dynamo.transaction import BusyError, ConditionFailedError, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import DataRecord

    from closedloop.dynamo.codec import Item

_RECORD = 0  # the record is the transaction's first item


class TransactionalPersistence(DynamoDBPersistenceLayer):
    """Keeps the record of one request by committing the whole decision with it.

    `planned` gives the decision's items at the moment of the commit; `transact` writes them all
    or none. If the record `unless` has a reply, that reply is the answer and nothing is written.
    """

    def __init__(
        self,
        client: Any,
        table: str,
        transact: Callable[[Sequence[Item]], None],
    ) -> None:
        super().__init__(table_name=table, boto3_client=client)
        self._unless: str | None = None
        self._transact = transact
        self._planned: Callable[[], Sequence[Item]] = list

    def of(
        self, planned: Callable[[], Sequence[Item]], unless: str | None
    ) -> TransactionalPersistence:
        """One request's own: a copy, for each one built anew would add a handler to the client."""
        own = copy(self)
        own._planned, own._unless = planned, unless  # noqa: SLF001 - our own copy
        return own

    def record_id(self, request: dict[str, Any]) -> str:
        """The id of the request's record, once configured."""
        return str(self._get_hashed_idempotency_key(data=request))

    def _get_record(self, idempotency_key: str) -> DataRecord:
        found: DataRecord = settle(partial(super()._get_record, idempotency_key))
        return found

    def save_inprogress(
        self, data: dict[str, Any], remaining_time_in_millis: int | None = None
    ) -> None:
        """Claims nothing: the transaction alone decides."""

    def _delete_record(self, data_record: DataRecord) -> None:
        """Has nothing to give back: a refused request leaves no record."""

    def _update_record(self, data_record: DataRecord) -> None:
        stored = {
            "id": data_record.idempotency_key,
            "expiration": data_record.expiry_timestamp,
            "status": data_record.status,
            "data": data_record.response_data,
            "validation": data_record.payload_hash,
        }
        now = int(time.time())
        records = [expressions.record(self.table_name, stored, now)]
        if self._unless is not None:
            records.append(expressions.no_record(self.table_name, self._unless, now))
        try:
            self._transact([*records, *self._planned()])
        except ConditionFailedError as failed:
            raise _refusal(failed, data_record, len(records)) from failed
        except BusyError as busy:
            same_key = _RECORD in busy.positions
            raise (RequestInProgressError if same_key else RateLimitedError) from busy


def _refusal(failed: ConditionFailedError, data_record: DataRecord, records: int) -> Exception:
    kept = [row for position, row in sorted(failed.rows.items()) if position < records and row]
    if not kept:
        return StaleError({position - records: row for position, row in failed.rows.items()})
    if kept[-1]["validation"] != data_record.payload_hash:
        return IdempotencyKeyReusedError()
    return ReplayError(kept[-1]["data"], kept[-1]["id"])

"""Powertools' idempotency with the commit of the decision inside its record's write.

Powertools claims a key with one write and completes it with a second one, after the effect: a
crash between the two loses or doubles the effect. Here nothing is claimed. The completed record
is the press's entry in the journal, and entry and effect are one transaction, so a key has a
record exactly when its effect has happened (docs/decisions/0001, 0009).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from copy import copy
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
)

from closedloop.core import journal
from closedloop.core.errors import IdempotencyKeyReusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import DataRecord

    from closedloop.core.decision import Plan, RowKey
    from closedloop.core.rows import Row

    Commit = Callable[[Plan, Sequence[RowKey], int], None]


class Keyed(DynamoDBPersistenceLayer):
    """A request that is done once: its key, the command that the key stands for, its record."""

    def __init__(self, client: Any, table: str, commit: Commit, keep_seconds: int) -> None:
        super().__init__(table_name=table, boto3_client=client)
        self.configure(
            IdempotencyConfig(
                event_key_jmespath="key",
                payload_validation_jmespath="body",
                raise_on_no_idempotency_key=True,
                expires_after_seconds=keep_seconds,
                hash_function="sha256",
            )
        )
        self._commit = commit
        self._request: dict[str, Any] = {}
        self.entry: RowKey
        """The journal entry that the key stands for."""
        self._plan: Plan
        self._reply: Mapping[str, Any] = {}
        self._unless: tuple[RowKey, ...] = ()

    def of(self, prefix: str, request: dict[str, Any]) -> Keyed:
        """One request's own: a copy, for each one built anew would add a handler to the client."""
        own = copy(self)
        own.function_name, own._request = prefix, request  # noqa: SLF001 - our own copy
        record_id = str(own._get_hashed_idempotency_key(request))  # noqa: SLF001 - same
        own.entry = (journal.TABLE, _entry_id(record_id))
        return own

    def kept(self, entry: Row) -> Row:
        """The key's entry, with the reply of the first time.

        Raises:
            IdempotencyKeyReusedError: it is of another command.
        """
        if entry["hash"] != bytes.fromhex(self._get_hashed_payload(self._request)):
            raise IdempotencyKeyReusedError
        return entry

    def commit(self, plan: Plan, reply: Mapping[str, Any], unless: tuple[RowKey, ...] = ()) -> None:
        """Write the plan, and the reply into its first entry.

        `unless` are other keys' entries that must not be there.

        Raises:
            StaleError: an entry is there already, or a row is not as assumed; nothing was written.
            ClosedLoopError: the database says no; nothing was written, or nobody can tell.
        """
        self._plan, self._reply, self._unless = plan, reply, unless
        self.save_success(self._request, {})

    def _update_record(self, data_record: DataRecord) -> None:
        first = self._plan.entries[0]
        first |= self._reply
        first["id"] = _entry_id(data_record.idempotency_key)
        first["hash"] = bytes.fromhex(data_record.payload_hash)
        self._commit(self._plan, self._unless, int(data_record.expiry_timestamp or 0))


def _entry_id(record_id: str) -> str:
    """`<action>#<user>#<hash of the key>`, the hash in 43 characters where Powertools takes 64."""
    head, _, digest = record_id.rpartition("#")
    return f"{head}#{urlsafe_b64encode(bytes.fromhex(digest)).decode().rstrip('=')}"

"""The breaker before a vendor, shared by all sandboxes: Powertools' states, our own count.

Powertools counts failures in each sandbox's memory, so a fleet of many that call seldom would
never open it. Here a failure is one write to an item that all share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.circuit_breaker import CircuitBreakerConfig, CircuitState
from aws_lambda_powertools.utilities.circuit_breaker.persistence import (
    CircuitBreakerDynamoDBPersistence,
)

from closedloop.dynamo.codec import item, row
from closedloop.dynamo.transaction import settle

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.core.rows import Row

FAILURES, WITHIN_SECONDS = 5, 60
_PROBE_SECONDS = 60  # a probe whose sandbox died is over by then
_FORGET_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Permit:
    """Whether a call may be made: at once, as the one probe, or only after `wait` seconds."""

    wait: int = 0
    probe: bool = False
    opened_at: int = 0


class Breaker:
    """State and failures of the calls to one vendor. It stays open for `open_seconds`."""

    def __init__(self, client: Any, table: str, vendor: str, open_seconds: int) -> None:
        self._id = f"breaker#{vendor}"
        self._client = client
        self._table = table
        self._open_seconds = open_seconds
        self._states = CircuitBreakerDynamoDBPersistence(table, boto3_client=client)
        # Powertools takes this for the probe's lease and the item's life alone; a state read is
        # good for five seconds, so that the warm path of a button asks for nothing.
        config = CircuitBreakerConfig(recovery_timeout=_PROBE_SECONDS, local_cache_max_age=5)
        self._states.configure(config, self._id)

    def row(self) -> Row:
        """The state as a rule sees it; closed when the database does not say otherwise."""
        # It answers whatever happens, and settle asks only while there is time.
        record = settle(lambda: self._states.get_state(self._id))
        opened = (
            {} if record.opened_at is None else {"retry_at": record.opened_at + self._open_seconds}
        )
        return {"state": str(record.state), **opened}

    def permit(self, owner: str, now: datetime) -> Permit:
        """Ask before a call. A probe that is permitted must end in `ended` or `released`."""
        record = self._states.get_state(self._id)
        if record.state == CircuitState.CLOSED or record.opened_at is None:
            return Permit()
        left = record.opened_at + self._open_seconds - int(now.timestamp())
        if left > 0:
            return Permit(wait=left)
        if self._states.try_acquire_half_open(self._id, owner, record.opened_at):
            return Permit(probe=True, opened_at=record.opened_at)
        return Permit(wait=min(_PROBE_SECONDS, self._open_seconds))

    def ended(self, permit: Permit, now: datetime, *, well: bool) -> bool:
        """Say how a permitted call ended; whether that opened the breaker."""
        if well:
            if permit.probe:
                self._forget()  # or the next failure would open it again
                self._states.save_closed(self._id)
            return False
        if permit.probe:
            self._states.save_reopen(self._id, int(now.timestamp()))
            return True
        times = self._count(now)
        oldest = int(now.timestamp() * 1000) - WITHIN_SECONDS * 1000
        if times[-1] <= oldest:
            return False
        self._states.save_open(self._id, FAILURES, int(now.timestamp()))
        return True

    def released(self, permit: Permit) -> None:
        """Give a probe back that was not made: the next one may be made at once."""
        if permit.probe:
            self._states.save_reopen(self._id, permit.opened_at)

    def _forget(self) -> None:
        settle(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=item({"id": f"{self._id}#failures"}),
                UpdateExpression="REMOVE " + ", ".join(f"t{i}" for i in range(FAILURES)),
            )
        )

    def _count(self, now: datetime) -> list[int]:
        """The latest failures, newest first, this one included (epoch milliseconds)."""
        shifts = [f"t{i} = if_not_exists(t{i - 1}, :never)" for i in range(FAILURES - 1, 0, -1)]
        kept = settle(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=item({"id": f"{self._id}#failures"}),
                UpdateExpression="SET " + ", ".join([*shifts, "t0 = :now", "expiration = :end"]),
                ExpressionAttributeValues=item(
                    {
                        ":now": int(now.timestamp() * 1000),
                        ":never": 0,
                        ":end": int(now.timestamp()) + _FORGET_SECONDS,
                    }
                ),
                ReturnValues="ALL_NEW",
            )
        )
        times = row(kept["Attributes"])
        return [int(times[f"t{i}"]) for i in range(FAILURES)]

"""Runs of the reconciliation: their rows, and the lease by which one org has one run at a time.

They are a log of their own and no change of anybody's: the journal has an entry for each job that
a run changes, none for the run. The lease is one item; its condition asks the deciding clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop.dynamo.codec import item, row
from closedloop.dynamo.transaction import ConditionFailedError, settle
from closedloop.square.runs import LEASE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.core.rows import Row


class Runs:
    """The table `reconcile`, as far as runs write it."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def begin(
        self, org_id: str, run: str, *, now: int, until: int, not_since: int | None = None
    ) -> bool:
        """Take the org's lease until then (epoch ms); whether it was free, lapsed or the run's own.

        `not_since` is for a run of the schedule: it is not begun where another has begun since
        then, so messages that have piled up are one run.
        """
        # One update: whoever comes second finds the first one's time, whatever either has read.
        update = "SET holder = :me, #until = :until"
        condition = "(attribute_not_exists(#until) OR #until <= :now OR holder = :me)"
        values = {":me": run, ":now": now, ":until": until}
        if not_since is not None:
            update += ", began = :now, first_began = if_not_exists(first_began, :now)"
            # Its own again: the message came back, for its first receiver died.
            condition += " AND (attribute_not_exists(began) OR began < :since OR holder = :me)"
            values[":since"] = not_since
        return self._update(org_id, update, condition, values)

    def keep(self, org_id: str, run: str, *, until: int) -> bool:
        """Have the lease for longer; False where it was lost to another run."""
        values = {":me": run, ":until": until}
        return self._update(org_id, "SET #until = :until", "holder = :me", values)

    def end(self, org_id: str, run: str, *, well_at: int | None = None) -> None:
        """Give the lease back if it is this run's; `well_at` (epoch ms) where it went well."""
        well = {} if well_at is None else {":well": well_at}
        update = f"{'SET well = :well ' if well else ''}REMOVE #until, holder"
        self._update(org_id, update, "holder = :me", {":me": run, **well})

    def put(self, kept: Mapping[str, Any]) -> None:
        """Write a run as it is now, unless a later state of it is written."""
        values = item({":v": kept["version"]})
        try:
            settle(
                lambda: self._client.put_item(
                    TableName=self._table,
                    Item=item({k: v for k, v in kept.items() if v is not None}),
                    # A function that was thought dead must not undo what its successor has written.
                    ConditionExpression="attribute_not_exists(id) OR #v < :v",
                    ExpressionAttributeNames={"#v": "version"},
                    ExpressionAttributeValues=values,
                )
            )
        except ConditionFailedError:
            return

    def get(self, org_id: str, row_id: str) -> Row | None:
        """A run, or the lease, as of now."""
        found = settle(
            lambda: self._client.get_item(
                TableName=self._table,
                Key=item({"org_id": org_id, "id": row_id}),
                ConsistentRead=True,
            )
        )
        return row(found["Item"]) if "Item" in found else None

    def _update(self, org_id: str, update: str, condition: str, values: Mapping[str, Any]) -> bool:
        try:
            settle(
                lambda: self._client.update_item(
                    TableName=self._table,
                    Key=item({"org_id": org_id, "id": LEASE}),
                    UpdateExpression=update,
                    ConditionExpression=condition,
                    ExpressionAttributeNames={"#until": "until"},
                    ExpressionAttributeValues=item(values),
                )
            )
        except ConditionFailedError:
            return False
        return True

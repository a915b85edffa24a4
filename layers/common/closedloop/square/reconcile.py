"""Reconciliation: one booking as Square's API has it now, and one that Square has no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from closedloop.core.decision import Decision, Reply
from closedloop.core.rows import gone
from closedloop.core.writes import Change
from closedloop.jobs.model import TABLE
from closedloop.square.booking import NO_CATALOG, told, unnamed
from closedloop.square.conflicts import MISSING, STATUS, Met
from closedloop.square.customer import stale
from closedloop.square.events import CONNECTION, SETTINGS, zone
from closedloop.square.settle import Outcome, settled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from closedloop.core.decision import Context
    from closedloop.core.rows import Row
    from closedloop.jobs.rows import CustomerCached
    from closedloop.square.booking import Catalog, Told
    from closedloop.square.model import Booking
    from closedloop.square.settle import Settled

ACTION = "reconcile"

_ON_ITS_WAY = timedelta(minutes=5)
"""A change that is younger is no missed webhook: it may still come."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was read from Square for the bookings of a window: names, and customers by id."""

    catalog: Catalog = NO_CATALOG
    customers: Mapping[str, CustomerCached] | None = None

    def customer(self, booking: Booking) -> CustomerCached | None:
        """The booking's customer, if it was asked for."""
        return (self.customers or {}).get(booking.customer_id)


def take_over(booking: Booking, known: Known, context: Context) -> Decision:
    """The job of a booking as Square has it now. The reply is what a run counts (`counted`)."""
    context.know((TABLE, booking.id), CONNECTION, SETTINGS)
    (row,) = context.read((TABLE, booking.id))
    said = told(booking, zone(context, booking.location_id), known.catalog, row)
    found = settled(said, context, created_by="reconciliation", customer=known.customer(booking))
    return Decision(found.writes, Reply(counted(booking, said, found, row, context)))


def counted(booking: Booking, said: Told, found: Settled, row: Row | None, context: Context) -> Row:
    """What a run counts of one booking, and shows of it in a plan."""
    newer = found.outcome is Outcome.CREATED or (
        found.outcome is Outcome.UPDATED and said.version > (row or {}).get("square_version", -1)
    )
    late = booking.updated_at is None or context.now - booking.updated_at > _ON_ITS_WAY
    return {
        "id": booking.id,
        "outcome": found.outcome.value,
        "conflicts": list(found.met),
        "missed": newer and late,
        "strange": said.strange,
        "changes": {
            name: {"before": before, "after": after}
            for name, (before, after) in found.changes.items()
        },
    }


def flag_missing(job_id: str, context: Context) -> Decision:
    """Square has no such booking: nothing is concluded from that, and a person is told once."""
    (row,) = context.read((TABLE, job_id))
    if row is None or gone(row):
        return Decision((), Reply(_of_missing(job_id, ())))
    conflicts = Met(job_id, tuple(row.get("conflicts", ())), context)
    conflicts.meet(MISSING, "missing", row.get(STATUS), None)
    writes = tuple(conflicts.writes)
    if conflicts.set:
        writes = (Change(TABLE, job_id, conflicts.set, {"version": row["version"]}), *writes)
    return Decision(writes, Reply(_of_missing(job_id, conflicts.opened)))


def _of_missing(job_id: str, met: Iterable[str]) -> Row:
    met = list(met)
    outcome = Outcome.UPDATED if met else Outcome.KNOWN
    return {
        "id": job_id, "outcome": outcome.value, "conflicts": met, "missed": False,
        "strange": False, "changes": {},
    }  # fmt: skip


def wanted_names(found: Iterable[Booking], rows: Mapping[str, Row]) -> list[str]:
    """The variations whose names no job has yet."""
    names: dict[str, None] = {}
    for each in found:
        said = told(each, "UTC", NO_CATALOG, rows.get(each.id))
        names |= dict.fromkeys(sorted(unnamed(said.fields["segments"])))
    return list(names)


def wanted_customers(found: Iterable[Booking], rows: Mapping[str, Row], now: datetime) -> list[str]:
    """The customers who were not read yet, or too long ago."""
    wanted: dict[str, None] = {}
    for each in found:
        job: Any = {**rows.get(each.id, {}), "square_customer_id": each.customer_id or None}
        if stale(job, now):
            wanted[each.customer_id] = None
    return list(wanted)

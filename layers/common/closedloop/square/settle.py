"""What becomes of a job when Square has said something of its booking: decided in one place.

Webhook and reconciliation call the same rule, so whichever comes first, the job ends the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from closedloop.core.rows import gone
from closedloop.core.writes import Change, Create
from closedloop.jobs import model
from closedloop.square.booking import merged
from closedloop.square.conflicts import MISSING, PLACE, STATUS, Met
from closedloop.square.customer import lasting, newer
from closedloop.square.place import place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.core.decision import Context
    from closedloop.core.rows import Row
    from closedloop.core.writes import Write
    from closedloop.jobs.rows import CustomerCached
    from closedloop.square.booking import Merged, Told

ACTOR = "square"
"""Who changes a job by Square's word, in the journal and in the history of its work."""

_BEFORE = ("appointmentTime", "booking_status", "serviceType")
"""What the audit log shows of the job before the change, beside what was set."""


class Outcome(StrEnum):
    """What Square's word has come to."""

    CREATED = "created"
    UPDATED = "updated"
    KNOWN = "known"
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class Settled:
    """The writes, and what is to be counted or shown of them.

    `changes` has the job's fields before and after; `met` the fields in which a conflict was found
    or found changed; `closes` says whether a visit that was on is off now.
    """

    outcome: Outcome
    writes: tuple[Write, ...] = ()
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    met: tuple[str, ...] = ()
    closes: bool = False
    incomplete: bool = False


def settled(
    told: Told,
    context: Context,
    *,
    created_by: Literal["webhook", "reconciliation"],
    customer: CustomerCached | None = None,
) -> Settled:
    """The job as Square has it now, and nothing of the staff's touched.

    Raises:
        NeedsError: the job, its conflict or its calendar was not read yet.
    """
    (row,) = context.read((model.TABLE, told.id))
    if row is None:
        return _new(told, context, created_by, customer)
    if gone(row) or _older(told, row):
        return Settled(Outcome.OLDER)
    return _changed(told, row, context, customer)


def _older(told: Told, row: Row) -> bool:
    """By Square's version; of two words with one version, by Square's own time."""
    known = row.get("square_version", -1)
    if told.version != known:
        return bool(told.version < known)
    return bool((told.updated_at or "~") < row.get("square_updated_at", ""))


def _new(
    told: Told,
    context: Context,
    created_by: Literal["webhook", "reconciliation"],
    customer: CustomerCached | None,
) -> Settled:
    made = model.new(
        told.id,
        told.fields,
        created_by=created_by,
        square_version=told.version,
        square_hash=_kept_hash(told, customer),
        square_updated_at=told.updated_at,
        customer=customer,
        work_status=model.CANCELLED if told.off else model.SCHEDULED,
    )
    job = {**made.set, "id": told.id}
    conflicts = Met(told.id, (), context)
    found = place(job, None, context)
    if found.in_the_way:
        conflicts.meet(
            PLACE, "place", found.in_the_way, {"appointmentTime": job["appointmentTime"]}
        )
    whole = Create(model.TABLE, told.id, {**made.set, **found.set, **conflicts.set})
    return Settled(
        Outcome.CREATED,
        (whole, *found.writes, *conflicts.writes),
        {name: (None, value) for name, value in told.fields.items()},
        tuple(conflicts.opened),
        incomplete=not made.set["square_hash"],
    )


def _changed(told: Told, row: Row, context: Context, customer: CustomerCached | None) -> Settled:
    begun = row["workStatus"] not in {model.SCHEDULED, model.CANCELLED}
    held = frozenset({STATUS}) if told.off and begun else frozenset()
    merge = merged(row, told, held=held)
    fields = {**merge.set, **_work(row, merge, told, context)}
    told_of = customer and lasting(row.get("customerCached"), customer)
    if told_of and newer(row.get("customerCached"), told_of):
        fields["customerCached"] = told_of
    fields |= _of_the_sync(told, row, {**row, **fields})
    conflicts = Met(told.id, tuple(row.get("conflicts", ())), context)
    writes = _placed(fields, row, conflicts, context)
    _meet(merge, held, row, told, conflicts)
    fields |= conflicts.set
    if not fields and not writes and not conflicts.writes:
        return Settled(Outcome.KNOWN, incomplete=not row.get("square_hash"))
    assumed = {name: row[name] for name in _BEFORE if name in merge.set and name in row}
    change = Change(model.TABLE, told.id, fields, {"version": row["version"], **assumed})
    return Settled(
        Outcome.UPDATED,
        (change, *writes, *conflicts.writes),
        {name: (row.get(name), fields[name]) for name in fields if _shown(name)},
        tuple(conflicts.opened),
        closes=told.off and STATUS in merge.set,
        incomplete=not {**row, **fields}["square_hash"],
    )


def _work(row: Row, merge: Merged, told: Told, context: Context) -> Row:
    """The one case in which Square's word moves the work: called off before it has begun.

    A visit that is on again goes on where Square itself had called it off.
    """
    if STATUS not in merge.set:
        return {}
    if told.off and row["workStatus"] == model.SCHEDULED:
        return model.moved(row, model.CANCELLED, context)
    # Without any history it was off when we first heard of it.
    history = row.get("statusHistory")
    by_square = not history or history[-1].get("by", {}).get("id") == ACTOR
    if not told.off and by_square and row["workStatus"] == model.CANCELLED:
        return model.moved(row, model.SCHEDULED, context)
    return {}


def _of_the_sync(told: Told, row: Row, job: Row) -> Row:
    """What is kept to tell the next change from this one, as far as it is new."""
    kept = {
        "square": dict(told.fields),
        "square_version": told.version,
        "square_hash": _kept_hash(told, job.get("customerCached")),
        "square_updated_at": told.updated_at,
    }
    return {name: value for name, value in kept.items() if value != row.get(name)}


def _kept_hash(told: Told, customer: Mapping[str, Any] | None) -> str:
    """Empty while something is not known yet, so that the next reconciliation looks again."""
    wanted = told.fields.get("square_customer_id")
    known = wanted is None or (customer or {}).get("id") == wanted
    return told.hash if told.named and known else ""


def _placed(fields: Row, row: Row, conflicts: Met, context: Context) -> tuple[Write, ...]:
    """Moves the job's cells with it; notes in `fields` what the job keeps of them."""
    now = {name: value for name, value in {**row, **fields}.items() if value is not None}
    found = place(now, row, context)
    fields |= found.set
    if found.in_the_way:
        conflicts.meet(
            PLACE, "place", found.in_the_way, {"appointmentTime": now["appointmentTime"]}
        )
    else:
        conflicts.settle(PLACE)
    return found.writes


def _meet(merge: Merged, held: frozenset[str], row: Row, told: Told, conflicts: Met) -> None:
    for name, (ours, theirs) in merge.clashes.items():
        conflicts.meet(name, "work_begun" if name in held else "edited", ours, theirs)
    now = {**row, **merge.set}
    for name in conflicts.open:
        if name not in {PLACE, MISSING} and now.get(name) == told.fields.get(name):
            conflicts.settle(name)
    conflicts.settle(MISSING)  # Square has just said that it is there


def _shown(name: str) -> bool:
    return name not in {"square", "square_hash", "lane", "shape", "statusHistory"}

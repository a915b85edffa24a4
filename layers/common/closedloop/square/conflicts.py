"""Disagreements that no rule can settle: both values are kept, and a person chooses.

There is one row for each job and field, however often the disagreement is met. The job names its
open ones in `conflicts`, so that nothing has to be read to know that there are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from closedloop.core.command import Command, Notes, RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.rows import Row, gone
from closedloop.core.writes import Change, Check, Create
from closedloop.jobs import model
from closedloop.square.place import place
from closedloop.square.refusals import AlreadyResolvedError, PlaceTakenError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from closedloop.core.writes import Write
    from closedloop.square.rows import Conflict, Kind

TABLE = "reconcile"
PREFIX = "conflict#"
_OPEN = {"state": "open"}
PLACE, MISSING, STATUS = "place", "missing", "booking_status"
"""Fields that are none of Square's, and the one that may stop work that has begun."""


_MOVING = {"start", "booking_status", "workStatus"}


class Met:
    """Collects what became of a job's conflicts in one decision."""

    def __init__(self, job_id: str, open_before: tuple[str, ...], context: Context) -> None:
        self._job_id = job_id
        self._context = context
        self._open = dict.fromkeys(open_before)
        self._before = tuple(open_before)
        self.writes: list[Write] = []
        self.opened: list[str] = []

    @property
    def set(self) -> Row:
        """What the job is to keep of them: the fields in which it disagrees with Square."""
        now = tuple(self._open)
        return {} if now == self._before else {"conflicts": list(now) or None}

    def meet(self, field: str, kind: Kind, ours: Any, square: Any) -> None:
        """A disagreement: a row for it, or the row that there is with the values of now.

        Raises:
            NeedsError: the row was not read yet.
        """
        (known,) = self._context.read((TABLE, row_id(self._job_id, field)))
        said = {"kind": kind, "state": "open", "ours": ours, "square": square}
        if known and known["state"] == "resolved" and _alike(known, said, "kind", "ours", "square"):
            return  # somebody has chosen in this very disagreement
        same = known is not None and _alike(known, said, *said)
        if not same:
            self.writes.append(self._write(field, said, known))
        if field not in self._open or not same:
            self.opened.append(field)
        self._open[field] = None

    def settle(self, field: str) -> None:
        """Both sides agree again without a person: an open row is closed."""
        if field not in self._open:
            return
        del self._open[field]
        row = (TABLE, row_id(self._job_id, field))
        seen = self._context.seen.get(row, _OPEN) or {}
        if seen.get("state") == "open":
            self.writes.append(Change(*row, {"state": "settled"}, {"state": "open"}))

    @property
    def open(self) -> tuple[str, ...]:
        """The fields that a person is to look at."""
        return tuple(self._open)

    def _write(self, field: str, said: Row, known: Row | None) -> Write:
        fields = {**said, "met_at": self._context.timestamp, "job_id": self._job_id, "field": field}
        if known is None:
            return Create(TABLE, row_id(self._job_id, field), fields)
        again = dict.fromkeys(("choice", "resolved_at", "resolved_by", "notes"))
        return Change(TABLE, known["id"], {**fields, **again}, {"version": known["version"]})


def _alike(one: Row, other: Row, *names: str) -> bool:
    return all(one.get(name) == other.get(name) for name in names)


def row_id(job_id: str, field: str) -> str:
    """The row of a job's field. Answers name it without its prefix."""
    return f"{PREFIX}{job_id}:{field}"


def shown(row: Row) -> Any:
    """A conflict as answers carry it."""
    # Not `public`: what a job keeps of Square for itself is here one of the two values.
    seen = {name: value for name, value in row.items() if name != "idempotency_key"}
    return seen | {"id": str(row["id"]).removeprefix(PREFIX)}


class ResolveConflict(Command):
    """Choose whose value a job keeps: ours, or Square's."""

    id: RowId
    choice: Literal["ours", "square"] = Field(
        description="`square` also means: take the place now, or believe that the booking is gone."
    )
    notes: Notes | None = None


class ConflictResolved(TypedDict):
    """The conflict is settled, and the job is as was chosen."""

    conflict: Conflict


def resolve(command: ResolveConflict, context: Context) -> Decision[ConflictResolved]:
    """Settle a conflict by a person's choice, once. Choosing the same again changes nothing.

    Raises:
        NotFoundError: there is no such conflict in the org.
        AlreadyResolvedError: it was settled in another way; carries the conflict.
        PlaceTakenError: the job's time is still another's; carries the conflict.
    """
    conflict = context.need(TABLE, PREFIX + command.id)
    if conflict["state"] != "open":
        return _as_before(command, conflict)
    (job,) = context.read((model.TABLE, conflict["job_id"]))
    chosen = {
        "state": "resolved",
        "choice": command.choice,
        "resolved_at": context.timestamp,
        "resolved_by": context.actor.id,
        "notes": command.notes,
    }
    write = Change(TABLE, conflict["id"], chosen, {"version": conflict["version"]})
    writes = () if job is None or gone(job) else _on_job(command, conflict, job, context)
    stamp = {
        "version": context.version,
        "updated_at": context.timestamp,
        "updated_by": context.actor.author,
    }
    after = {**conflict, **chosen, **stamp}
    seen = shown({name: value for name, value in after.items() if value is not None})
    return Decision((write, *writes), Reply(ConflictResolved(conflict=seen)))


def _as_before(command: ResolveConflict, conflict: Row) -> Decision[ConflictResolved]:
    if conflict.get("choice") != command.choice:
        raise AlreadyResolvedError(conflict=shown(conflict))
    check = Check(TABLE, conflict["id"], {"version": conflict["version"]})
    return Decision((check,), Reply(ConflictResolved(conflict=shown(conflict))))


def _on_job(
    command: ResolveConflict, conflict: Row, job: Row, context: Context
) -> tuple[Write, ...]:
    left = [each for each in job.get("conflicts", ()) if each != conflict["field"]]
    conflicts = Met(job["id"], tuple(left), context)
    fields: Row = {}
    writes: tuple[Write, ...] = ()
    if command.choice == "square":
        fields |= _squares(conflict, job, context)
        if fields.keys() & _MOVING or conflict["field"] == PLACE:
            writes = _placed(conflict, fields, job, conflicts, context)
    fields["conflicts"] = list(conflicts.open) or None
    change = Change(model.TABLE, job["id"], fields, {"version": job["version"]})
    return (change, *writes, *conflicts.writes)


def _placed(
    conflict: Row, fields: Row, job: Row, conflicts: Met, context: Context
) -> tuple[Write, ...]:
    """Moves the cells along. A visit that has no place now is a conflict of its own."""
    now = {name: value for name, value in {**job, **fields}.items() if value is not None}
    found = place(now, job, context)
    fields |= found.set
    if found.in_the_way and conflict["field"] == PLACE:
        raise PlaceTakenError(conflict=shown(conflict))
    if found.in_the_way:
        conflicts.meet(
            PLACE, "place", found.in_the_way, {"appointmentTime": now["appointmentTime"]}
        )
    return found.writes


def _squares(conflict: Row, job: Row, context: Context) -> Mapping[str, Any]:
    """What the job takes over: Square's last word, which may be newer than the conflict's row."""
    field = conflict["field"]
    if field == PLACE:
        return {}
    if field == MISSING:
        off: Row = {STATUS: "CANCELLED_BY_SELLER"}
        return off | _called_off(job, context)
    taken: Row = {field: (job.get("square") or {}).get(field)}
    if field in {"appointmentTime", "segments"}:
        now = {**job, **taken}
        taken |= model.span(now["appointmentTime"], now["segments"] or ())
    return taken | (_called_off(job, context) if field == STATUS else {})


def _called_off(job: Row, context: Context) -> Row:
    if job["workStatus"] == model.CANCELLED:
        return {}
    return model.moved(job, model.CANCELLED, context)

"""What the staff write on a job: how its work goes, checklists, notes, vehicle, payment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, Self

from pydantic import Field, StringConstraints, model_validator
from typing_extensions import TypedDict

from closedloop.core.command import Command, Edit, Notes, RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.errors import NotFoundError
from closedloop.core.rows import Row, gone, public
from closedloop.core.writes import ABSENT, Change, Check
from closedloop.jobs import checklists, work
from closedloop.jobs.checklists import Checklists, Label
from closedloop.jobs.errors import JobChangedError
from closedloop.jobs.model import TABLE, Status, moved

if TYPE_CHECKING:
    from closedloop.core.values import Time, Version
    from closedloop.jobs.rows import Checklist, Issue, Payment, StatusMove, WorkStatus

Fact = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,39}$")]
Said = (
    Annotated[str, StringConstraints(max_length=200)]
    | Annotated[int, Field(ge=-(10**15), le=10**15)]
)


class ReportedIssue(Command):
    """What the customer found after the work was done; who reported it and when is ours to say."""

    description: Annotated[Notes, Field(min_length=1)]
    status: Literal["open", "resolved"] = "open"


class PaymentState(Command):
    """What is known of the payment. Money is in cents."""

    status: Literal["unpaid", "partially_paid", "paid", "refunded"]
    amount_cents: Annotated[int, Field(ge=0, le=10**12)] | None = None
    method: Label | None = None


class UpdateJob(Edit):
    """Change a job, named in the path; null clears notes, vehicle, issue or payment.

    What Square owns (`appointmentTime`, `serviceType`, ...) is changed in Square.
    """

    id: RowId
    workStatus: Status | None = None  # noqa: N815 - the wire's own spelling
    checklist: Checklists | None = None
    notes: Notes | None = None
    vehicleInfo: Annotated[dict[Fact, Said], Field(max_length=30)] | None = None  # noqa: N815
    postCompletionIssue: ReportedIssue | None = None  # noqa: N815
    payment: PaymentState | None = None
    expectedVersion: Annotated[int, Field(ge=0, lt=10**17)] | None = None  # noqa: N815

    @model_validator(mode="after")
    def _something(self) -> Self:
        named = self.model_fields_set - {"id", "expectedVersion"}
        if not named:
            raise ValueError("provide at least one field to change")
        if any(getattr(self, name) is None for name in named & {"workStatus", "checklist"}):
            raise ValueError("workStatus and checklist cannot be cleared")
        return self


class ChangedJob(TypedDict):
    """What the button has set of the job, null where it cleared. Lay it over the row."""

    id: str
    workStatus: WorkStatus
    version: Version
    updated_at: Time
    statusHistory: NotRequired[list[StatusMove]]
    checklist: NotRequired[Checklist]
    notes: NotRequired[str | None]
    vehicleInfo: NotRequired[dict[str, str | int] | None]
    postCompletionIssue: NotRequired[Issue | None]
    payment: NotRequired[Payment | None]


class JobUpdated(TypedDict):
    """The job is as asked for."""

    job: ChangedJob


def update(command: UpdateJob, context: Context) -> Decision[JobUpdated]:
    """Set what the staff own of a job, once. What it says already changes nothing.

    Raises:
        JobChangedError: `expectedVersion` is no longer true; carries the current row.
        WorkTransitionError: the work has no such move, or its QC checklist is not done; carries
            the current row.
        ForbiddenError: the work is over, and only an owner or a manager takes it up again.
        ValidationFailedError: a new point has no label, or a checklist gets too long.
        NotFoundError: there is no such job in the org.
    """
    row = living(context, command.id)
    if command.expectedVersion not in {None, row["version"]}:
        raise JobChangedError(job=public(row))
    fields = _fields(command, row, context)
    shown: dict[str, Any] = {"id": row["id"], "workStatus": row["workStatus"], **fields}
    if not fields:
        shown |= {"updated_at": row["updated_at"], "version": row["version"]}
        check = Check(TABLE, row["id"], {"version": row["version"]})
        return Decision((check,), _reply(shown))
    shown |= {"updated_at": context.timestamp, "version": context.version}
    return Decision((Change(TABLE, row["id"], fields, _assumed(row, fields)),), _reply(shown))


def living(context: Context, job_id: str) -> Row:
    """The job, which must be there.

    Raises:
        NotFoundError: there is no such job in the org, or only its tombstone.
    """
    row = context.need(TABLE, job_id)
    if gone(row):
        raise NotFoundError
    return row


def _fields(command: UpdateJob, row: Row, context: Context) -> dict[str, Any]:
    """What the row does not say already."""
    asked: dict[str, Any] = {
        name: getattr(command, name)
        for name in ("notes", "vehicleInfo")
        if name in command.model_fields_set
    }
    lists = checklists.changed(row, command.checklist, context)
    if command.checklist is not None:
        asked["checklist"] = lists
    if "payment" in command.model_fields_set:
        asked["payment"] = command.payment and command.payment.model_dump(exclude_none=True)
    if "postCompletionIssue" in command.model_fields_set:
        asked["postCompletionIssue"] = _issue(command.postCompletionIssue, row, context)
    fields = {name: value for name, value in asked.items() if row.get(name) != value}
    if command.workStatus not in {None, row["workStatus"]}:
        to = str(command.workStatus)
        work.refuse_unless_allowed(row, to, lists["qc"], context)
        fields |= moved(row, to, context)
    return fields


def _issue(asked: ReportedIssue | None, row: Row, context: Context) -> dict[str, Any] | None:
    if asked is None:
        return None
    by = context.actor.author
    known = row.get("postCompletionIssue") or {"reported_at": context.timestamp, "reported_by": by}
    issue = {**known, "description": asked.description, "status": asked.status}
    if asked.status == "open":
        return {name: issue[name] for name in issue if not name.startswith("resolved_")}
    return {"resolved_at": context.timestamp, "resolved_by": by, **issue}


def _assumed(row: Row, fields: dict[str, Any]) -> dict[str, Any]:
    """The row as it was read; what is short enough stands in the audit entry as `before`."""
    told = ("workStatus", "notes")
    before: Row = {name: row.get(name, ABSENT) for name in told if name in fields}
    return {"version": row["version"], **before}


def _reply(shown: Any) -> Reply[JobUpdated]:
    return Reply(JobUpdated(job=shown))

"""Leads: the pipeline's moves, for one lead and for many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from pydantic import Field, model_validator

from closedloop.core.command import Command, RowId
from closedloop.core.decision import Bulk, Decision, Reply
from closedloop.core.errors import InvalidTransitionError, NotFoundError, VersionConflictError
from closedloop.core.rows import public
from closedloop.core.writes import Change, OneOf
from closedloop.people.errors import AlreadyHasStatusError, BulkRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from closedloop.core.decision import Changed, Context, Unchanged
    from closedloop.core.rows import Row

TABLE = "leads"

LeadStatus = Literal["new", "contacted", "qualified", "proposal_sent", "negotiating", "won", "lost"]
STATUSES: tuple[str, ...] = get_args(LeadStatus)
OPEN = ("new", "contacted", "qualified", "proposal_sent", "negotiating")

MOVES: Mapping[str, frozenset[str]] = {
    **{status: frozenset(STATUSES) - {status} for status in OPEN},
    "won": frozenset(),
    "lost": frozenset(OPEN),
}
"""From each status, those that it may move to: won is final, lost may be reopened
(docs/spec.md, "Leads")."""

Version = Annotated[int, Field(ge=0, lt=10**17)]


class UpdateOneLeadStatus(Command):
    """Move one lead, named in the path."""

    id: RowId
    status: LeadStatus
    expectedVersion: Version | None = None  # noqa: N815 - the wire's own spelling


class UpdateLeadStatus(Command):
    """Move one lead (`leadId`) or many (`leadIds`); `atomic` moves all of up to 50 or none."""

    leadId: RowId | None = None  # noqa: N815
    leadIds: Annotated[list[RowId], Field(min_length=1, max_length=500)] | None = None  # noqa: N815
    status: LeadStatus
    expectedVersion: Version | None = None  # noqa: N815 - the wire's own spelling
    atomic: bool = False

    @model_validator(mode="after")
    def _one_or_many(self) -> Self:
        if (self.leadId is None) == (self.leadIds is None):
            raise ValueError("give either leadId or leadIds")
        if self.leadIds is None and self.atomic:
            raise ValueError("atomic goes with leadIds")
        if self.leadIds is not None and self.expectedVersion is not None:
            raise ValueError("expectedVersion goes with leadId")
        if self.atomic and len(set(self.leadIds or ())) > 50:  # noqa: PLR2004 - docs/spec.md
            raise ValueError("atomic takes at most 50 leads")
        return self


def update_one_status(command: UpdateOneLeadStatus, context: Context) -> Decision:
    """Move one lead along the pipeline, once.

    Raises:
        AlreadyHasStatusError: it has this status; carries the current row.
        InvalidTransitionError: its status does not allow the move; carries the current row.
        VersionConflictError: `expectedVersion` is no longer true; carries the current row.
        NotFoundError: there is no such lead in the org.
    """
    change = _move(command.id, command.status, context, command.expectedVersion)
    return Decision((change,), Reply({"lead": _moved(command.id, change.set, context.version)}))


def update_status(command: UpdateLeadStatus, context: Context) -> Decision | Bulk:
    """Move one lead or many along the pipeline, each once; ids that are given twice count once.

    Raises:
        AlreadyHasStatusError, InvalidTransitionError, VersionConflictError, NotFoundError: as for
            one lead.
        BulkRefusedError: `atomic` and at least one lead cannot be moved; none is.
    """
    if command.leadIds is None:
        return update_one_status(
            UpdateOneLeadStatus(
                id=command.leadId or "",
                status=command.status,
                expectedVersion=command.expectedVersion,
            ),
            context,
        )
    ids = tuple(dict.fromkeys(command.leadIds))
    if command.atomic:
        return _all_or_none(ids, command.status, context)
    return Bulk(
        TABLE,
        ids,
        lambda row_id, asked: _move(row_id, command.status, asked),
        lambda changed, unchanged: _reply(command.status, changed, unchanged),
    )


def _move(row_id: str, status: str, context: Context, expected: int | None = None) -> Change:
    if row := context.row(TABLE, row_id):
        _refuse_unless_allowed(row, status, expected)
    assume: dict[str, Any] = {"status": OneOf(_sources(status))}
    if expected is not None:
        assume["version"] = expected
    moved = {"status": status, "status_changed_at": context.timestamp}
    return Change(TABLE, row_id, set=moved, assume=assume)


def _sources(status: str) -> tuple[str, ...]:
    return tuple(source for source, targets in MOVES.items() if status in targets)


def _refuse_unless_allowed(row: Row, status: str, expected: int | None) -> None:
    if expected is not None and row["version"] != expected:
        raise VersionConflictError(lead=public(row))
    if row["status"] == status:
        raise AlreadyHasStatusError(f"Lead is already {_words(status)}", lead=public(row))
    if status not in MOVES[row["status"]]:
        sentence = f"A lead that is {_words(row['status'])} cannot become {_words(status)}"
        raise InvalidTransitionError(sentence, lead=public(row))


def _moved(row_id: str, moved: Mapping[str, Any], version: int) -> Row:
    return {"id": row_id, **moved, "version": version}


def _all_or_none(ids: Sequence[str], status: str, context: Context) -> Decision:
    changes, failures = [], []
    for row_id in ids:
        try:
            changes.append(_move(row_id, status, context))
        except (AlreadyHasStatusError, InvalidTransitionError, NotFoundError) as refusal:
            failures.append({"leadId": row_id, "code": refusal.code, "error": str(refusal)})
    if failures:
        raise BulkRefusedError(updated=0, failed=len(failures), status=status, failures=failures)
    leads = [_moved(change.id, change.set, context.version) for change in changes]
    body = {"updated": len(leads), "failed": 0, "status": status}
    message = f"{_leads(len(leads))} updated to {status}"
    body |= {"message": message, "leads": leads, "failures": []}
    return Decision(tuple(changes), Reply(body), subjects=len(changes))


def _reply(status: str, changed: Sequence[Changed], unchanged: Sequence[Unchanged]) -> Reply:
    message = f"{_leads(len(changed))} updated to {status}"
    if unchanged:
        reasons = dict.fromkeys(each.code.lower().replace("_", " ") for each in unchanged)
        failed = f"{len(unchanged)} failed ({', '.join(reasons)})"
        message = f"{_leads(len(changed))} updated, {failed}"
    body = {
        "updated": len(changed),
        "failed": len(unchanged),
        "status": status,
        "message": message,
        "leads": [_moved(each.id, each.set, each.version) for each in changed],
        "failures": [
            {"leadId": each.id, "code": each.code, "error": each.error} for each in unchanged
        ],
    }
    return Reply(body, status=207, success=False) if unchanged else Reply(body)


def _leads(number: int) -> str:
    return f"{number} lead" if number == 1 else f"{number} leads"


def _words(status: str) -> str:
    return status.replace("_", " ")

"""Leads: the pipeline's moves, for one lead and for many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from pydantic import Field, model_validator
from typing_extensions import TypeAliasType, TypedDict

from closedloop.core.command import Command, RowId
from closedloop.core.decision import Bulk, Decision, Reply
from closedloop.core.errors import NotFoundError
from closedloop.core.replies import Answered
from closedloop.core.rows import public
from closedloop.core.writes import Change, OneOf
from closedloop.people.errors import (
    AlreadyHasStatusError,
    BulkRefusedError,
    LeadChangedError,
    LeadConflictError,
    LeadTransitionError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from closedloop.core.decision import Changed, Context, Unchanged
    from closedloop.core.rows import Row
    from closedloop.core.values import Time, Version
    from closedloop.people.rows import LeadFailure

TABLE = "leads"

LeadStatus = TypeAliasType(
    "LeadStatus",
    Literal["new", "contacted", "qualified", "proposal_sent", "negotiating", "won", "lost"],
)
STATUSES: tuple[str, ...] = get_args(LeadStatus.__value__)
OPEN = ("new", "contacted", "qualified", "proposal_sent", "negotiating")

MOVES: Mapping[str, frozenset[str]] = {
    **{status: frozenset(STATUSES) - {status} for status in OPEN},
    "won": frozenset(),
    "lost": frozenset(OPEN),
}
"""From each status, those that it may move to: won is final, lost may be reopened
(docs/spec.md, "Leads")."""

ExpectedVersion = Annotated[int, Field(ge=0, lt=10**17)]


class UpdateOneLeadStatus(Command):
    """Move one lead, named in the path."""

    id: RowId
    status: LeadStatus
    expectedVersion: ExpectedVersion | None = None  # noqa: N815 - the wire's own spelling


class UpdateLeadStatus(Command):
    """Move one lead (`leadId`) or many (`leadIds`); `atomic` moves all of up to 50 or none.

    The versions are those on the screen: `expectedVersion` of one lead, `expectedVersions` by id of
    as many as are named. A lead that somebody else has changed meanwhile is not moved.
    """

    leadId: RowId | None = None  # noqa: N815
    leadIds: Annotated[list[RowId], Field(min_length=1, max_length=500)] | None = None  # noqa: N815
    status: LeadStatus
    expectedVersion: ExpectedVersion | None = None  # noqa: N815 - the wire's own spelling
    expectedVersions: (  # noqa: N815
        Annotated[dict[RowId, ExpectedVersion], Field(max_length=500)] | None
    ) = None
    atomic: bool = False

    @model_validator(mode="after")
    def _one_or_many(self) -> Self:
        if (self.leadId is None) == (self.leadIds is None):
            raise ValueError("give either leadId or leadIds")
        if self.leadIds is None and self.atomic:
            raise ValueError("atomic goes with leadIds")
        if self.leadIds is not None and self.expectedVersion is not None:
            raise ValueError("expectedVersion goes with leadId")
        if not set(self.expectedVersions or ()) <= set(self.leadIds or ()):
            raise ValueError("expectedVersions names leads that leadIds does not")
        if self.atomic and len(set(self.leadIds or ())) > 50:  # noqa: PLR2004 - docs/spec.md
            raise ValueError("atomic takes at most 50 leads")
        return self


class LeadMove(TypedDict):
    """What a move sets of a lead."""

    status: LeadStatus
    status_changed_at: Time


class MovedLead(LeadMove):
    """What the button has set of the lead. Lay it over the row."""

    id: str
    version: Version


class LeadMoved(TypedDict):
    """The lead is moved."""

    lead: MovedLead


class LeadsMoved(TypedDict):
    """All of the leads are moved."""

    updated: int
    """How many were moved."""
    failed: int
    """How many were not moved; `failures` says why."""
    status: LeadStatus
    message: str
    """A sentence for a person: `2 leads updated, 1 failed (not found)`."""
    leads: list[MovedLead]
    failures: list[LeadFailure]


class LeadsPartlyMoved(LeadsMoved):
    """Some of the leads are moved, or none; `failures` says why."""


def update_one_status(command: UpdateOneLeadStatus, context: Context) -> Decision[LeadMoved]:
    """Move one lead along the pipeline, once.

    Raises:
        AlreadyHasStatusError: it has this status; carries the current row.
        LeadTransitionError: its status does not allow the move; carries the current row.
        LeadChangedError: `expectedVersion` is no longer true; carries the current row.
        NotFoundError: there is no such lead in the org.
    """
    change = _move(command.id, command.status, context, command.expectedVersion)
    lead = _moved(command.id, change.set, context.version)
    return Decision((change,), Reply(LeadMoved(lead=lead)))


def update_status(
    command: UpdateLeadStatus, context: Context
) -> (
    Decision[LeadMoved | LeadsMoved]
    | Bulk[LeadsMoved | Annotated[LeadsPartlyMoved, Answered(207, success=False)]]
):
    """Move one lead or many along the pipeline, each once; ids that are given twice count once.

    Raises:
        AlreadyHasStatusError, LeadTransitionError, LeadChangedError, NotFoundError: as for one
            lead.
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
    ids, versions = tuple(dict.fromkeys(command.leadIds)), command.expectedVersions or {}
    if command.atomic:
        return _all_or_none(ids, command.status, context, versions)
    return Bulk(
        TABLE,
        ids,
        lambda row_id, asked: _move(row_id, command.status, asked, versions.get(row_id)),
        lambda changed, unchanged: _reply(command.status, changed, unchanged),
    )


def _move(row_id: str, status: LeadStatus, context: Context, expected: int | None = None) -> Change:
    if row := context.row(TABLE, row_id):
        _refuse_unless_allowed(row, status, expected)
    assume: dict[str, Any] = {"status": OneOf(_sources(status))}
    if expected is not None:
        assume["version"] = expected
    moved: LeadMove = {"status": status, "status_changed_at": context.timestamp}
    return Change(TABLE, row_id, set=moved, assume=assume)


def _sources(status: str) -> tuple[str, ...]:
    return tuple(source for source, targets in MOVES.items() if status in targets)


def _refuse_unless_allowed(row: Row, status: str, expected: int | None) -> None:
    if expected is not None and row["version"] != expected:
        raise LeadChangedError(lead=public(row))
    if row["status"] == status:
        raise AlreadyHasStatusError(f"Lead is already {_words(status)}", lead=public(row))
    if status not in MOVES[row["status"]]:
        sentence = f"A lead that is {_words(row['status'])} cannot become {_words(status)}"
        raise LeadTransitionError(sentence, lead=public(row))


def _moved(row_id: str, moved: Mapping[str, Any], version: int) -> MovedLead:
    return {
        "id": row_id,
        "status": moved["status"],
        "status_changed_at": moved["status_changed_at"],
        "version": version,
    }


def _all_or_none(
    ids: Sequence[str], status: LeadStatus, context: Context, versions: Mapping[str, int]
) -> Decision[LeadsMoved]:
    changes: list[Change] = []
    failures: list[LeadFailure] = []
    for row_id in ids:
        try:
            changes.append(_move(row_id, status, context, versions.get(row_id)))
        except (LeadConflictError, NotFoundError) as refusal:
            failures.append({"leadId": row_id, "code": refusal.code, "error": str(refusal)})
    if failures:
        raise BulkRefusedError(updated=0, failed=len(failures), status=status, failures=failures)
    leads = [_moved(change.id, change.set, context.version) for change in changes]
    body: LeadsMoved = {
        "updated": len(leads),
        "failed": 0,
        "status": status,
        "message": f"{_leads(len(leads))} updated to {status}",
        "leads": leads,
        "failures": [],
    }
    return Decision(tuple(changes), Reply(body))


def _reply(
    status: LeadStatus, changed: Sequence[Changed], unchanged: Sequence[Unchanged]
) -> Reply[LeadsMoved | LeadsPartlyMoved]:
    message = f"{_leads(len(changed))} updated to {status}"
    if unchanged:
        reasons = dict.fromkeys(each.code.lower().replace("_", " ") for each in unchanged)
        failed = f"{len(unchanged)} failed ({', '.join(reasons)})"
        message = f"{_leads(len(changed))} updated, {failed}"
    body: LeadsMoved = {
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

"""Runs and conflicts as the dashboard asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from typing_extensions import TypedDict

from closedloop.core.command import RowId
from closedloop.core.errors import NotFoundError
from closedloop.core.query import Paged, Question, listed
from closedloop.square import conflicts, runs

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads
    from closedloop.core.rows import Page, Row
    from closedloop.core.values import PageCursor
    from closedloop.square.rows import Conflict, ReconcileRun, ReconcileRunWithPlan

TABLE = "reconcile"


class Runs(Paged):
    """All runs that are kept."""


class RunById(Question):
    """One run."""

    id: RowId


class Conflicts(Paged):
    """Conflicts by `state`; those that wait for a person unless it says otherwise."""

    state: Literal["open", "resolved", "settled"] = "open"


class RunList(TypedDict):
    """A page of runs."""

    runs: list[ReconcileRun]
    cursor: PageCursor | None
    """Null at the end."""


class OneRun(TypedDict):
    """The run, and what it would do where it was a dry one."""

    run: ReconcileRunWithPlan


class ConflictList(TypedDict):
    """A page of conflicts."""

    conflicts: list[Conflict]
    cursor: PageCursor | None
    """Null at the end."""


def all_runs(question: Runs, actor: Actor, reads: Reads, _: datetime) -> RunList:
    """The org's reconciliations, newest first.

    Raises:
        ValidationFailedError: the cursor is of another list.
    """
    found, cursor = _listed(question, actor, reads, runs.PREFIX, None)
    return {"runs": [runs.shown(row) for row in found], "cursor": cursor}


def run(question: RunById, actor: Actor, reads: Reads, _: datetime) -> OneRun:
    """One reconciliation.

    Raises:
        NotFoundError: there is no such run in the org.
    """
    row = reads.get(TABLE, actor.org_id, runs.PREFIX + question.id)
    if row is None:
        raise NotFoundError
    plan = {name: row[name] for name in ("rows", "truncated") if name in row}
    whole: ReconcileRunWithPlan = runs.shown(row) | plan
    return {"run": whole}


def all_conflicts(question: Conflicts, actor: Actor, reads: Reads, _: datetime) -> ConflictList:
    """The org's disagreements with Square, by job.

    Raises:
        ValidationFailedError: the cursor is of another list.
    """
    found, cursor = _listed(question, actor, reads, conflicts.PREFIX, question.state)
    return {"conflicts": [conflicts.shown(row) for row in found], "cursor": cursor}


def _listed(
    question: Paged, actor: Actor, reads: Reads, prefix: str, state: str | None
) -> tuple[list[Row], str | None]:
    """The table itself is the index: its key begins with the kind of row."""

    def stretch(limit: int, after: Row | None) -> Page:
        between = ("id", prefix, f"{prefix}\uffff")
        newest = prefix == runs.PREFIX
        return reads.page(
            TABLE, None, actor.org_id, between, limit=limit, after=after, newest_first=newest
        )

    def load(rows: list[Row]) -> list[Row]:
        return [row for row in rows if state in {None, row.get("state")}]

    return listed(question, "id", actor.org_id, stretch, load)

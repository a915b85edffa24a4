"""Rows of the synchronisation with Square as answers carry them.

For annotations: no function loads this module.
"""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypeAliasType, TypedDict

from closedloop.core.values import Fields, StoredRow, Time

Kind = TypeAliasType("Kind", Literal["edited", "work_begun", "place", "missing"])
Choice = TypeAliasType("Choice", Literal["ours", "square"])
ConflictState = TypeAliasType("ConflictState", Literal["open", "resolved", "settled"])
Held = TypeAliasType("Held", Fields | list[Fields] | list[str] | str | int | bool | None)
"""What a field of a job may hold."""


class Conflict(StoredRow):
    """A disagreement with Square about one field of one job."""

    job_id: str
    field: str
    """The job's field; `place` where its time is another's, `missing` where Square has no such
    booking any more."""
    kind: Kind
    state: ConflictState
    """`settled`: Square or the staff have changed it since, and both agree."""
    ours: NotRequired[Held]
    square: NotRequired[Held]
    """Both as they were when the disagreement was met last; absent: no value."""
    met_at: Time
    choice: NotRequired[Choice]
    resolved_at: NotRequired[Time]
    resolved_by: NotRequired[str]
    notes: NotRequired[str]


# `from` is a keyword: no class can name it.
ReconcileWindow = TypedDict("ReconcileWindow", {"from": Time, "to": Time})


class RunError(TypedDict):
    """Something that a run could not do; the rest went on."""

    code: str
    error: str
    booking: NotRequired[str]
    window: NotRequired[ReconcileWindow]


class PlannedRow(TypedDict):
    """What a dry run would do with one job."""

    id: str
    action: Literal["create", "update", "flag"]
    changes: Fields
    """The job's fields, each with `before` and `after`."""
    conflicts: list[str]
    org: NotRequired[str]


class Plan(TypedDict):
    """All that a dry run would do."""

    hash: str
    """Given back as `plan`, it is applied only while it is still the same."""
    rows: list[PlannedRow]
    truncated: bool
    """There are more rows; the hash is of all of them."""


class Reconciled(TypedDict):
    """What a reconciliation by secret has come to."""

    scanned: int
    created: int
    updated: int
    skipped: int
    conflicts: int
    errors: list[RunError]
    durationMs: int
    dryRun: bool
    window: ReconcileWindow
    plan: NotRequired[Plan]
    """Of a dry run alone."""


class CronReconciled(TypedDict):
    """A reconciliation by secret is done, or goes on by itself, which `errors` says."""

    data: Reconciled


class ReconcileRun(StoredRow):
    """A reconciliation: what was asked, how far it is, what came of it."""

    status: Literal["queued", "running", "ok", "partial", "failed", "held", "released"]
    trigger: Literal["schedule", "cron", "staff"]
    window: ReconcileWindow
    dry_run: bool
    released: NotRequired[bool]
    plan: NotRequired[str]
    plan_hash: NotRequired[str]
    """Of what a dry run would do."""
    since: NotRequired[Time]
    """Where the next window begins."""
    scanned: int
    created: int
    updated: int
    skipped: int
    conflicts: int
    missed: int
    """Changes whose webhook should have come long ago."""
    errors: list[RunError]
    duration_ms: int
    held_for: NotRequired[str]
    """Why it waits for a person."""
    released_at: NotRequired[Time]
    released_by: NotRequired[str]


class ReconcileRunWithPlan(ReconcileRun):
    """A run with what it would do, where it was a dry one."""

    rows: NotRequired[list[PlannedRow]]
    truncated: NotRequired[bool]

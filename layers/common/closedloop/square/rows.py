"""Rows of the synchronisation with Square as answers carry them.

For annotations: no function loads this module.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypeAliasType

from closedloop.core.values import StoredRow, Time

Kind = TypeAliasType("Kind", Literal["edited", "work_begun", "place", "missing"])
Choice = TypeAliasType("Choice", Literal["ours", "square"])
ConflictState = TypeAliasType("ConflictState", Literal["open", "resolved", "settled"])


class Conflict(StoredRow):
    """A disagreement with Square about one field of one job."""

    job_id: str
    field: str
    """The job's field; `place` where its time is another's, `missing` where Square has no such
    booking any more."""
    kind: Kind
    state: ConflictState
    """`settled`: Square or the staff have changed it since, and both agree."""
    ours: NotRequired[Any]
    square: NotRequired[Any]
    """Both as they were when the disagreement was met last; absent: no value."""
    met_at: Time
    choice: NotRequired[Choice]
    resolved_at: NotRequired[Time]
    resolved_by: NotRequired[str]
    notes: NotRequired[str]

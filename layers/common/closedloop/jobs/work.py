"""How the work of a job moves through the shop (docs/jobs.md has the table)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from closedloop.core.errors import ForbiddenError
from closedloop.core.rows import public
from closedloop.jobs.errors import WorkTransitionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from closedloop.core.decision import Context
    from closedloop.core.rows import Row

MOVES: Mapping[str, frozenset[str]] = {
    "scheduled": frozenset({"checked_in", "in_progress", "cancelled"}),
    "checked_in": frozenset({"scheduled", "in_progress", "cancelled"}),
    "in_progress": frozenset({"checked_in", "qc", "ready", "cancelled"}),
    "qc": frozenset({"in_progress", "ready", "cancelled"}),
    "ready": frozenset({"in_progress", "qc", "completed", "cancelled"}),
    "completed": frozenset({"qc"}),
    "cancelled": frozenset({"scheduled"}),
}
"""From each status, those that it may move to."""

REOPENS = frozenset({"completed", "cancelled"})
"""What is over: only an owner or a manager takes it up again."""

_CHECKED = frozenset({"ready", "completed"})
_SENIOR = frozenset({"owner", "manager"})


def refuse_unless_allowed(
    row: Row, to: str, qc: Sequence[Mapping[str, Any]], context: Context
) -> None:
    """Let the work move on; `qc` is the QC checklist as this change leaves it.

    Raises:
        WorkTransitionError: there is no such move, or a point of the QC checklist is open;
            carries the current row.
        ForbiddenError: the work is over, and whoever asks is neither owner nor manager.
    """
    status = row["workStatus"]
    if to not in MOVES.get(status, ()):
        sentence = f"Work that is {_words(status)} cannot become {_words(to)}."
        raise WorkTransitionError(sentence, job=public(row))
    if status in REOPENS and not _SENIOR & context.actor.roles:
        raise ForbiddenError(f"Only an owner or a manager takes up {_words(status)} work again.")
    left = [str(point["label"]) for point in qc if not point["done"]]
    if to in _CHECKED and left:
        sentence = f"The QC checklist is not done: {len(left)} open, first {left[0]!r}."
        raise WorkTransitionError(sentence, job=public(row))


def _words(status: str) -> str:
    return "in QC" if status == "qc" else status.replace("_", " ")

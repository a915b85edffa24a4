"""Refusals of what staff ask of the synchronisation with Square."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop.core.errors import ClosedLoopError

if TYPE_CHECKING:
    from closedloop.square.rows import Conflict, ReconcileRun


class AlreadyResolvedError(ClosedLoopError):
    """The conflict was settled in another way before."""

    code = "ALREADY_RESOLVED"
    status = 409
    sentence = "This conflict was settled before."

    def __init__(self, sentence: str | None = None, *, conflict: Conflict) -> None:
        super().__init__(sentence, conflict=conflict)


class PlaceTakenError(ClosedLoopError):
    """The time of the job is still another visit's."""

    code = "PLACE_TAKEN"
    status = 409
    sentence = "Its time is still taken. Move one of the two visits first."

    def __init__(self, sentence: str | None = None, *, conflict: Conflict) -> None:
        super().__init__(sentence, conflict=conflict)


class NotHeldError(ClosedLoopError):
    """The run is not held back, or somebody has released it before."""

    code = "NOT_HELD"
    status = 409
    sentence = "This run is not held back."

    def __init__(self, sentence: str | None = None, *, run: ReconcileRun) -> None:
        super().__init__(sentence, run=run)


class PlanChangedError(ClosedLoopError):
    """What a run would do is not what was looked at any more."""

    code = "PLAN_CHANGED"
    status = 409
    sentence = "The plan has changed. Look at the new one first."

"""Refusals of what staff ask of the synchronisation with Square."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop.core.errors import ClosedLoopError

if TYPE_CHECKING:
    from closedloop.square.rows import Conflict


class ConflictResolvedError(ClosedLoopError):
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

"""What sending and checking a code share: which hold is meant, and the row of its code.

A code never outlives its hold. It is worked out where it is sent and where it is checked, by
`texts.codes`; what is kept here are its nonce, its end and how often it was guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import model_validator

from closedloop.bookings import cells, holds
from closedloop.core.command import RowId  # noqa: TC001 - pydantic reads it
from closedloop.core.errors import NotFoundError
from closedloop.core.writes import ABSENT
from closedloop.texts import codes
from closedloop.voice.toolset import ToolCommand, held_in_the_call

if TYPE_CHECKING:
    from closedloop.core.decision import Context
    from closedloop.core.rows import Row


class OfAHold(ToolCommand):
    """A hold by its id, or the one that the call has."""

    holdId: RowId | None = None  # noqa: N815 - the wire's own spelling

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if self.holdId is None and self.callId is None:
            raise ValueError("send a holdId")
        return self


def hold_of(command: OfAHold, context: Context) -> tuple[str, Row | None]:
    """The hold that is meant, and what is known of its code; both rows are read at once.

    Without an id it is the one that the call has.

    Raises:
        NotFoundError: the call has none.
    """
    hold_id = command.holdId or _of_the_call(command.callId, context)
    context.know((cells.TABLE, holds.row_id(hold_id)), (codes.TABLE, hold_id))
    found: Row | None = context.seen[codes.TABLE, hold_id]
    return hold_id, found


def _of_the_call(call_id: str | None, context: Context) -> str:
    mine = held_in_the_call(call_id, context)
    if mine is None:
        missing = NotFoundError("This call holds no time.")
        missing.spoken = "No time is held yet. Which day and time shall I hold?"
        raise missing
    return holds.hold_id(mine)


def as_seen(kept: Row) -> dict[str, Any]:
    """That nobody has used, replaced or guessed at a code in the meantime."""
    return {"nonce": kept["nonce"], "attempts": kept["attempts"], "used_at": ABSENT}

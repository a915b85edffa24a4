"""What all tools share: which call they belong to, what they take, and how a name is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from closedloop.bookings import cells, holds, reading
from closedloop.core.command import Command
from closedloop.voice import heard

if TYPE_CHECKING:
    from closedloop.bookings.setup import Service, Setup
    from closedloop.core.decision import Context
    from closedloop.core.rows import Row

CALL_ID = r"^[A-Za-z0-9_\-:.]{1,64}$"
CallId = Annotated[str, StringConstraints(pattern=CALL_ID)]
Said = Annotated[str, Field(min_length=1, max_length=200)]
"""What a person has said, or a program has written."""

NAMES = ("check-availability", "reserve-atomic", "send-otp", "verify-otp", "send-confirmation")
"""The tools, as their routes name them."""


class ToolCommand(Command):
    """The arguments of a tool. `callId` names the conversation, in which a repeat is safe."""

    callId: CallId | None = None  # noqa: N815 - the wire's own spelling


def same_name(name: str) -> str:
    """A tool's name without the accidents of its spelling: `checkAvailability`, `check_...`."""
    return re.sub(r"[^a-z]", "", name.lower())


def said_number(text: str) -> bool:
    """Whether a caller's number is one: not withheld, no placeholder that nobody filled in."""
    return heard.phone(text, None).e164 is not None


def held_in_the_call(call_id: str | None, context: Context) -> Row | None:
    """The hold that this conversation has, if it still keeps its slot."""
    if call_id is None:
        return None
    place = reading.look(context, cells.TABLE, f"call#{call_id}")
    owner = cells.live_owner(place, "visit", context.now)
    hold = reading.look(context, cells.TABLE, holds.row_id(owner)) if owner else None
    return hold if hold and holds.is_live(hold, context.now) else None


def service_named(setup: Setup, said: str | None) -> Service:
    """The service of this id or name, or of the only name that has these words.

    Raises:
        NotFoundError: the business does not offer it.
    """
    if said is None or said in setup.services:
        return setup.service(said)
    words = said.casefold().strip()
    known = setup.services.values()
    exact = [each for each in known if each.name.casefold() == words]
    partly = exact or [each for each in known if words in each.name.casefold()]
    return partly[0] if len(partly) == 1 else setup.service(said)

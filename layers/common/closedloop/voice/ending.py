"""The end of a call: a hold that nobody has verified is given back two minutes later.

Not at once: a call that broke off is taken up again, and a code that is just arriving still counts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from closedloop.bookings import holds
from closedloop.core.decision import Context, Decision, Reply
from closedloop.voice import envelope
from closedloop.voice.toolset import held_in_the_call

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

GRACE = timedelta(minutes=2)


def call_that_ended(message: Mapping[str, Any]) -> str | None:
    """The call whose end a message tells of; None if it tells of none."""
    kind = envelope.kind(message)
    over = kind == "end-of-call-report" or (
        kind == "status-update" and message.get("status") == "ended"
    )
    return envelope.conversation(message) if over else None


def ended(call_id: str, context: Context) -> Decision:
    """Let the call's hold end in two minutes. Told twice, it ends when the first time said."""
    hold = held_in_the_call(call_id, context)
    writes = holds.shortened(hold, context.now + GRACE, context) if hold else []
    return Decision(tuple(writes), Reply({"shortened": bool(writes)}))

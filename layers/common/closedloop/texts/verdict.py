"""What a rule about a text has come to, as its reply tells the function that asked."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from closedloop.core.decision import Decision, Reply
from closedloop.core.writes import Change
from closedloop.texts import model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from closedloop.core.writes import Write
    from closedloop.texts.model import Job


class Verdict(StrEnum):
    """Each member's value is the name under which a function counts it."""

    CLAIMED = "Claimed"
    """The text is the caller's to send; the reply says `to`, `from` and `message`."""
    LATER = "Later"
    """Somebody else may still be at it."""
    HELD = "Held"
    """It waits; the work list brings it back."""
    DROPPED = "Dropped"
    """There is nothing to do."""
    ACCEPTED = "Accepted"
    """Twilio has it."""
    GIVEN_BACK = "GivenBack"
    """Twilio has not taken it; it may be tried again."""
    RETURNED = "Returned"
    """The queue has given it up untried; the work list brings it back."""
    FAILED = "FailedTexts"
    """It has failed, for a person to see."""
    UNKNOWN = "Unknown"
    """Nobody can tell whether Twilio has it."""
    REQUEUED = "Requeued"
    """It goes into the queue again."""
    MOVED = "Moved"
    """Twilio's word has moved it on."""
    KNOWN = "Known"
    """Nothing new was said."""
    STRANGER = "Strangers"
    """The word is about no attempt that there is, or about another text."""


def verdict(reply: Reply) -> Verdict:
    """What a rule's reply says."""
    return Verdict(reply.body["verdict"])


def nothing(found: Verdict) -> Decision:
    """Write nothing."""
    return decided((), found)


def decided(writes: Sequence[Write], found: Verdict, **said: Any) -> Decision:
    """Write this."""
    return Decision(tuple(writes), Reply({"verdict": found, **said}))


def change(job: Job, changed: Mapping[str, Any], assume: Mapping[str, Any]) -> Change:
    """A change of the text, while it is at the job's attempt."""
    return Change(model.TABLE, job.id, changed, {**assume, "attempt": job.attempt})

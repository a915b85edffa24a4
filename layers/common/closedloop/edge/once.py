"""Exactly once: decide, commit with the key's journal entry, or answer as the first time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core import journal
from closedloop.core.decision import Bulk, NeedsError, Plan, StaleError
from closedloop.core.errors import (
    ClosedLoopError,
    IdempotencyKeyReusedError,
    RateLimitedError,
)
from closedloop.core.tables import TABLES
from closedloop.core.writes import Spend
from closedloop.edge.respond import Outcome, answered, replayed
from closedloop.edge.rounds import rounds

if TYPE_CHECKING:
    from closedloop.core.command import Command
    from closedloop.core.decision import Context, UseCase
    from closedloop.dynamo.idempotency import Keyed

REFUSALS_A_MINUTE = 120
"""How many refusals of one person are written down; after these the person is slowed down."""


def once(
    command: Command, context: Context, use_case: UseCase[Any], *, repeated: bool = False
) -> Outcome:
    """Do what the command asks for exactly once per org, action, user and key.

    One request to the database when the row is as the screen showed it, and one for a replay. A
    press that is `repeated` is looked up before it is decided: a replay then reads one entry and
    writes nothing.
    A refused request leaves an entry without a reply, so it may be asked again.

    Raises:
        ClosedLoopError: the rule, the key or the state of the row says no.
    """
    press = Press(command, use_case, keyed(command, context), repeated)
    return rounds(context, press.attempt, also=press.keyed.entry)


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a button."""

    command: Command
    use_case: UseCase[Any]
    keyed: Keyed
    repeated: bool

    def attempt(self, context: Context) -> Outcome:
        """Answer from the key's entry if it is known, else decide and commit.

        Raises:
            StaleError, NeedsError: something is not as assumed, or not known; nothing was written.
            ClosedLoopError: the press is refused; the refusal is in the journal.
        """
        try:
            return self._answer(context)
        except ClosedLoopError as refusal:
            if refusal.audited:
                self._note(context, refusal)
            raise

    def _answer(self, context: Context) -> Outcome:
        if entry := context.seen.get(self.keyed.entry):
            return replayed(self.keyed.kept(entry))
        if self.repeated:
            context.know(self.keyed.entry)
        decided = self.use_case(self.command, context)
        if isinstance(decided, Bulk):
            from closedloop.edge.bulk import settle  # noqa: PLC0415 - few buttons need it

            return settle(decided, context, partial(keyed, self.command, context))
        entries = journal.entries(context, decided.writes, decided.result)
        plan = Plan(context, decided.writes, entries)
        reply = answered(decided.reply)
        self.keyed.commit(plan, reply)
        return Outcome(**reply)

    def _note(self, context: Context, refusal: ClosedLoopError) -> None:
        # A rule may refuse today what it allowed then: the key's reply comes first.
        if self.keyed.entry not in context.seen and not isinstance(
            refusal, IdempotencyKeyReusedError
        ):
            raise NeedsError((self.keyed.entry,))
        refused(context, refusal.code)


def keyed(command: Command, context: Context, part: int | None = None) -> Keyed:
    """What a key stands for. `part` numbers a step of a request that takes several commits."""
    action = context.action if part is None else f"{context.action}/{part}"
    request = {"key": context.key, "body": command.as_asked()}
    return wiring.store().keyed(f"{action}#{context.actor.id}", request)


def refused(context: Context, code: str) -> None:
    """Write a refusal into the journal, about the first row that it was seen with.

    Raises:
        RateLimitedError: this person was refused too often in this minute; nothing was written.
    """
    rows = [each for each in context.seen if isinstance(each, tuple) and each[0] in TABLES]
    entry = journal.refused(context, code, rows[0] if rows else None)
    minute, second = divmod(int(context.now.timestamp()), 60)
    count = Spend(
        f"refused#{context.actor.id}#{minute}", REFUSALS_A_MINUTE, until=(minute + 2) * 60
    )
    try:
        wiring.store().commit(Plan(context, (count,), [entry]))
    except StaleError as full:
        sentence = "Too many requests were refused. Wait a moment."
        raise RateLimitedError.until(60 - second, sentence) from full

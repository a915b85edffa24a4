"""What a customer's text does: stop, start, answer the last question, or stand in the thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from closedloop.business.defaults import setting
from closedloop.core.decision import Actor, Context, Decision, Reply
from closedloop.core.writes import Create
from closedloop.people.matching import id_of
from closedloop.texts import answering, consent, keywords, model
from closedloop.texts.keywords import Meaning, meaning
from closedloop.texts.segments import segments
from closedloop.texts.templates import answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from closedloop.core.decision import RowKey
    from closedloop.core.rows import Row
    from closedloop.core.writes import Write
    from closedloop.texts.answering import Open

_IDS = UUID("0d6a2c54-7c0c-5a7b-9a0e-3c6d1f0f5b21")
_NOTHING = answering.Reply(None)


@dataclass(frozen=True, slots=True)
class Inbound:
    """A text from a customer, as Twilio hands it over."""

    org_id: str
    sid: str
    phone: str
    our_number: str
    body: str
    opt_out_type: str | None = None

    @property
    def id(self) -> str:
        """Id of the row: a text that Twilio delivers twice is one row."""
        return self._id("sms", self.sid)

    @property
    def stranger_id(self) -> str:
        """Id of the contact created for an unknown number; concurrent texts create only one."""
        return id_of(self.org_id, self.phone)

    @property
    def answer_id(self) -> str:
        """Id of the row of our answer."""
        return self._id("answer", self.sid)

    def _id(self, kind: str, what: str) -> str:
        return str(uuid5(_IDS, f"{self.org_id}#{kind}#{what}"))


def actor(inbound: Inbound, people: Sequence[Row]) -> Actor:
    """Who acts: the person with this number."""
    who = people[0]["id"] if people else inbound.stranger_id
    return Actor(f"sms:{who}", "", inbound.org_id, frozenset())


def received(inbound: Inbound, people: Sequence[RowKey], asked: Open, context: Context) -> Decision:
    """Take a customer's text. The reply's `answer` is what to say, None for nothing.

    `people` are table and id of everybody with the number, the one of the thread first.
    """
    if before := context.seen.get((model.TABLE, inbound.id)):
        return Decision((), Reply({"answer": before.get("answer"), "known": True}))
    means = meaning(inbound.body, inbound.opt_out_type, asked=bool(asked.questions))
    said = keywords.said(inbound.body, answers(_settings(context)))
    replied = answering.reply(said, asked, context)
    if means in {Meaning.STOP, Meaning.START}:
        return _consent(inbound, people, means, replied, context)
    if replied is not None:
        return _kept(inbound, people, context, replied)
    if means is Meaning.HELP and not inbound.opt_out_type:
        answer = setting(_settings(context), "sms_help")
        return _kept(inbound, people, context, answering.Reply(answer))
    return _kept(inbound, people, context)


def _consent(
    inbound: Inbound,
    people: Sequence[RowKey],
    means: Meaning,
    replied: answering.Reply | None,
    context: Context,
) -> Decision:
    """Twilio, which blocks or unblocks the number itself, has answered already.

    A word that it took for an opt-out may be the answer to a question too, and does both.
    """
    change = consent.withdraw if means is Meaning.STOP else consent.give
    writes = change(context, inbound.phone, people)
    replied = replied or answering.Reply(None)
    silent = replace(replied, answer=None, choice=None, then=(*replied.then, *writes))
    return _kept(inbound, people, context, silent)


def _kept(
    inbound: Inbound,
    people: Sequence[RowKey],
    context: Context,
    replied: answering.Reply = _NOTHING,
) -> Decision:
    """The text in its person's thread, and whatever it does, in one transaction."""
    stranger, whose = _whose(inbound, people, context)
    row = Create(
        model.TABLE,
        inbound.id,
        {
            **model.thread(context, *whose, inbound.id),
            "message": inbound.body,
            "segments": segments(inbound.body),
            "direction": "in",
            "status": "received",
            "category": model.REPLY,
            "vendor_id": inbound.sid,
            "from": inbound.phone,
            "to": inbound.our_number,
            "answer": replied.answer,
        },
    )
    said = _said(inbound, whose, replied, context)
    # What the text does comes first: the audit entry is about it; else it is about the text.
    everything = (*replied.first, row, *stranger, *replied.then, *said)
    return Decision(everything, Reply({"answer": replied.answer, "known": False}))


def _said(
    inbound: Inbound, whose: RowKey, replied: answering.Reply, context: Context
) -> tuple[Write, ...]:
    """Our answer in the thread. It goes back with the answer to Twilio, past the queue."""
    answer = replied.answer
    if answer is None:
        return ()
    fields: dict[str, Any] = {
        **model.thread(context, *whose, inbound.answer_id),
        "message": answer,
        "segments": segments(answer),
        "direction": "out",
        "status": "sent",
        "category": model.REPLY,
        "attempt": 1,
        "sent_at": context.timestamp,
        "choice": replied.choice,
    }
    return (Create(model.TABLE, inbound.answer_id, fields),)


def _whose(
    inbound: Inbound, people: Sequence[RowKey], context: Context
) -> tuple[tuple[Write, ...], RowKey]:
    if people:
        return (), people[0]
    key = ("contacts", inbound.stranger_id)
    if context.seen.get(key):
        return (), key  # two texts of one stranger at once: the other one made the contact
    opted_out = meaning(inbound.body, inbound.opt_out_type, asked=False) is Meaning.STOP
    contact = {
        "phone": inbound.phone,
        "name": inbound.phone,
        "lead_status": "new",
        "source": "sms",
        "opted_out_at": context.timestamp if opted_out else None,
    }
    return (Create(*key, contact),), key


def _settings(context: Context) -> Row:
    return context.seen.get(("orgs", "settings")) or {}

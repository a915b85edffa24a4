"""What a customer's text does: stop, start, answer the last question, or stand in the thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from closedloop.bookings import appointments
from closedloop.bookings.errors import AlreadyConfirmedError, AppointmentCancelledError
from closedloop.core.decision import Actor, Context, Decision, Reply
from closedloop.core.errors import ClosedLoopError, InvalidTransitionError
from closedloop.core.times import parse
from closedloop.core.writes import ABSENT, Change, Create
from closedloop.people.matching import id_of
from closedloop.texts import consent, model
from closedloop.texts.keywords import Meaning, meaning
from closedloop.texts.segments import segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from closedloop.core.decision import RowKey
    from closedloop.core.rows import Row
    from closedloop.core.writes import Write

_IDS = UUID("0d6a2c54-7c0c-5a7b-9a0e-3c6d1f0f5b21")
_OPEN_FOR = timedelta(days=7)


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


def open_question(thread: Sequence[Row], now: datetime) -> Row | None:
    """The text that asked last, if it is still to be answered; `thread` is newest first."""
    asked = next(
        (
            each
            for each in thread
            if each["direction"] == "out"
            and each.get("question")
            and each["status"] not in {"pending", "failed", "undelivered"}
        ),
        None,
    )
    if asked is None or "answered_at" in asked:
        return None
    asked_at = parse(asked.get("claimed_at") or asked["created_at"])
    return asked if now - asked_at < _OPEN_FOR else None


def received(
    inbound: Inbound, people: Sequence[tuple[str, str]], asked: Row | None, context: Context
) -> Decision:
    """Take a customer's text. The reply's `answer` is what to say, None for nothing.

    `people` are table and id of everybody with the number, the one of the thread first; `asked`
    is the text whose question is open.
    """
    if before := context.seen.get((model.TABLE, inbound.id)):
        return Decision((), Reply({"answer": before.get("answer"), "known": True}))
    means = meaning(inbound.body, inbound.opt_out_type, asked=asked is not None)
    if means in {Meaning.STOP, Meaning.START}:
        return _consent(inbound, people, means, context)
    if means is Meaning.HELP:
        answer = None if inbound.opt_out_type else _settings(context).get("sms_help")
        return _kept(inbound, people, context, answer=answer)
    if asked is not None and means in {Meaning.CONFIRM, Meaning.CANCEL}:
        return _answered(inbound, people, asked, means, context)
    return _kept(inbound, people, context)


def _consent(
    inbound: Inbound, people: Sequence[RowKey], means: Meaning, context: Context
) -> Decision:
    """Twilio, which blocks or unblocks the number itself, has answered already."""
    change = consent.withdraw if means is Meaning.STOP else consent.give
    return _kept(inbound, people, context, change(context, inbound.phone, people))


def _answered(
    inbound: Inbound, people: Sequence[RowKey], asked: Row, means: Meaning, context: Context
) -> Decision:
    """The question is answered by the button's own rule, so its checks and its audit hold."""
    closed = Change(
        model.TABLE, asked["id"], {"answered_at": context.timestamp}, {"answered_at": ABSENT}
    )
    if (context.seen.get((model.TABLE, asked["id"])) or {}).get("answered_at"):
        return _kept(inbound, people, context)
    appointment_id = asked["question"]["appointment_id"]
    try:
        if means is Meaning.CONFIRM:
            command = appointments.ConfirmBooking(appointmentId=appointment_id)
            writes = appointments.confirm(command, context).writes
            answer = "Thank you, your appointment is confirmed."
        else:
            writes = appointments.cancel(appointment_id, context).writes
            answer = "Your appointment is cancelled."
    except ClosedLoopError as refusal:
        return _kept(inbound, people, context, (closed,), answer=_sorry(refusal, means))
    return _kept(inbound, people, context, (closed,), answer=answer, first=writes)


def _sorry(refusal: ClosedLoopError, means: Meaning) -> str:
    match refusal:
        case AlreadyConfirmedError():
            return "Thank you, your appointment was confirmed already."
        case AppointmentCancelledError() if means is Meaning.CANCEL:
            return "Your appointment was cancelled already."
        case AppointmentCancelledError():
            return "This appointment is cancelled. Please call us for a new one."
        case InvalidTransitionError():
            return "This appointment is over. Please call us for a new one."
    return "We could not find this appointment. Please call us."


def _kept(
    inbound: Inbound,
    people: Sequence[RowKey],
    context: Context,
    writes: Sequence[Write] = (),
    *,
    answer: str | None = None,
    first: Sequence[Write] = (),
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
            "answer": answer,
        },
    )
    said = _said(inbound, whose, answer, context)
    # What the text does comes first: the audit entry is about it; else it is about the text.
    everything = (*first, row, *stranger, *writes, *said)
    return Decision(everything, Reply({"answer": answer, "known": False}))


def _said(
    inbound: Inbound, whose: RowKey, answer: str | None, context: Context
) -> tuple[Write, ...]:
    """Our answer in the thread. It goes back with the answer to Twilio, past the queue."""
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

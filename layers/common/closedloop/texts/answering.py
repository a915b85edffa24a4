"""What a reply to our questions does: it confirms or cancels the one visit that was asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from closedloop.bookings import appointments, states
from closedloop.bookings.errors import AlreadyConfirmedError, AppointmentCancelledError
from closedloop.business.defaults import setting
from closedloop.core.errors import ClosedLoopError, InvalidTransitionError
from closedloop.core.rows import gone
from closedloop.core.times import parse
from closedloop.core.writes import ABSENT, Change
from closedloop.texts import model, wording
from closedloop.texts.keywords import Meaning
from closedloop.texts.quiet_hours import zone
from closedloop.texts.templates import answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from closedloop.core.decision import Context
    from closedloop.core.rows import Row
    from closedloop.core.writes import Write
    from closedloop.texts.keywords import Said
    from closedloop.texts.wording import Language

_OPEN_FOR = timedelta(days=7)
_UNSENT = frozenset({"pending", "failed", "undelivered"})
_MOST = 5
"""Visits that a person is asked to choose from; more would not fit into a text."""


@dataclass(frozen=True, slots=True)
class Open:
    """What a number may answer: `questions`, newest first, one for each visit.

    `choice` is the text in which we asked which visit was meant, while it is the last of ours.
    """

    questions: tuple[Row, ...] = ()
    choice: Row | None = None

    def about(self, appointment_id: str) -> Row | None:
        """The open question about a visit."""
        return next((each for each in self.questions if _visit(each) == appointment_id), None)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reply does: `first` is written before the text itself, `then` after it.

    `answer` is what we say, None for nothing; `choice` is kept with it where it asks which visit.
    """

    answer: str | None
    first: tuple[Write, ...] = ()
    then: tuple[Write, ...] = ()
    choice: Row | None = None


def open_questions(thread: Sequence[Row], now: datetime) -> Open:
    """What is open in a thread; it is newest first.

    A question stays open for a week, and until its visit begins. Who has confirmed may still
    cancel.
    """
    ours = [each for each in thread if each["direction"] == "out"]
    newest: dict[str, Row] = {}
    for each in ours:
        if each.get("question") and each["status"] not in _UNSENT:
            newest.setdefault(_visit(each), each)
    last = ours[0] if ours and "choice" in ours[0] else None
    return Open(tuple(each for each in newest.values() if _is_open(each, now)), last)


def reply(said: Said, asked: Open, context: Context) -> Reply | None:
    """What a text does that answers a question; None if it answers none."""
    if said.number is not None:
        return _chosen(said, asked, context)
    if said.means is None or not asked.questions:
        return None
    return _to_the_last(said.means, asked, context)


def _chosen(said: Said, asked: Open, context: Context) -> Reply | None:
    """The visit with this number in the list that we sent."""
    if asked.choice is None:
        return None
    choice = asked.choice["choice"]
    ids = choice["appointment_ids"]
    if not 1 <= int(said.number or 0) <= len(ids):
        return None
    means = said.means or Meaning(choice["means"])
    return _act(means, ids[int(said.number or 0) - 1], asked, context)


def _to_the_last(means: Meaning, asked: Open, context: Context) -> Reply:
    """The visit that was asked about last; of several that are to come the person chooses one."""
    unanswered = [each for each in asked.questions if "answered_at" not in each]
    questions = (means is Meaning.CONFIRM and unanswered) or list(asked.questions)
    last = _visit(questions[0])
    if len(questions) > 1:
        rows = context.read(*((states.TABLE, _visit(each)) for each in questions))
        coming = [row for row in rows if row and _is_to_come(row, context)]
        if len(coming) > 1 and last in {row["id"] for row in coming}:
            return _which(means, coming[:_MOST], questions[0], context)
    return _act(means, last, asked, context)


def _which(means: Meaning, visits: Sequence[Row], question: Row, context: Context) -> Reply:
    settings = _settings(context)
    words = _language(question)
    word = answers(settings)[means.value]
    ordered = sorted(visits, key=lambda row: str(row["start"]))
    named = "; ".join(
        f"{word}{number}: {_when(row, settings, context, words)}"
        for number, row in enumerate(ordered, start=1)
    )
    choice = {"means": means.value, "appointment_ids": [row["id"] for row in ordered]}
    return Reply(_SAID[words]["which"].format(visits=named), choice=choice)


def _act(means: Meaning, appointment_id: str, asked: Open, context: Context) -> Reply:
    """The button's own rule answers, so its checks and its audit hold."""
    question = asked.about(appointment_id) or {}
    if question and not _is_open(_as_seen(question, context), context.now):
        return Reply(None)  # another reply was faster
    said = _SAID[_language(question)]
    closes = _closed(_as_seen(question, context), means, context) if question else ()
    settings = _settings(context)
    try:
        if means is Meaning.CONFIRM:
            command = appointments.ConfirmBooking(appointmentId=appointment_id)
            return Reply(said["confirm"], appointments.confirm(command, context).writes, closes)
        if _is_too_late(context.need(states.TABLE, appointment_id), settings, context):
            return Reply(said["too_late"].format(phone=settings.get("phone") or "").strip())
        return Reply(said["cancel"], appointments.cancel(appointment_id, context).writes, closes)
    except ClosedLoopError as refusal:
        return Reply(said[_sorry(refusal, means)], then=closes)


def _sorry(refusal: ClosedLoopError, means: Meaning) -> str:
    match refusal:
        case AlreadyConfirmedError():
            return "confirmed_before"
        case AppointmentCancelledError() if means is Meaning.CANCEL:
            return "cancelled_before"
        case AppointmentCancelledError():
            return "is_cancelled"
        case InvalidTransitionError():
            return "is_over"
    return "unknown"


def _closed(question: Row, means: Meaning, context: Context) -> tuple[Write, ...]:
    """Answered once: a confirmation may be followed by a cancellation, and by nothing else."""
    fields = {"answered_at": context.timestamp, "answered_with": means.value}
    assumed = {name: question.get(name, ABSENT) for name in fields}
    return (Change(model.TABLE, question["id"], fields, assumed),)


def _is_open(question: Row, now: datetime) -> bool:
    if "answered_at" in question and question.get("answered_with") != Meaning.CONFIRM:
        return False
    start = question["question"].get("start")
    asked_at = parse(question.get("claimed_at") or question["created_at"])
    return now - asked_at < _OPEN_FOR or (start is not None and now < parse(start))


def _is_to_come(visit: Row, context: Context) -> bool:
    live = not gone(visit) and visit["status"] in states.LIVE
    return live and parse(visit["start"]) > context.now


def _is_too_late(visit: Row, settings: Row, context: Context) -> bool:
    """Whether a visit that could be cancelled is so near that the business wants to be called."""
    notice = timedelta(minutes=int(setting(settings, "cancel_notice_minutes")))
    live = visit["status"] in states.LIVE
    return live and parse(visit["start"]) - context.now < notice


def _as_seen(question: Row, context: Context) -> Row:
    return context.seen.get((model.TABLE, question.get("id"))) or question


def _visit(question: Row) -> str:
    return str(question["question"]["appointment_id"])


def _language(question: Row) -> Language:
    return wording.language((question.get("question") or {}).get("language"))


def _when(visit: Row, settings: Row, context: Context, words: Language) -> str:
    where = zone(settings.get("time_zone"), visit.get("time_zone"))
    start = parse(visit["start"])
    return f"{wording.day(start, where, context.now, words)} {wording.clock(start, where)}"


def _settings(context: Context) -> Row:
    return context.seen.get(("orgs", "settings")) or {}


_SAID: dict[Language, dict[str, str]] = {
    "en": {
        "confirm": "Thank you, your appointment is confirmed.",
        "cancel": "Your appointment is cancelled.",
        "confirmed_before": "Thank you, your appointment was confirmed already.",
        "cancelled_before": "Your appointment was cancelled already.",
        "is_cancelled": "This appointment is cancelled. Please call us for a new one.",
        "is_over": "This appointment is over. Please call us for a new one.",
        "unknown": "We could not find this appointment. Please call us.",
        "too_late": "It is too late to cancel by text. Please call us. {phone}",
        "which": "Which appointment do you mean? Reply {visits}",
    },
    "es": {
        "confirm": "Gracias, su cita queda confirmada.",
        "cancel": "Su cita queda cancelada.",
        "confirmed_before": "Gracias, su cita ya estaba confirmada.",
        "cancelled_before": "Su cita ya estaba cancelada.",
        "is_cancelled": "Esta cita fue cancelada. Por favor, llame para pedir otra.",
        "is_over": "Esta cita ya tuvo lugar. Por favor, llame para pedir otra.",
        "unknown": "No encontramos esta cita. Por favor, llame.",
        "too_late": "Ya es tarde para cancelar por mensaje. Por favor, llame. {phone}",
        "which": "A cual de sus citas se refiere? Responda {visits}",
    },
}

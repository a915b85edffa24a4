"""The text that confirms an appointment: once for each time that was agreed, by its own clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID, uuid5

from closedloop.bookings import appointments, states
from closedloop.bookings.errors import AppointmentOverError
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.errors import NotFoundError
from closedloop.core.replies import Answered
from closedloop.core.rows import gone, public
from closedloop.core.times import parse
from closedloop.core.writes import Check
from closedloop.texts import accept, model, questions, wording
from closedloop.texts.accept import AcceptedSms, SmsAccepted, SmsKept
from closedloop.texts.errors import RecipientHasNoPhoneError
from closedloop.texts.quiet_hours import zone
from closedloop.texts.templates import in_language, known_of

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from closedloop.core.values import Time
    from closedloop.texts.wording import Language

TEMPLATE = "appointment_confirmation"

_IDS = UUID("5f3c9a1e-2b7d-5c46-8a10-9d2e6b7f4c83")
_NOBODY = {"en": "there", "es": "cliente"}


class ConfirmationSent(SmsAccepted):
    """The text is kept and goes out by itself, or was sent before."""

    sentAt: Time  # noqa: N815 - the wire's own spelling
    """When it was asked for first."""
    alreadySent: bool  # noqa: N815
    """True: nothing was sent now. `sms` is the first text, and its status what became of it."""


class ConfirmationKept(SmsKept):
    """Texts cannot be sent just now; this one is kept and goes out by itself: send no other."""

    sentAt: Time  # noqa: N815
    """When it was asked for."""


Confirmation = Decision[
    ConfirmationSent | Annotated[ConfirmationKept, Answered(503, success=False)]
]


def send(appointment_id: str, context: Context, locale: str | None = None) -> Confirmation:
    """Text a visit's date, time and place to its contact; a second call sends nothing, and says so.

    A visit that was moved may be confirmed once more, for its new time. The language is that of
    `locale`, else of the appointment, else of the business: Spanish, or English.

    Raises:
        NotFoundError: there is no such appointment in the org.
        AppointmentCancelledError: it is cancelled; carries the current row.
        AppointmentOverError: it is over, or has ended by the clock; carries the current row.
        RecipientHasNoPhoneError: nobody is known who could be sent a text.
        ValidationFailedError: the org's own template has a gap that nothing fills.
        RecipientOptedOutError, RateLimitedError
    """
    settings = accept.settings(context)
    appointment = context.need(states.TABLE, appointment_id)
    sms_id = _id(context, appointment)
    if before := context.seen.get((model.TABLE, sms_id)):
        return _sent_before(before)
    _refuse_unless_to_come(appointment, context)
    words = wording.language(locale, appointment.get("locale"), settings.get("locale"))
    text = _written(appointment, settings, context, words)
    try:
        writes = accept.made(context, ("contacts", _contact(appointment)), text, sms_id)
    except NotFoundError:
        raise RecipientHasNoPhoneError from None
    return Decision(writes, _reply(context, accept.shown_new(context, writes[0])))


def _id(context: Context, appointment: Row) -> str:
    """One text for an appointment at a time: whoever asks again finds its row."""
    name = f"{context.actor.org_id}#{appointment['id']}#{appointment['start']}"
    return str(uuid5(_IDS, name))


def _sent_before(row: Row) -> Confirmation:
    sms = accept.shown(row)
    body = ConfirmationSent(sms=sms, sentAt=sms["sentAt"], alreadySent=True)
    return Decision((Check(model.TABLE, row["id"]),), Reply(body))


def _refuse_unless_to_come(appointment: Row, context: Context) -> None:
    if gone(appointment):
        raise NotFoundError
    appointments.refuse_unless_live(appointment, "confirmed by text")
    if parse(appointment["end"]) <= context.now:
        sentence = "Appointment is over and cannot be confirmed by text"
        raise AppointmentOverError(sentence, appointment=public(appointment))


def _contact(appointment: Row) -> str:
    if "contact_id" not in appointment:
        raise RecipientHasNoPhoneError
    return str(appointment["contact_id"])


def _written(appointment: Row, settings: Row, context: Context, words: Language) -> model.Text:
    chosen = in_language(settings, TEMPLATE, words)
    where = zone(settings.get("time_zone"), appointment.get("time_zone"))
    start = parse(appointment["start"])
    known = {
        **known_of({"name": _name(appointment)}, settings),
        "date": wording.day(start, where, context.now, words),
        "time": wording.clock(start, where),
        "service": str(appointment.get("service_name") or ""),
        "address": str(settings.get("address") or ""),
    }
    known["firstName"] = known["firstName"] or _NOBODY[words]
    asked = questions.about(appointment, words)
    return model.Text(chosen.fill(known, {}), model.TRANSACTIONAL, chosen.id, asked)


def _name(appointment: Row) -> str:
    """The contact's name; one whose name nobody asked for is named after the number."""
    name = str(appointment.get("contact_name") or "")
    return "" if name.startswith("+") else name


def _reply(context: Context, sms: AcceptedSms) -> Reply[ConfirmationSent | ConfirmationKept]:
    if wait := accept.waits(context):
        late = ConfirmationKept(**accept.kept(context, sms), sentAt=sms["sentAt"])
        return Reply(late, status=503, success=False, retry_after=wait)
    return Reply(ConfirmationSent(sms=sms, sentAt=sms["sentAt"], alreadySent=False))

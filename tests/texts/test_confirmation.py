"""The text that confirms an appointment: once, by the business's clock, in a language."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.bookings.errors import AppointmentCancelledError, AppointmentOverError
from closedloop.core.errors import NotFoundError
from closedloop.edge.apply import apply, by_itself
from closedloop.texts import confirmation
from closedloop.texts.errors import RecipientHasNoPhoneError, RecipientOptedOutError
from closedloop.texts.segments import segments
from local.demo.orgs import ORGS
from tests.texts.world import PHONE

if TYPE_CHECKING:
    from closedloop.core.errors import ClosedLoopError
    from closedloop.core.rows import Row
    from local.demo.orgs import Org
    from tests.texts.world import World

VISIT: Row = {
    "id": "apt_1",
    "status": "confirmed",
    "contact_id": "con_1",
    "contact_name": "Ana Ortiz",
    "contact_phone": PHONE,
    "service_name": "Hand wash",
    "start": "2029-06-05T20:00:00Z",
    "end": "2029-06-05T21:00:00Z",
    "time_zone": "America/Chicago",
}
ADDRESS = "1840 W Fulton St, Chicago"


def booked(world: World, **fields: Any) -> None:
    """Ana's visit on Tuesday at three in the afternoon, where Chicago is."""
    contact = {"id": "con_1", "name": "Ana Ortiz", "phone": PHONE, "lead_status": "booked"}
    visit = {name: value for name, value in (VISIT | fields).items() if value is not None}
    world.db.put(world.org, {"contacts": [contact], "appointments": [visit]})
    world.set(address=ADDRESS)


def send(world: World, locale: str | None = None, key: str = "first") -> Any:
    """Ask for the text; the answer's body."""
    context = by_itself("send_confirmation", world.org, key, who="voice")
    return apply(context, lambda asked: confirmation.send("apt_1", asked, locale)).body


def said(world: World) -> list[str]:
    """What Twilio was given."""
    world.dispatch()
    world.work_off()
    return [message.body for message in world.twilio.accepted]


def test_it_says_when_and_where_by_the_clock_of_the_business(world: World) -> None:
    """20:00 in UTC is three o'clock in Chicago in June; the words keep off the carriers'."""
    booked(world)
    body = send(world)
    text = f"Hi Ana, see you Tue, Jun 5 at 3:00 PM CDT at Bright Finish, {ADDRESS}."
    assert said(world) == [f"{text} Reply C to confirm, X to cancel."]
    assert (body["alreadySent"], body["sentAt"]) == (False, body["sms"]["sentAt"])
    assert (body["sms"]["contactId"], body["sms"]["status"]) == ("con_1", "pending")


@pytest.mark.parametrize("source", ["locale", "appointment", "business"])
def test_a_spanish_caller_reads_spanish(world: World, source: str) -> None:
    """By what the call says, else the appointment, else the business."""
    booked(world, **({"locale": "es-MX"} if source == "appointment" else {}))
    if source == "business":
        world.set(locale="es")
    send(world, "es" if source == "locale" else None)
    text = f"Hola Ana, su cita: mar 5 jun, 3:00 PM CDT, Bright Finish, {ADDRESS}."
    assert said(world) == [f"{text} Responda C para confirmar, X para cancelar."]


def test_the_words_to_reply_with_are_a_setting(world: World) -> None:
    """Both are the business's to choose."""
    booked(world)
    world.set(sms_answers={"confirm": "OK", "cancel": "DROP"})
    send(world)
    assert said(world)[0].endswith("Reply OK to confirm, DROP to cancel.")


def test_a_business_may_write_it_itself(world: World) -> None:
    """Its own text counts, and asks for C or X all the same."""
    booked(world)
    own = {"text": "{firstName}: {service}, {date}, {time}, {address}"}
    world.set(templates={"appointment_confirmation": own})
    send(world)
    assert said(world) == [f"Ana: Hand wash, Tue, Jun 5, 3:00 PM CDT, {ADDRESS}"]
    assert world.the_row()["question"]["appointment_id"] == "apt_1"


def test_a_second_call_sends_nothing_and_says_so(world: World) -> None:
    """With another key, and after the first was sent: the first text and what became of it."""
    booked(world)
    first = send(world)
    assert len(said(world)) == 1
    again = send(world, key="second")
    assert again["alreadySent"] is True
    assert (again["sentAt"], again["sms"]["id"]) == (first["sentAt"], first["sms"]["id"])
    assert again["sms"]["status"] == "sending"
    assert len(said(world)) == 1


def test_two_at_once_send_one(world: World) -> None:
    """Sixteen keys for one appointment: one text, and fifteen are told of it."""
    booked(world)
    with ThreadPoolExecutor(16) as pool:
        bodies = list(pool.map(lambda key: send(world, key=f"key-{key}"), range(16)))
    assert sorted(body["alreadySent"] for body in bodies) == [False] + [True] * 15
    assert len(said(world)) == 1


def test_a_visit_that_moved_may_be_confirmed_for_its_new_time(world: World) -> None:
    """The second text is about another time, and is the last."""
    booked(world)
    send(world)
    booked(world, start="2029-06-06T15:00:00Z", end="2029-06-06T16:00:00Z")
    assert send(world, key="second")["alreadySent"] is False
    assert send(world, key="third")["alreadySent"] is True
    (one,) = said(world)
    assert "Wed, Jun 6 at 10:00 AM CDT" in one


@pytest.mark.parametrize(
    "changed",
    [{"status": "cancelled"}, {"start": "2029-06-06T15:00:00Z"}, {"deleted_at": "2029-06-01"}],
    ids=["cancelled", "moved", "deleted"],
)
def test_no_text_goes_out_that_is_no_longer_true(world: World, changed: Row) -> None:
    """Judged when it is sent, not when it was asked for: a person sees why it was not."""
    booked(world)
    send(world)
    booked(world, **changed)
    assert said(world) == []
    assert world.the_row()["error"]["code"] == "APPOINTMENT_CHANGED"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"status": "cancelled"}, AppointmentCancelledError),
        ({"status": "no_show"}, AppointmentOverError),
        ({"end": "2029-06-01T14:00:00Z"}, AppointmentOverError),
        ({"deleted_at": "2029-05-01T00:00:00.000Z"}, NotFoundError),
        ({"contact_id": None}, RecipientHasNoPhoneError),
        ({"contact_id": "con_gone"}, RecipientHasNoPhoneError),
    ],
)
def test_what_cannot_be_confirmed(world: World, fields: Row, error: type[ClosedLoopError]) -> None:
    """A visit that is off, over or nobody's; nothing is kept."""
    booked(world, **fields)
    with pytest.raises(error):
        send(world)
    assert world.rows() == []


def test_who_sent_stop_gets_none(world: World) -> None:
    """The number's own word comes first."""
    booked(world)
    world.text("STOP", From=PHONE)
    with pytest.raises(RecipientOptedOutError):
        send(world)


@pytest.mark.parametrize("name", [None, "+13125550143"])
def test_nobody_is_called_by_a_number(world: World, name: str | None) -> None:
    """A contact that nobody has named is greeted all the same."""
    booked(world, contact_name=name)
    send(world)
    assert said(world)[0].startswith("Hi there, see you")


def test_it_waits_for_the_breaker_and_not_for_the_morning(world: World) -> None:
    """Three in the night: it goes out. The breaker: it is kept, and the caller told that it is."""
    booked(world)
    world.at = world.at.replace(hour=8)
    send(world)
    assert len(said(world)) == 1
    booked(world, start="2029-06-06T15:00:00Z", end="2029-06-06T16:00:00Z")
    context = by_itself("send_confirmation", world.org, "late", who="voice")
    retry_at = int(world.at.timestamp()) + 60
    seen = {("system", "breaker#twilio"): {"state": "OPEN", "retry_at": retry_at}}
    seen[("orgs", "settings")] = world.settings
    context = by_itself("send_confirmation", world.org, "late", seen, who="voice")
    reply = apply(context, partial(confirmation.send, "apt_1"))
    assert (reply.status, reply.body["retrying"]) == (503, True)
    assert reply.body["sentAt"] == reply.body["sms"]["sentAt"]


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("business", ORGS, ids=lambda each: each.id)
def test_one_segment_is_enough(world: World, business: Org, locale: str) -> None:
    """For the demo's businesses, on a long date, in letters of GSM-7 alone."""
    booked(world, start="2029-09-26T16:00:00Z", end="2029-09-26T17:00:00Z")
    world.set(name=business.name, address=business.address)
    assert segments(send(world, locale)["sms"]["message"]) == 1

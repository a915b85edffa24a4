"""The conversations of the last three days, as the rules of texts write them; all are over."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from closedloop.core.decision import Actor, Context
from closedloop.core.times import parse
from closedloop.texts import model, questions, wording
from closedloop.texts.segments import segments
from closedloop.texts.templates import known_of, template
from closedloop.texts.twilio_codes import reason
from local.demo.calendar import iso
from local.demo.talks import TALKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from local.demo.orgs import Org
    from local.demo.talks import End, Said

Row = dict[str, Any]
_UNREACHABLE = 30005
_CONFIRMATION = "appointment_confirmation"


def texts(
    org: Org,
    settings: Row,
    people: Mapping[str, Sequence[Row]],
    visits: Sequence[Row],
    now: datetime,
) -> Iterator[Row]:
    """The texts of the org's conversations; each is `row_id`, `created` and its own fields.

    `people` are the contacts and the leads. One visit of `visits` that is still to be confirmed was
    asked about: an answer from that phone confirms it.
    """
    desk = _Desk(org, settings, now)
    found = list(desk.asked(people["contacts"], visits))
    for talk in TALKS:
        person = people[talk.table][talk.number]
        found += (desk.text(talk.table, person, said) for said in talk.said)
    for number, text in enumerate(sorted(found, key=lambda each: each["created"]), start=1):
        yield _named(f"sms_{org.id}_{number:03}", text)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Writes the texts of one business."""

    org: Org
    settings: Row
    now: datetime

    def text(self, table: str, person: Row, said: Said) -> Row:
        """A text of a conversation."""
        text = model.Text(said.words)
        return self._row(
            table, person, self.now - timedelta(minutes=said.minutes_ago), text, said.end
        )

    def asked(self, contacts: Sequence[Row], visits: Sequence[Row]) -> Iterator[Row]:
        """The text that confirms the visit in the middle of those that nobody has confirmed."""
        pending = [each for each in visits if each["status"] == "pending"]
        visit = pending[len(pending) // 2]
        at = self.now - timedelta(minutes=1330)
        person = next(each for each in contacts if each["id"] == visit["contact_id"])
        yield self._row("contacts", person, at, self._confirmation(visit, person, at), "delivered")

    def _confirmation(self, visit: Row, person: Row, at: datetime) -> model.Text:
        start, zone = parse(visit["start"]), ZoneInfo(self.org.time_zone)
        when = {"date": wording.day(start, zone, at, "en"), "time": wording.clock(start, zone)}
        chosen = template(self.settings, _CONFIRMATION)
        words = chosen.fill(known_of(person, self.settings) | when, {})
        return model.Text(words, chosen.category, chosen.id, questions.about(visit, "en"))

    def _row(self, table: str, person: Row, at: datetime, text: model.Text, end: End) -> Row:
        context = Context(Actor("system", "system", self.org.id, frozenset()), "demo", "", at)
        ours, theirs = self.org.phone, person["phone"]
        if end == "in":
            fields = {
                **model.thread(context, table, person["id"], _ID),
                "message": text.message,
                "segments": segments(text.message),
                "direction": "in",
                "status": "received",
                "category": model.REPLY,
                "from": theirs,
                "to": ours,
            }
        else:
            sent = model.outgoing(context, table, person["id"], text, _ID).set
            fields = {**sent, "from": ours, "to": theirs, **_ended(at, end)}
        return {"created": at, **{name: each for name, each in fields.items() if each is not None}}


def _ended(at: datetime, end: End) -> Row:
    """What the worker and Twilio's reports leave on a text: it is off every list of work."""
    taken = {
        "outbox": None,
        **model.OFF_THE_LIST,
        "claimed_at": iso(at + timedelta(seconds=1)),
        "queued_at": iso(at + timedelta(seconds=2)),
        "vendor_status": "undelivered" if end == "failed" else "delivered",
        "sent_at": iso(at + timedelta(seconds=3)),
    }
    later = iso(at + timedelta(seconds=5))
    if end == "delivered":
        return {**taken, "status": "delivered", "delivered_at": later}
    error = {"code": str(_UNREACHABLE), "reason": reason(_UNREACHABLE)}
    return {**taken, "status": "undelivered", "attention": later, "error": error}


_ID = "{id}"
"""Stands for the id of a text until its place in the order of all is known."""


def _named(row_id: str, text: Row) -> Row:
    sid = hashlib.sha256(row_id.encode()).hexdigest()[:32]
    key = text["person_key"].replace(_ID, row_id)
    return {**text, "row_id": row_id, "person_key": key, "vendor_id": f"SM{sid}"}

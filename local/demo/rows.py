"""The rows of the demo data. The same ids, people and states every time; times follow the clock."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from closedloop.voice.credentials import of_id, of_token
from local.demo.appointments import appointments
from local.demo.calendar import iso
from local.demo.jobs import jobs
from local.demo.orgs import DETAILER, ORGS
from local.demo.persons import Customer, customers
from local.demo.places import cells_of, places
from local.demo.square import as_read, connection
from local.demo.texts import texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local.demo.orgs import Org

Row = dict[str, Any]
Rows = dict[str, list[Row]]

CONTACTS, LEADS = 150, 300
_SYSTEM = {"id": "system", "email": "system"}
_SOURCES = ("website", "phone", "google", "referral", "walk_in", "instagram")
# A third of the leads is new; the rest is spread over the pipeline.
_LEAD_STATES = (
    *("new",) * 6,
    *("contacted",) * 3,
    *("qualified",) * 3,
    *("proposal_sent",) * 2,
    *("negotiating",),
    *("won",),
    *("lost",) * 2,
)
_CONTACT_STATES = (*("new",) * 3, *("contacted",) * 4, *("booked",) * 2, "lost")


@dataclass(frozen=True, slots=True)
class _Writer:
    """Adds what every row carries; each row gets a version of its own, in order."""

    org: Org
    now: datetime
    versions: Iterator[int]

    def row(self, row_id: str, created: datetime, **fields: Any) -> Row:
        return {
            "org_id": self.org.id,
            "id": row_id,
            "version": next(self.versions),
            "created_at": iso(created),
            "updated_at": iso(self.now),
            "updated_by": _SYSTEM,
            **fields,
        }


def demo_rows(now: datetime, secrets: Mapping[str, str] | None = None) -> Rows:
    """Every row of both businesses by table, as if written at `now` (UTC).

    `secrets` are those of the orgs' voice agents, of which the rows keep the hash.
    """
    rows: Rows = {
        "orgs": [], "contacts": [], "leads": [], "appointments": [], "appointment_holds": [],
        "jobs": [], "sms_logs": [],
    }  # fmt: skip
    versions = count(int(now.timestamp() * 1_000_000))
    for org in ORGS:
        writer = _Writer(org, now, versions)
        contacts = list(_contacts(writer))
        rows["orgs"] += _org(writer, (secrets or {}).get(org.id))
        rows["contacts"] += contacts
        leads = list(_leads(writer))
        rows["leads"] += leads
        work = list(jobs(org, contacts, now))
        taken = {cell for each in work for cell in cells_of(each)}
        booked = [writer.row(**fields) for fields in appointments(org, contacts, now, taken)]
        rows["appointments"] += booked
        begun = [as_read(writer.row(**fields)) for fields in work]
        rows["jobs"] += begun
        live = [each for each in booked if each["status"] in {"pending", "confirmed"}] + begun
        rows["appointment_holds"] += (writer.row(created=now, **fields) for fields in places(live))
        if org is DETAILER:
            people = {"contacts": contacts, "leads": leads}
            said = texts(org, org.settings(), people, booked, now)
            rows["sms_logs"] += (writer.row(**fields) for fields in said)
    return rows


def _org(writer: _Writer, secret: str | None) -> Iterator[Row]:
    """Its settings, and what a text, its voice agent and a seller at Square find it by."""
    founded = writer.now - timedelta(days=400)
    yield writer.row("settings", founded, **writer.org.settings())
    number = writer.org.phone
    credential = hashlib.sha256(f"twilio#{number}".encode()).hexdigest()
    yield writer.row(f"number#{number}", founded, credential_hash=credential)
    if writer.org is DETAILER:
        yield writer.row("square", founded, **connection(writer.now))
    if secret:
        yield writer.row("credential#vapi#1", founded, credential_hash=of_token(secret))
        signing = of_id(writer.org.id)
        yield writer.row("credential#vapi#2", founded, credential_hash=signing)


def _contacts(writer: _Writer) -> Iterator[Row]:
    rng = random.Random(f"{writer.org.id} contacts")
    people = customers(rng, writer.org.area_code, CONTACTS)
    for number, person in enumerate(people, start=1):
        yield writer.row(
            f"con_{writer.org.id}_{number:03}",
            _past(rng, writer.now, days=360),
            **_person(person),
            lead_status=_CONTACT_STATES[number % len(_CONTACT_STATES)],
            sms_consent=rng.random() < 0.85,  # noqa: PLR2004 - most people agree
            notes="",
        )


def _leads(writer: _Writer) -> Iterator[Row]:
    rng = random.Random(f"{writer.org.id} leads")
    people = customers(rng, writer.org.area_code, LEADS)
    for number, person in enumerate(people, start=1):
        created = _past(rng, writer.now, days=60)
        service = rng.choice(writer.org.services)
        yield writer.row(
            f"lead_{writer.org.id}_{number:03}",
            created,
            **_person(person),
            status=_LEAD_STATES[number % len(_LEAD_STATES)],
            status_changed_at=iso(created + (writer.now - created) * rng.random()),
            source=rng.choice(_SOURCES),
            service_interest=service.name,
            value_cents=service.price_cents * rng.randint(1, 3),
            notes=rng.choice(("", "", *writer.org.wishes)),
        )


def _person(customer: Customer) -> Row:
    return {"name": customer.name, "phone": customer.phone, "email": customer.email}


def _past(rng: random.Random, now: datetime, *, days: int) -> datetime:
    return now - timedelta(days=days) * rng.random()

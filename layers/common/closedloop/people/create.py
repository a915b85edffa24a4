"""New people: a contact or a lead that staff write down, one for each number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from closedloop.core.command import Command, Notes
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.rows import public
from closedloop.core.words import PersonName
from closedloop.core.writes import Create
from closedloop.people.contacts import Email, Phone
from closedloop.people.errors import ContactKnownError, LeadKnownError
from closedloop.people.matching import by_phone, free_id, with_phone

if TYPE_CHECKING:
    from closedloop.core.rows import Row
    from closedloop.people.rows import Contact, Lead

Source = Annotated[str, Field(min_length=1, max_length=64)]


class CreateContact(Command):
    """Write down somebody who called or wrote."""

    name: PersonName
    phone: Phone
    email: Email | None = None
    notes: Notes | None = None
    sms_consent: bool | None = None


class CreateLead(Command):
    """Write down somebody for the sales pipeline."""

    name: PersonName
    phone: Phone
    email: Email | None = None
    source: Source | None = None
    notes: Notes | None = None


class ContactCreated(TypedDict):
    """The contact is written down."""

    contact: Contact


class LeadCreated(TypedDict):
    """The lead is written down."""

    lead: Lead


def create_contact(command: CreateContact, context: Context) -> Decision[ContactCreated]:
    """Make one contact for a number, however often and from wherever it is asked for at once.

    Raises:
        ContactKnownError: a contact has the number; carries it.
        NotFoundError: the account's business does not exist.
    """
    if found := _known(command.phone, context, "contacts"):
        raise ContactKnownError(contact=public(found))
    new, contact = _made(command, context, "contacts", {"lead_status": "new"})
    return Decision((new,), Reply(ContactCreated(contact=contact)))


def create_lead(command: CreateLead, context: Context) -> Decision[LeadCreated]:
    """Make one lead for a number. A contact may have the same number: leads are another list.

    Raises:
        LeadKnownError: a lead has the number; carries it.
        NotFoundError: the account's business does not exist.
    """
    if found := _known(command.phone, context, "leads"):
        raise LeadKnownError(lead=public(found))
    state = {"status": "new", "status_changed_at": context.timestamp}
    new, lead = _made(command, context, "leads", state)
    return Decision((new,), Reply(LeadCreated(lead=lead)))


def _known(phone: str, context: Context, table: str) -> Row | None:
    """Who has the number already, in a business that exists."""
    context.know(("orgs", "settings"), by_phone(table, phone))
    context.need("orgs", "settings")
    return with_phone(context, table, phone)


def _made(
    command: CreateContact | CreateLead, context: Context, table: str, state: Row
) -> tuple[Create, Any]:
    new = free_id(context, table, command.phone)
    fields = {"source": "staff", **command.model_dump(exclude_none=True), **state}
    return Create(table, new, fields), public(as_made(context, new, fields))


def as_made(context: Context, row_id: str, fields: Row) -> Row:
    """A row as it will be once it is made."""
    return {
        "id": row_id,
        "org_id": context.actor.org_id,
        **{name: value for name, value in fields.items() if value is not None},
        "created_at": context.timestamp,
        "updated_at": context.timestamp,
        "updated_by": context.actor.author,
        "version": context.version,
    }

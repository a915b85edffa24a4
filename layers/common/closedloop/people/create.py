"""New people: a contact or a lead that staff write down, one for each number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from closedloop.core.command import Command, Notes
from closedloop.core.decision import Context, Decision, Find, Reply
from closedloop.core.rows import public
from closedloop.core.writes import Create
from closedloop.people.contacts import Email, Name, Phone
from closedloop.people.errors import PhoneKnownError
from closedloop.people.matching import free_id, with_phone

if TYPE_CHECKING:
    from closedloop.core.rows import Row

Source = Annotated[str, Field(min_length=1, max_length=64)]


class CreateContact(Command):
    """Write down somebody who called or wrote."""

    name: Name
    phone: Phone
    email: Email | None = None
    notes: Notes | None = None
    sms_consent: bool | None = None


class CreateLead(Command):
    """Write down somebody for the sales pipeline."""

    name: Name
    phone: Phone
    email: Email | None = None
    source: Source | None = None
    notes: Notes | None = None


def create_contact(command: CreateContact, context: Context) -> Decision:
    """Make one contact for a number, however often and from wherever it is asked for at once.

    Raises:
        PhoneKnownError: a contact has the number; carries it.
        NotFoundError: the account's business does not exist.
    """
    return _create(command, context, "contacts", {"lead_status": "new"})


def create_lead(command: CreateLead, context: Context) -> Decision:
    """Make one lead for a number. A contact may have the same number: leads are another list.

    Raises:
        PhoneKnownError: a lead has the number; carries it.
        NotFoundError: the account's business does not exist.
    """
    return _create(command, context, "leads", {"status": "new"})


def _create(
    command: CreateContact | CreateLead, context: Context, table: str, state: Row
) -> Decision:
    listed = Find(table, "by_phone", ("phone", command.phone, command.phone), limit=5)
    context.know(("orgs", "settings"), listed)
    context.need("orgs", "settings")
    word = table.removesuffix("s")
    found = with_phone(context, table, command.phone)
    if found:
        raise PhoneKnownError(None, **{word: public(found)})
    new = free_id(context, table, command.phone)
    given: dict[str, Any] = command.model_dump(exclude_none=True)
    fields = {"source": "staff", **given, **state}
    if "status" in state:
        fields["status_changed_at"] = context.timestamp
    stamp = {"created_at": context.timestamp, "updated_at": context.timestamp}
    row = {"id": new, **fields, **stamp, "version": context.version}
    return Decision((Create(table, new, fields),), Reply({word: row}))

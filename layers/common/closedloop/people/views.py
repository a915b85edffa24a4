"""Reading contacts and leads: lists by status or phone, and one by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import model_validator
from typing_extensions import TypedDict

from closedloop.core.command import RowId
from closedloop.core.cursors import ChangeCursor
from closedloop.core.errors import NotFoundError
from closedloop.core.query import Paged, Question, listed
from closedloop.core.rows import gone, public
from closedloop.people.contacts import ContactStatus, Phone
from closedloop.people.leads import LeadStatus

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads
    from closedloop.core.rows import Row
    from closedloop.core.values import PageCursor, SyncCursor
    from closedloop.people.rows import Contact, Lead


class _People(Paged):
    """A list of people: all, the newest first, or those of one status or one number."""

    table: ClassVar[str]
    status_field: ClassVar[str]
    phone: Phone | None = None

    @property
    def by(self) -> tuple[str, str, Any]:
        """The index that answers, its range key, and the value that it must have (None: any)."""
        if self.phone is not None:
            return "by_phone", "phone", self.phone
        if self.wanted_status is not None:
            return "by_status", self.status_field, self.wanted_status
        return "by_created", "created_at", None

    @property
    def wanted_status(self) -> str | None:
        """The status that was asked for: the parameter is named as the field."""
        wanted: str | None = getattr(self, self.status_field)
        return wanted

    @model_validator(mode="after")
    def _one_filter(self) -> Self:
        if self.phone is not None and self.wanted_status is not None:
            raise ValueError("filter by status or by phone")
        return self


class Contacts(_People):
    """Contacts, filtered by `lead_status` or `phone`."""

    table: ClassVar[str] = "contacts"
    status_field: ClassVar[str] = "lead_status"
    lead_status: ContactStatus | None = None


class Leads(_People):
    """Leads, filtered by `status` or `phone`."""

    table: ClassVar[str] = "leads"
    status_field: ClassVar[str] = "status"
    status: LeadStatus | None = None


class ContactById(Question):
    """One contact, named in the path."""

    id: RowId


class LeadById(Question):
    """One lead, named in the path."""

    id: RowId


class ContactList(TypedDict):
    """A page of contacts."""

    contacts: list[Contact]
    cursor: PageCursor | None
    """Null at the end."""
    as_of: SyncCursor
    """Every change up to here is in the rows."""


class LeadList(TypedDict):
    """A page of leads."""

    leads: list[Lead]
    cursor: PageCursor | None
    """Null at the end."""
    as_of: SyncCursor
    """Every change up to here is in the rows."""


class OneContact(TypedDict):
    """One contact."""

    contact: Contact


class OneLead(TypedDict):
    """One lead."""

    lead: Lead


def contacts(question: Contacts, actor: Actor, reads: Reads, now: datetime) -> ContactList:
    """The org's contacts, each as it is now."""
    found, cursor = _listed(question, actor, reads)
    return {"contacts": found, "cursor": cursor, "as_of": str(ChangeCursor.at(now))}


def leads(question: Leads, actor: Actor, reads: Reads, now: datetime) -> LeadList:
    """The org's leads, each as it is now."""
    found, cursor = _listed(question, actor, reads)
    return {"leads": found, "cursor": cursor, "as_of": str(ChangeCursor.at(now))}


def contact(question: ContactById, actor: Actor, reads: Reads, _: datetime) -> OneContact:
    """One contact as it is now.

    Raises:
        NotFoundError: there is no such contact in the org.
    """
    return {"contact": _one(reads, "contacts", actor, question.id)}


def lead(question: LeadById, actor: Actor, reads: Reads, _: datetime) -> OneLead:
    """One lead as it is now.

    Raises:
        NotFoundError: there is no such lead in the org.
    """
    return {"lead": _one(reads, "leads", actor, question.id)}


def _listed(question: _People, actor: Actor, reads: Reads) -> tuple[list[Any], str | None]:
    index, range_key, wanted = question.by
    between = None if wanted is None else (range_key, wanted, wanted)

    def load(keys: list[Row]) -> list[Row]:
        found = reads.rows(question.table, actor.org_id, [key["id"] for key in keys])
        # The index may lag behind a row that has just moved on.
        return [row for row in found if wanted is None or row.get(range_key) == wanted]

    found, cursor = listed(
        question,
        range_key,
        actor.org_id,
        lambda limit, after: reads.page(
            question.table,
            index,
            actor.org_id,
            between,
            limit=limit,
            after=after,
            newest_first=wanted is None,
        ),
        load,
    )
    return [public(row) for row in found], cursor


def _one(reads: Reads, table: str, actor: Actor, row_id: str) -> Any:
    row = reads.get(table, actor.org_id, row_id)
    if row is None or gone(row):
        raise NotFoundError
    return public(row)

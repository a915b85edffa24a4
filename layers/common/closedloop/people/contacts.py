"""Contacts: what staff may change about a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, Self, get_args

from pydantic import Field, StringConstraints, model_validator
from typing_extensions import TypeAliasType, TypedDict

from closedloop.core.command import Edit, Notes, RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.rows import Row, public
from closedloop.core.words import PersonName
from closedloop.core.writes import Change, Check, OneOf
from closedloop.people.errors import ContactChangedError

if TYPE_CHECKING:
    from closedloop.core.values import PhoneNumber, Time, Version

TABLE = "contacts"

ContactStatus = TypeAliasType("ContactStatus", Literal["new", "contacted", "booked", "lost"])
STATUSES: tuple[str, ...] = get_args(ContactStatus.__value__)

Phone = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$")]
"""A number in E.164."""

Email = Annotated[
    str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]+\.[^@\s]+$", max_length=254)
]


class UpdateContact(Edit):
    """Change fields of a contact, named in the path; null clears phone, email or notes."""

    id: RowId
    lead_status: ContactStatus | None = None
    name: PersonName | None = None
    email: Email | None = None
    phone: Phone | None = None
    notes: Notes | None = None
    sms_consent: bool | None = None
    expectedVersion: Annotated[int, Field(ge=0, lt=10**17)] | None = None  # noqa: N815

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.fields:
            raise ValueError("provide at least one field to change")
        cleared = {name for name, value in self.fields.items() if value is None}
        if cleared & {"lead_status", "name", "sms_consent"}:
            raise ValueError("lead_status, name and sms_consent cannot be cleared")
        return self

    @property
    def fields(self) -> dict[str, Any]:
        """What is to be set; None clears a field."""
        named = self.model_fields_set - {"id", "expectedVersion"}
        return {name: getattr(self, name) for name in sorted(named)}


class ChangedContact(TypedDict):
    """What the button has set of the contact, null where it cleared. Lay it over the row."""

    id: str
    version: Version
    updated_at: Time
    lead_status: NotRequired[ContactStatus]
    lead_status_changed_at: NotRequired[Time]
    name: NotRequired[str]
    phone: NotRequired[PhoneNumber | None]
    email: NotRequired[str | None]
    notes: NotRequired[str | None]
    sms_consent: NotRequired[bool]


class ContactUpdated(TypedDict):
    """The contact is as asked for."""

    contact: ChangedContact


def update(command: UpdateContact, context: Context) -> Decision[ContactUpdated]:
    """Set fields of a contact, once. A status that it already has changes nothing.

    Raises:
        ContactChangedError: `expectedVersion` is no longer true; carries the current row.
        NotFoundError: there is no such contact in the org.
    """
    row = context.row(TABLE, command.id)
    if row and command.expectedVersion not in {None, row["version"]}:
        raise ContactChangedError(contact=public(row))
    fields = dict(command.fields)
    status = fields.get("lead_status")
    if row and status is not None and row.get("lead_status") == status:
        del fields["lead_status"]
        if not fields:
            return _as_it_is(row)
        status = None
    assume: dict[str, Any] = {}
    if status is not None:
        assume["lead_status"] = OneOf(tuple(each for each in STATUSES if each != status))
        fields["lead_status_changed_at"] = context.timestamp
    if command.expectedVersion is not None:
        assume["version"] = command.expectedVersion
    stamp = {"updated_at": context.timestamp, "version": context.version}
    contact: Any = {"id": command.id, **command.fields, **fields, **stamp}
    reply = Reply(ContactUpdated(contact=contact))
    return Decision((Change(TABLE, command.id, fields, assume),), reply)


def _as_it_is(row: Row) -> Decision[ContactUpdated]:
    shown = ("id", "lead_status", "lead_status_changed_at", "updated_at", "version")
    contact: Any = {name: row[name] for name in shown if name in row}
    check = Check(TABLE, row["id"], {"version": row["version"]})
    return Decision((check,), Reply(ContactUpdated(contact=contact)))

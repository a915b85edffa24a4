"""Editing what is written down of a lead, beside its status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NotRequired, Self

from pydantic import Field, model_validator
from typing_extensions import TypedDict

from closedloop.core.command import Edit, Notes, RowId
from closedloop.core.decision import Context, Decision, Reply
from closedloop.core.rows import public
from closedloop.core.words import PersonName
from closedloop.core.writes import ABSENT, Change
from closedloop.people.contacts import Email, Phone
from closedloop.people.create import Source
from closedloop.people.errors import LeadChangedError
from closedloop.people.leads import TABLE, ExpectedVersion

if TYPE_CHECKING:
    from closedloop.core.values import PhoneNumber, Time, Version


class UpdateLead(Edit):
    """Change fields of a lead, named in the path; null clears email, source, value or notes."""

    id: RowId
    name: PersonName | None = None
    phone: Phone | None = None
    email: Email | None = None
    source: Source | None = None
    service_interest: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    value_cents: Annotated[int, Field(ge=0, lt=10**12)] | None = None
    notes: Notes | None = None
    expectedVersion: ExpectedVersion | None = None  # noqa: N815 - the wire's own spelling

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.fields:
            raise ValueError("name at least one field to change")
        if {name for name, value in self.fields.items() if value is None} & {"name", "phone"}:
            raise ValueError("name and phone cannot be cleared")
        return self

    @property
    def fields(self) -> dict[str, Any]:
        """What is to be set; None clears a field."""
        named = self.model_fields_set - {"id", "expectedVersion"}
        return {name: getattr(self, name) for name in sorted(named)}


class EditedLead(TypedDict):
    """What was set of the lead; null where a field was cleared. Lay it over the row."""

    id: str
    name: NotRequired[str]
    phone: NotRequired[PhoneNumber]
    email: NotRequired[str | None]
    source: NotRequired[str | None]
    service_interest: NotRequired[str | None]
    value_cents: NotRequired[int | None]
    notes: NotRequired[str | None]
    updated_at: Time
    version: Version


class LeadEdited(TypedDict):
    """The lead is changed."""

    lead: EditedLead


def update_lead(command: UpdateLead, context: Context) -> Decision[LeadEdited]:
    """Set fields of a lead, once. Its status moves by its own button.

    Raises:
        LeadChangedError: `expectedVersion` is no longer true; carries the current row.
        NotFoundError: there is no such lead in the org.
    """
    row = context.row(TABLE, command.id)
    if row and command.expectedVersion not in {None, row["version"]}:
        raise LeadChangedError(lead=public(row))
    expected = {} if command.expectedVersion is None else {"version": command.expectedVersion}
    change = Change(TABLE, command.id, command.fields, {"deleted_at": ABSENT, **expected})
    stamp = {"updated_at": context.timestamp, "version": context.version}
    lead: Any = {"id": command.id, **command.fields, **stamp}
    return Decision((change,), Reply(LeadEdited(lead=lead)))

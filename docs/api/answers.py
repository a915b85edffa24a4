"""What the names at the top of answers hold.

A name has one line here, whoever answers with it: `appointment` is an Appointment everywhere. Of a
row that a button changed it answers a part, a list and a refusal show the whole. Only where one
operation means something else by a name, the line is `operation.name`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from docs.api import rows, shapes
from docs.api.schemas import UndescribableError
from docs.api.values import ChangeCursor, LeadStatus, PageCursor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docs.api.replies import Answer, Names
    from docs.api.schemas import Schema, Schemas


def _told(kind: Any, words: str) -> Any:
    return Annotated[kind, Field(description=words)]


NAMES: Mapping[str, Any] = {
    "appointment": rows.Appointment,
    "appointments": list[rows.Appointment],
    "as_of": _told(ChangeCursor, "Every change up to here is in the rows."),
    "audit": list[shapes.AuditEntry],
    "breakers": list[shapes.Breaker],
    "call": rows.Call,
    "call_created": Literal[True],
    "changes": list[shapes.Change],
    "changes.cursor": _told(ChangeCursor, "What to ask with next time, as `since`."),
    "code": Literal["CIRCUIT_BREAKER_OPEN"],
    "contact": rows.Contact,
    "contacts": list[rows.Contact],
    "cursor": _told(PageCursor | None, "Null at the end."),
    "error": _told(str, "A sentence for a person."),
    "expires_in": _told(int, "Seconds."),
    "failed": _told(int, "How many were not moved; `failures` says why."),
    "failed.sms_messages": list[shapes.FailedSms],
    "failures": list[shapes.BulkFailure],
    "lead": rows.Lead,
    "leads": list[rows.Lead],
    "me": shapes.Me,
    "message": _told(str, "A sentence for a person: `2 leads updated, 1 failed (not found)`."),
    "more": _told(bool, "Not all of it: ask again with `cursor` at once."),
    "request_id": str,
    "resync": _told(Literal[True], "`since` is too old: read the lists, then go on from `cursor`."),
    "retrying": _told(Literal[True], "It is kept and goes out by itself: send no other."),
    "send_contact_sms.sms": shapes.AcceptedSms,
    "send_lead_sms.sms": shapes.AcceptedSms,
    "sms": rows.SmsLog,
    "sms_messages": list[shapes.SmsMessage],
    "templates": list[shapes.Template],
    "ticket": _told(str, "Opens one socket."),
    "update_lead_status.status": LeadStatus,
    "updated": _told(int, "How many were moved."),
    "url": _told(str, "Where to connect, with `?ticket=`."),
}

SURE: Mapping[str, tuple[str, ...]] = {
    "call_back.call": ("contact_id", "status", "requested_by", "created_at", "updated_at"),
    "confirm_booking.appointment": ("status", "confirmed_at", "confirmed_by"),
    "retry_sms.sms": ("status", "attempt"),
    "send_contact_sms.sms": ("contactId",),
    "send_lead_sms.sms": ("leadId",),
    "update_contact.contact": ("updated_at",),
    "update_lead_status.lead": ("status", "status_changed_at"),
    "update_lead_status.leads": ("status", "status_changed_at"),
    "update_one_lead_status.lead": ("status", "status_changed_at"),
}
"""What a button's answer always shows beside the required fields. Nobody has to say so here."""

CLEARED: Mapping[str, tuple[str, ...]] = {"Contact": ("phone", "email", "notes")}
"""Fields that a button can remove, which its answer then shows as null."""

_ROWS = {row.__name__ for row in rows.Row.__subclasses__()}


class NoSchemaError(UndescribableError):
    """An answer has a name of which nothing is said."""


def body(operation: str, answer: Answer, schemas: Schemas, *, button: bool) -> Schema:
    """The schema of a success answer of an operation, and of what it kept where it waits."""
    told = {"success": {"const": answer.success}}
    bodies = []
    for names in answer.bodies:
        held = holding(operation, names, schemas, part=button)
        required = ["success", *held["required"]]
        properties = told | held["properties"]
        bodies.append({"type": "object", "properties": properties, "required": required})
    return bodies[0] if len(bodies) == 1 else {"anyOf": bodies}


def holding(operation: str, names: Names, schemas: Schemas, *, part: bool) -> Schema:
    """What an object with these names holds.

    Raises:
        NoSchemaError: of one of them nothing is said.
    """
    properties = {name: schemas.typed(_said(operation, name)) for name in names}
    if part:
        properties = {
            name: _partly(schema, SURE.get(f"{operation}.{name}", ()), schemas)
            for name, schema in properties.items()
        }
    return {"properties": properties, "required": [name for name in names if names[name]]}


def _said(operation: str, name: str) -> Any:
    for known in (f"{operation}.{name}", name):
        if known in NAMES:
            return NAMES[known]
    raise NoSchemaError(
        f"{operation} answers with `{name}`: say in NAMES of docs/api/answers.py what it holds."
    )


def _partly(schema: Schema, sure: tuple[str, ...], schemas: Schemas) -> Schema:
    """The same with parts of rows in place of rows, and with what is sure."""
    if "items" in schema:
        return {**schema, "items": _partly(schema["items"], sure, schemas)}
    name = schema.get("$ref", "").rpartition("/")[2]
    shown = schemas.keep(f"{name}Part", _part(name, schemas)) if name in _ROWS else schema
    return {"allOf": [shown], "required": list(sure)} if sure else shown


def _part(row: str, schemas: Schemas) -> Schema:
    whole = schemas.found[row]
    about = whole["description"].partition(".")[0]
    fields = {
        name: {"anyOf": [each, {"type": "null"}]} if name in CLEARED.get(row, ()) else each
        for name, each in whole["properties"].items()
    }
    return {
        "description": f"{about}: what the button has set of it. Lay it over the row.",
        "type": "object",
        "properties": fields,
        "required": ["id", "version"],
    }

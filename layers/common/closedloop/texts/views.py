"""Reads of texts: a person's thread, what failed, and the templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired

from typing_extensions import TypedDict

from closedloop.core.command import RowId
from closedloop.core.errors import NotFoundError
from closedloop.core.query import Paged, Question, listed
from closedloop.core.rows import gone, public
from closedloop.texts.model import TABLE
from closedloop.texts.templates import templates

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads
    from closedloop.core.rows import Row
    from closedloop.core.values import PageCursor, Time, Version
    from closedloop.texts.rows import (
        Attempt,
        HeldFor,
        PersonTable,
        SmsCategory,
        SmsDirection,
        SmsError,
        SmsStatus,
    )


class LeadHistory(Paged):
    """The texts from and to a lead."""

    leadId: RowId  # noqa: N815 - the wire's own spelling


class ContactHistory(Paged):
    """The texts from and to a contact."""

    id: RowId


class SmsMessage(TypedDict):
    """A text as a person's thread shows it."""

    id: str
    message: str
    status: SmsStatus
    direction: SmsDirection
    sentAt: Time
    """When Twilio sent it; until that is known, when it was written."""
    deliveredAt: NotRequired[Time]
    heldUntil: NotRequired[Time]
    """It waits until then, if `status` is still pending."""
    heldFor: NotRequired[HeldFor]
    error: NotRequired[SmsError]


class SmsThread(TypedDict):
    """A page of a person's thread."""

    sms_messages: list[SmsMessage]
    cursor: PageCursor | None
    """Null at the end."""


class FailedSms(SmsMessage):
    """A text that a person should look at, with whose it is."""

    person_table: PersonTable
    person_id: str
    attempt: Attempt
    version: Version


class FailedSmsList(TypedDict):
    """A page of the texts that a person should look at."""

    sms_messages: list[FailedSms]
    cursor: PageCursor | None
    """Null at the end."""


class SmsTemplate(TypedDict):
    """A text with gaps that an org can send."""

    id: str
    text: str
    """A gap is a variable's name in braces: `{firstName}`."""
    variables: list[str]
    """The gaps, in order. `name`, `firstName`, `business`, `place` (its name and address),
    `confirmWord` and `cancelWord` are filled without being sent."""
    category: SmsCategory


class TemplateList(TypedDict):
    """All templates."""

    templates: list[SmsTemplate]
    cursor: PageCursor | None
    """Null: this is all."""


def lead_history(question: LeadHistory, actor: Actor, reads: Reads, _: datetime) -> SmsThread:
    """The lead's thread, newest first.

    Raises:
        NotFoundError: there is no such lead in the org.
    """
    return _history(question, "leads", question.leadId, actor, reads)


def contact_history(question: ContactHistory, actor: Actor, reads: Reads, _: datetime) -> SmsThread:
    """The contact's thread, newest first.

    Raises:
        NotFoundError: there is no such contact in the org.
    """
    return _history(question, "contacts", question.id, actor, reads)


class Failed(Paged):
    """The texts that a person should look at."""


def failed(question: Failed, actor: Actor, reads: Reads, _: datetime) -> FailedSmsList:
    """Failed, undelivered and unknown texts of the org, the latest first."""

    def load(keys: list[Row]) -> list[Row]:
        rows = reads.rows(TABLE, actor.org_id, [key["id"] for key in keys])
        return [row for row in rows if "attention" in row]

    found, cursor = listed(
        question,
        "attention",
        actor.org_id,
        lambda limit, after: reads.page(
            TABLE, "by_attention", actor.org_id, limit=limit, after=after, newest_first=True
        ),
        load,
    )
    return {"sms_messages": [_whole(row) for row in found], "cursor": cursor}


class Templates(Question):
    """All templates."""


def all_templates(_: Templates, actor: Actor, reads: Reads, __: datetime) -> TemplateList:
    """The templates that the org can send, with the variables that each needs."""
    settings = reads.get("orgs", actor.org_id, "settings") or {}
    found: list[SmsTemplate] = [
        {
            "id": each.id,
            "text": each.text,
            "variables": list(each.variables),
            "category": each.category,
        }
        for each in templates(settings).values()
    ]
    return {"templates": found, "cursor": None}


def _history(question: Paged, table: str, person_id: str, actor: Actor, reads: Reads) -> SmsThread:
    start = f"{table}#{person_id}#"
    if gone(reads.get(table, actor.org_id, person_id)):
        raise NotFoundError

    def load(keys: list[Row]) -> list[Row]:
        return reads.rows(TABLE, actor.org_id, [key["id"] for key in keys])

    found, cursor = listed(
        question,
        "person_key",
        actor.org_id,
        lambda limit, after: reads.page(
            TABLE,
            "by_person",
            actor.org_id,
            ("person_key", start, f"{start}\uffff"),
            limit=limit,
            after=after,
            newest_first=True,
        ),
        load,
    )
    return {"sms_messages": [shown(row) for row in found], "cursor": cursor}


def shown(row: Row) -> Any:
    """A stored text as threads show it: an SmsMessage."""
    fields = {
        "id": row["id"],
        "message": row["message"],
        "status": row["status"],
        "direction": row["direction"],
        "sentAt": row.get("sent_at", row["created_at"]),
        "deliveredAt": row.get("delivered_at"),
        "heldUntil": row.get("held_until"),
        "heldFor": row.get("held_for"),
        "error": row.get("error"),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _whole(row: Row) -> Any:
    """With whose it is and which attempt, for a list over many people."""
    whose = ("person_table", "person_id", "attempt", "version")
    return shown(row) | {name: value for name, value in public(row).items() if name in whose}

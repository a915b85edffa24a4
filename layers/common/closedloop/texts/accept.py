"""What every text passes that somebody asks for: a person to reach, and the limits of the org."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired

from typing_extensions import TypedDict

from closedloop.business.defaults import setting
from closedloop.core.errors import NotFoundError, RateLimitedError
from closedloop.core.writes import ABSENT, PRESENT, Check, Tally
from closedloop.texts import model
from closedloop.texts.errors import RecipientHasNoPhoneError, RecipientOptedOutError

if TYPE_CHECKING:
    from closedloop.core.decision import Context, RowKey
    from closedloop.core.rows import Row
    from closedloop.core.values import Time, Version
    from closedloop.core.writes import Create
    from closedloop.texts.rows import Segments, SmsStatus

BREAKER = ("system", "breaker#twilio")
SETTINGS = ("orgs", "settings")

_MOST_PER_PERSON = 20  # a tally counts no further


class AcceptedSms(TypedDict):
    """A text that is kept and goes out by itself."""

    id: str
    leadId: NotRequired[str]
    """Of a text to a lead."""
    contactId: NotRequired[str]
    """Of a text to a contact."""
    message: str
    status: SmsStatus
    segments: Segments
    sentAt: Time
    """When the button was pressed."""
    version: Version


class SmsAccepted(TypedDict):
    """The text is kept and goes out by itself."""

    sms: AcceptedSms


class SmsKept(SmsAccepted):
    """Texts cannot be sent just now; this one is kept and goes out by itself: send no other."""

    error: str
    """A sentence for a person."""
    code: Literal["CIRCUIT_BREAKER_OPEN"]
    request_id: str
    retrying: Literal[True]


def made(
    context: Context, person: RowKey, text: model.Text, sms_id: str
) -> tuple[Create, Check, Tally]:
    """What keeps a new text to this person, its row first.

    Raises:
        NotFoundError, RecipientOptedOutError, RecipientHasNoPhoneError, RateLimitedError
    """
    _refuse_unless_reachable(context.row(*person))
    counted = tally(settings(context), context, *person)
    reachable = {"deleted_at": ABSENT, "opted_out_at": ABSENT, "phone": PRESENT}
    row = model.outgoing(context, *person, text, sms_id)
    return (row, Check(*person, reachable), counted)


def shown_new(context: Context, row: Create) -> AcceptedSms:
    """A text as the answer shows it that is about to be written."""
    made_at = {"id": row.id, "created_at": context.timestamp, "version": context.version}
    return shown({**row.set, **made_at})


def shown(row: Row) -> AcceptedSms:
    """A text as the answer to who asked for it shows it."""
    fields: AcceptedSms = {
        "id": row["id"],
        "message": row["message"],
        "status": row["status"],
        "segments": row["segments"],
        "sentAt": row["created_at"],
        "version": row["version"],
    }
    if row["person_table"] == "leads":
        fields["leadId"] = row["person_id"]
    else:
        fields["contactId"] = row["person_id"]
    return fields


def waits(context: Context) -> int:
    """For how many seconds nothing goes out, because the breaker is open; else zero."""
    breaker = _known(context, BREAKER) or {}
    wait = int(breaker.get("retry_at", 0) - context.now.timestamp())
    return max(wait, 0) if breaker.get("state") == "OPEN" else 0


def kept(context: Context, sms: AcceptedSms) -> SmsKept:
    """The answer while the breaker is open: the text is kept, and goes out later."""
    return {
        "error": "Texts cannot be sent just now. This one is kept and goes out by itself.",
        "code": "CIRCUIT_BREAKER_OPEN",
        "request_id": context.request_id,
        "retrying": True,
        "sms": sms,
    }


def settings(context: Context) -> Row:
    """The org's settings, empty while it has none."""
    return _known(context, SETTINGS) or {}


def _known(context: Context, key: tuple[str, str]) -> Row | None:
    context.know(SETTINGS, BREAKER)  # both are cached: no request, and one round
    row: Row | None = context.seen[key]
    return row


def _refuse_unless_reachable(person: Row | None) -> None:
    if person is None:
        return
    if "deleted_at" in person:
        raise NotFoundError
    if "opted_out_at" in person:
        raise RecipientOptedOutError
    if "phone" not in person:
        raise RecipientHasNoPhoneError


def tally(org: Row, context: Context, table: str, person_id: str) -> Tally:
    """One more text to this person, within what the org's settings allow.

    Raises:
        RateLimitedError: says when the oldest of them is no longer counted.
    """
    limits = setting(org, "limits")
    limit = min(int(limits["sms_per_person"]), _MOST_PER_PERSON)
    seconds = 60 * int(limits["sms_per_person_minutes"])
    counted = Tally(f"sms#{table}#{person_id}", limit, seconds)
    if full := context.seen.get((counted.table, counted.id)):
        free_at = full[f"t{limit - 1}"] / 1000 + seconds
        wait = int(free_at - context.now.timestamp()) + 1
        if wait > 0:
            raise RateLimitedError.until(wait, f"This person got {limit} texts just now.")
    return counted

"""The reading side: rows and lists as the screens ask for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from closedloop.command import EARLIEST, LATEST, Moment, RowId
from closedloop.cursors import ChangeCursor
from closedloop.errors import ForbiddenError, ValidationFailedError
from closedloop.questions import Paged, Question, listed
from closedloop.rows import public

if TYPE_CHECKING:
    from closedloop.adapters.dynamo.reads import Reads
    from closedloop.decision import Actor
    from closedloop.errors import Row

_SUPERVISORS = frozenset({"owner", "manager"})


class Me(Question):
    """Who am I."""


def me(_: Me, actor: Actor, reads: Reads, __: datetime) -> dict[str, Any]:
    """The caller and the caller's business.

    Raises:
        ForbiddenError: the account's business does not exist.
    """
    org = reads.get("orgs", actor.org_id, "settings")
    if org is None:
        raise ForbiddenError("Your account belongs to no business.")
    person = {"id": actor.id, "email": actor.email, "org_id": actor.org_id}
    return {"me": person | {"roles": sorted(actor.roles), "org": public(org)}}


class Appointments(Paged):
    """Appointments by time: `from` (included) to `to` (not included), both ISO 8601 with zone."""

    start: Moment | None = Field(None, alias="from")
    end: Moment | None = Field(None, alias="to")
    status: Literal["pending", "confirmed", "cancelled", "completed", "no_show"] | None = None


def appointments(
    question: Appointments, actor: Actor, reads: Reads, now: datetime
) -> dict[str, Any]:
    """The org's appointments, earliest first, each as it is now.

    Raises:
        ValidationFailedError: `to` is not after `from`, or the cursor is of another list.
    """
    first, last = _whole_seconds(question.start or EARLIEST, question.end or LATEST)

    def load(keys: list[Row]) -> list[Row]:
        rows = reads.rows("appointments", actor.org_id, [key["id"] for key in keys])
        return [row for row in rows if question.status in {None, row.get("status")}]

    found, cursor = listed(
        question,
        "start",
        actor.org_id,
        lambda limit, after: reads.page(
            "appointments",
            "by_start",
            actor.org_id,
            ("start", first, last),
            limit=limit,
            after=after,
        ),
        load,
    )
    return {
        "appointments": [public(row) for row in found],
        "cursor": cursor,
        "as_of": str(ChangeCursor.at(now)),
    }


def _whole_seconds(start: datetime, end: datetime) -> tuple[str, str]:
    """Both ends, included, as `start` is stored: UTC to the second."""
    if end <= start:
        raise ValidationFailedError.at("to", "The end must be after the start.")
    bounds = (
        start + timedelta(microseconds=999_999) if start.microsecond else start,
        end - timedelta(microseconds=1),
    )
    first, last = (_second(bound) for bound in bounds)
    return first, max(first, last)


def _second(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Audit(Paged):
    """The audit log: of the whole org, or of one row by `table` and `id`."""

    table: Literal["appointments", "calls", "contacts", "jobs", "leads", "sms_logs"] | None = None
    id: RowId | None = None


def audit(question: Audit, actor: Actor, reads: Reads, _: datetime) -> dict[str, Any]:
    """Who did what to which row, newest first; staff see what they did themselves.

    Raises:
        ValidationFailedError: one of `table` and `id` without the other.
    """
    if (question.table is None) != (question.id is None):
        raise ValidationFailedError.at("table", "Give table and id together.")
    index, range_key, about = _audit_index(question, actor)
    between = (range_key, f"{about}#", f"{about}#\uffff") if about else None

    def load(keys: list[Row]) -> list[Row]:
        entries = reads.rows("audit_logs", actor.org_id, [key["id"] for key in keys])
        return [each for each in entries if _may_see(actor, each)]

    found, cursor = listed(
        question,
        range_key,
        actor.org_id,
        lambda limit, after: reads.page(
            "audit_logs",
            index,
            actor.org_id,
            between,
            limit=limit,
            after=after,
            newest_first=True,
        ),
        load,
    )
    return {"audit": [_entry(each) for each in found], "cursor": cursor}


def _audit_index(question: Audit, actor: Actor) -> tuple[str | None, str, str | None]:
    if question.table:
        return "by_row", "row_key", f"{question.table}#{question.id}"
    if actor.roles & _SUPERVISORS:
        return None, "id", None
    return "by_actor", "actor_key", actor.id


def _may_see(actor: Actor, entry: Row) -> bool:
    return bool(actor.roles & _SUPERVISORS) or entry["actor"]["id"] == actor.id


def _entry(stored: Row) -> Row:
    ours = ("org_id", "actor_key", "row_key")
    states = {name: public(stored[name]) for name in ("before", "after") if name in stored}
    return {name: value for name, value in stored.items() if name not in ours} | states

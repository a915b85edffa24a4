"""Who has sent STOP: one row for each number of an org, and a mark on everybody who has it.

The row decides. The mark lets a button refuse without looking the number up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop.core.writes import ABSENT, Change, Check, Create

if TYPE_CHECKING:
    from collections.abc import Iterable

    from closedloop.core.decision import Context, RowKey
    from closedloop.core.writes import Write

TABLE = "orgs"
_PEOPLE = ("contacts", "leads")
"""Who is marked. The text with a code is a hold's, which is nobody yet."""


def row_id(phone: str) -> str:
    """The id of the row that says whether this number has opted out."""
    return f"optout#{phone}"


def given(phone: str) -> Check:
    """Lets a text go out only while its number has not opted out."""
    return Check(TABLE, row_id(phone), {"opted_out_at": ABSENT}, or_none=True)


def withdrawn(context: Context, phone: str) -> bool:
    """Whether a refused check has shown that the number has opted out."""
    known = context.seen.get((TABLE, row_id(phone)))
    return known is not None and "opted_out_at" in known


def withdraw(context: Context, phone: str, people: Iterable[RowKey]) -> tuple[Write, ...]:
    """STOP: nothing more is sent to this number."""
    return _written(context, phone, people, context.timestamp)


def give(context: Context, phone: str, people: Iterable[RowKey]) -> tuple[Write, ...]:
    """START: texts to this number may go out again."""
    return _written(context, phone, people, None)


def _written(
    context: Context, phone: str, people: Iterable[RowKey], opted_out_at: str | None
) -> tuple[Write, ...]:
    fields = {"opted_out_at": opted_out_at, "phone": phone}
    kept: Write = (
        Change(TABLE, row_id(phone), fields)
        if context.seen.get((TABLE, row_id(phone)))
        else Create(TABLE, row_id(phone), fields)
    )
    marks = [
        Change(table, person_id, {"opted_out_at": opted_out_at})
        for table, person_id in people
        if table in _PEOPLE
        and ((table, person_id) not in context.seen or context.seen[table, person_id])
    ]
    return (kept, *marks)

"""A customer's text: whose it is, what was asked of its number last, and what it does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from closedloop import wiring
from closedloop.core.rows import gone
from closedloop.edge.apply import apply, by_itself
from closedloop.texts import answering, inbound, model

if TYPE_CHECKING:
    from closedloop.core.decision import RowKey
    from closedloop.core.rows import Row

_PEOPLE = 8
"""Rows with one number in an org whose threads are read; more would be a mistake in its data."""

_RECENT = 10


def customer_text(
    name: str,
    org_id: str,
    *,
    sid: str,
    phone: str,
    our_number: str,
    body: str,
    opt_out_type: str | None,
) -> str | None:
    """Take a text, once for each `sid`, and say what is to be answered.

    Raises:
        ClosedLoopError: nothing is written down yet; asked again it will be.
    """
    received = inbound.Inbound(org_id, sid, phone, our_number, body, opt_out_type)
    people = _people(org_id, phone)
    threads = {each: _thread(org_id, each) for each in people[:_PEOPLE]}
    newest_first = sorted(people, key=lambda each: _newest(threads.get(each, [])), reverse=True)
    everything = sorted(
        (row for rows in threads.values() for row in rows), key=_created_at, reverse=True
    )
    rows = [{"id": row_id} for _, row_id in newest_first]
    context = by_itself(name, org_id, f"twilio#{sid}", who="twilio")
    context = replace(
        context,
        actor=inbound.actor(received, rows),
        seen={("orgs", "settings"): wiring.org_settings(org_id)},
    )
    asked = answering.open_questions(everything, context.now)
    reply = apply(context, lambda now: inbound.received(received, newest_first, asked, now))
    answer = reply.body["answer"]
    return None if answer is None else str(answer)


def _people(org_id: str, phone: str) -> list[RowKey]:
    lookups = wiring.lookups()
    keys = [
        (table, row_id)
        for table in ("contacts", "leads")
        for row_id in lookups.ids_by_phone(table, org_id, phone)
    ]
    if not keys:
        return []
    # The index may lag behind a changed number or a deletion.
    rows = wiring.reads().several(org_id, keys)
    return [each for each, row in rows.items() if not gone(row)]


def _thread(org_id: str, person: RowKey) -> list[Row]:
    start = "#".join(person) + "#"
    reads = wiring.reads()
    page = reads.page(
        model.TABLE,
        "by_person",
        org_id,
        ("person_key", start, start + "\uffff"),
        limit=_RECENT,
        newest_first=True,
    )
    return reads.rows(model.TABLE, org_id, [str(each["id"]) for each in page.keys])


def _newest(thread: list[Row]) -> str:
    return max(map(_created_at, thread), default="")


def _created_at(row: Row) -> str:
    return str(row["created_at"])

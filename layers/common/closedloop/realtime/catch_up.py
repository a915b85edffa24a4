"""Catch-up: what a client missed while it was away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from closedloop.core import journal
from closedloop.core.cursors import CHANGES_PATTERN, ChangeCursor
from closedloop.core.query import Question
from closedloop.core.tables import TABLES
from closedloop.realtime.events import of_row

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads
    from closedloop.core.rows import Row
    from closedloop.core.values import SyncCursor
    from closedloop.realtime.rows import Change

_END_OF_TIME = 10**17

_ONE_COMMIT = 100
"""The most items of a transaction."""


def _known(text: str) -> str:
    unknown = set(text.split(",")) - set(TABLES)
    if unknown:
        raise ValueError("name some of: " + ", ".join(TABLES))
    return text


class Changes(Question):
    """Changes after the cursor `since` in `tables` (comma separated; all unless given)."""

    since: Annotated[str, Field(pattern=CHANGES_PATTERN)] | None = None
    tables: Annotated[str, Field(max_length=100), AfterValidator(_known)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 200


class ChangeList(TypedDict):
    """The next changes, and where to go on."""

    changes: list[Change]
    cursor: SyncCursor
    """What to ask with next time, as `since`."""
    more: bool
    """Not all of it: ask again with `cursor` at once."""
    resync: NotRequired[Literal[True]]
    """`since` is too old: read the lists, then go on from `cursor`."""


def changes(question: Changes, actor: Actor, reads: Reads, now: datetime) -> ChangeList:
    """What changed after the cursor, oldest first, and the cursor to ask with next time.

    Without `since` there are no changes, only the cursor of now. `resync` says that the cursor
    is too old: read the lists again. Changes of the last seconds may come twice; a client knows
    them by `version`. All changes of one version come together, so an answer may pass `limit`.
    """
    cursor = ChangeCursor.parse(question.since) if question.since else None
    if cursor is None or cursor.is_too_old(now):
        body: ChangeList = {"changes": [], "cursor": str(ChangeCursor.at(now)), "more": False}
        return body if cursor is None else {**body, "resync": True}
    since = cursor.start(now)
    found, more = _after(reads, actor.org_id, since, question.limit)
    wanted = frozenset(question.tables.split(",")) if question.tables else frozenset(TABLES)
    events = [
        of_row(table, row, since)
        for table, ids in _changed(found, wanted).items()
        for row in reads.rows(table, actor.org_id, ids)
    ]
    events.sort(key=lambda event: event["version"])
    delivered = int(found[-1]["version"]) if found else 0
    following = cursor.next(delivered, more=more, now=now)
    return {"changes": events, "cursor": str(following), "more": more}


def _after(reads: Reads, org_id: str, since: int, limit: int) -> tuple[list[Row], bool]:
    """The journal's next entries, in order, and whether there are more: one query.

    A commit gives one version to all its entries, and they are never torn apart: the query reads
    as much more as one commit may hold.
    """
    bounds = ("version", since + 1, _END_OF_TIME)
    page = reads.page(journal.TABLE, "by_time", org_id, bounds, limit=limit + _ONE_COMMIT)
    if len(page.keys) <= limit:
        return page.keys, page.last is not None
    last = page.keys[limit - 1]["version"]
    found = [each for each in page.keys if each["version"] <= last]
    return found, len(found) < len(page.keys) or page.last is not None


def _changed(entries: list[Row], wanted: frozenset[str]) -> dict[str, list[str]]:
    """The rows of the wanted tables that the entries say have changed, each once."""
    changed: dict[str, list[str]] = {}
    done = [each for each in entries if each["result"] == journal.RESULT_OK]
    for table, row_id in dict.fromkeys(filter(None, map(journal.row_of, done))):
        if table in wanted:
            changed.setdefault(table, []).append(row_id)
    return changed

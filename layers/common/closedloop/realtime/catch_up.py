"""Catch-up: what a client missed while it was away."""

from __future__ import annotations

from heapq import merge
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Literal, NotRequired

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

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


def _known(text: str) -> str:
    unknown = set(text.split(",")) - set(TABLES)
    if unknown:
        raise ValueError("name some of: " + ", ".join(TABLES))
    return text


class Changes(Question):
    """Changes after the cursor `since` in `tables` (comma separated; all unless given)."""

    since: Annotated[str, Field(pattern=CHANGES_PATTERN)] | None = None
    tables: Annotated[str, AfterValidator(_known)] | None = None
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
    tables = tuple(question.tables.split(",")) if question.tables else TABLES
    found, more = _after(reads, actor.org_id, tables, cursor.start(now), question.limit)
    events = [
        of_row(table, row, cursor.start(now))
        for table, keys in _by_table(found).items()
        for row in reads.rows(table, actor.org_id, [key["id"] for key in keys])
    ]
    events.sort(key=lambda event: event["version"])
    delivered = found[-1][1]["version"] if found else 0
    following = cursor.next(delivered, more=more, now=now)
    return {"changes": events, "cursor": str(following), "more": more}


def _after(
    reads: Reads, org_id: str, tables: tuple[str, ...], since: int, limit: int
) -> tuple[list[tuple[str, Row]], bool]:
    """The keys of the next versions over all tables, in order, and whether there are more."""
    stretches = [
        [(table, key) for key in _stretch(reads, org_id, table, since + 1, limit + 1)]
        for table in tables
    ]
    merged = list(merge(*stretches, key=_version))
    if len(merged) <= limit:
        return merged, False
    last = _version(merged[limit - 1])
    taken = [found for found in merged if _version(found) < last]
    # A transaction gives one version to all its rows: they are never torn apart.
    whole = chain.from_iterable(
        [(table, key) for key in _version_mates(reads, org_id, table, last)] for table in tables
    )
    return [*taken, *whole], True


def _stretch(reads: Reads, org_id: str, table: str, first: int, limit: int) -> list[Row]:
    bounds = ("version", first, _END_OF_TIME)
    return reads.page(table, "by_updated", org_id, bounds, limit=limit).keys


def _version_mates(reads: Reads, org_id: str, table: str, version: int) -> list[Row]:
    bounds = ("version", version, version)
    return reads.page(table, "by_updated", org_id, bounds, limit=1000).keys


def _version(found: tuple[str, Row]) -> int:
    return int(found[1]["version"])


def _by_table(found: list[tuple[str, Row]]) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {}
    for table, key in found:
        tables.setdefault(table, []).append(key)
    return tables

"""Jobs as the screens ask for them: those of a stretch of time, and one by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field
from typing_extensions import TypedDict

from closedloop.core.command import EARLIEST, LATEST, Moment, RowId
from closedloop.core.cursors import ChangeCursor
from closedloop.core.errors import NotFoundError
from closedloop.core.query import Paged, Question, listed, whole_seconds
from closedloop.core.rows import gone, public
from closedloop.jobs.model import TABLE, Status

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.core.decision import Actor
    from closedloop.core.query import Reads
    from closedloop.core.rows import Row
    from closedloop.core.values import PageCursor, SyncCursor
    from closedloop.jobs.rows import Job


class Jobs(Paged):
    """Jobs by time: `from` (included) to `to` (not included), both ISO 8601 with zone."""

    start: Moment | None = Field(None, alias="from")
    end: Moment | None = Field(None, alias="to")
    workStatus: Status | None = None  # noqa: N815 - the wire's own spelling


class JobById(Question):
    """One job, named in the path."""

    id: RowId


class JobList(TypedDict):
    """A page of jobs."""

    jobs: list[Job]
    cursor: PageCursor | None
    """Null at the end."""
    as_of: SyncCursor
    """Every change up to here is in the rows."""


class OneJob(TypedDict):
    """One job."""

    job: Job


def jobs(question: Jobs, actor: Actor, reads: Reads, now: datetime) -> JobList:
    """The org's jobs, earliest first, each as it is now.

    Raises:
        ValidationFailedError: `to` is not after `from`, or the cursor is of another list.
    """
    first, last = whole_seconds(question.start or EARLIEST, question.end or LATEST)

    def load(keys: list[Row]) -> list[Row]:
        rows = reads.rows(TABLE, actor.org_id, [key["id"] for key in keys])
        return [row for row in rows if question.workStatus in {None, row.get("workStatus")}]

    found, cursor = listed(
        question,
        "start",
        actor.org_id,
        lambda limit, after: reads.page(
            TABLE, "by_start", actor.org_id, ("start", first, last), limit=limit, after=after
        ),
        load,
    )
    return {
        "jobs": [public(row) for row in found],
        "cursor": cursor,
        "as_of": str(ChangeCursor.at(now)),
    }


def job(question: JobById, actor: Actor, reads: Reads, _: datetime) -> OneJob:
    """One job as it is now.

    Raises:
        NotFoundError: there is no such job in the org.
    """
    row = reads.get(TABLE, actor.org_id, question.id)
    if row is None or gone(row):
        raise NotFoundError
    return {"job": public(row)}

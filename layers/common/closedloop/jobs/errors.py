"""Refusals of jobs. A conflict carries the job as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop.core.errors import ClosedLoopError, InvalidTransitionError, VersionConflictError

if TYPE_CHECKING:
    from closedloop.jobs.rows import Job


class JobConflictError(ClosedLoopError):
    """The job is no longer as the screen showed it."""

    status = 409

    def __init__(self, sentence: str | None = None, *, job: Job) -> None:
        super().__init__(sentence, job=job)


class JobChangedError(JobConflictError, VersionConflictError):
    """Somebody else changed the job in the meantime."""


class WorkTransitionError(JobConflictError, InvalidTransitionError):
    """The work does not move from its status to the wanted one, or not yet."""


class TooManyPhotosError(JobConflictError):
    """The job has as many photos as a job may have."""

    code = "TOO_MANY_PHOTOS"
    sentence = "This job has as many photos as a job may have."

"""The edges of photos that a person waits for: a form is handed out, an address is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from closedloop.jobs import photos
from closedloop.jobs import wiring as jobs
from closedloop.jobs.model import TABLE
from closedloop.jobs.photos import SHOWN_AS, UPLOAD_SECONDS
from closedloop.jobs.pictures import MOST_BYTES

if TYPE_CHECKING:
    from datetime import datetime

    from closedloop.core.decision import Actor, Context, Decision
    from closedloop.core.query import Reads
    from closedloop.jobs.photos import AddPhoto, PhotoAwaited, PhotoById, Upload

ADDRESS_SECONDS = 300
"""How long an address is good for. It is signed when somebody looks, never kept."""


class PhotoAddress(TypedDict):
    """Where the photo is read, for some minutes. Ask again when it is over, or answers 403."""

    url: str
    expires_in: int
    """Seconds."""


def add(command: AddPhoto, context: Context) -> Decision[PhotoAwaited]:
    """Make a place for one photo of a job, and the form that uploads it, once.

    The form is good for this photo, its type, 1 byte to 15 MB, and a quarter of an hour. The job
    shows the photo when it was checked: a screen learns of it as of any change.

    Raises:
        NotFoundError: there is no such job in the org.
        TooManyPhotosError: the job has sixty; carries the current row.
        RateLimitedError: the org has added two thousand today.
    """
    return photos.add(command, context, _form)


def photo(question: PhotoById, actor: Actor, reads: Reads, _: datetime) -> PhotoAddress:
    """An address of one photo of a job.

    Raises:
        NotFoundError: there is no such job or photo in the org.
    """
    row = reads.get(TABLE, actor.org_id, question.id)
    key = photos.shown(row, question.photoId, actor.org_id)
    url = jobs.photos().address(key, SHOWN_AS, seconds=ADDRESS_SECONDS)
    return {"url": url, "expires_in": ADDRESS_SECONDS}


def _form(key: str, content_type: str) -> Upload:
    url, fields = jobs.photos().form(
        key, content_type, most_bytes=MOST_BYTES, seconds=UPLOAD_SECONDS
    )
    return {
        "url": url,
        "fields": dict(fields),
        "expires_in": UPLOAD_SECONDS,
        "most_bytes": MOST_BYTES,
    }

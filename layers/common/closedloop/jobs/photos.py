"""Photos of a job: asked for, uploaded by the browser to the bucket, checked, shown.

The row comes first: an upload is on its job as `pending` before its form is handed out. What
arrives is judged by a worker, which moves it to `photosMeta` or `receiptPhotos`, or says on the
job why not. A file that no job waits for is removed (docs/decisions/0013).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, StringConstraints
from typing_extensions import TypedDict

from closedloop.core.command import Command, RowId
from closedloop.core.decision import Decision, Reply
from closedloop.core.errors import NotFoundError, RateLimitedError
from closedloop.core.query import Question
from closedloop.core.rows import Row, gone, public
from closedloop.core.times import parse
from closedloop.core.words import not_blank, one_line
from closedloop.core.writes import Change, Spend
from closedloop.jobs.errors import TooManyPhotosError
from closedloop.jobs.model import PHOTO_LISTS, TABLE
from closedloop.jobs.update import living

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from closedloop.core.decision import Context
    from closedloop.jobs.rows import PhotoKind

UPLOAD_SECONDS = 900
SHOWN_AS = "image/jpeg"
"""What every photo is once it was checked."""

MOST_OF_A_JOB = 60
MOST_A_DAY = 2000
"""Of one org: some hundred cars with twenty photos each."""

_FORGOTTEN_AFTER = timedelta(days=1)

Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120),
    AfterValidator(not_blank),
    AfterValidator(one_line),
]


class AddPhoto(Command):
    """Ask for a place for one photo of a job, named in the path."""

    id: RowId
    contentType: Literal[  # noqa: N815 - the wire's own spelling
        "image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"
    ]
    kind: Literal["photo", "receipt"] = "photo"
    name: Name | None = None


class PhotoById(Question):
    """One photo of a job, both named in the path."""

    id: RowId
    photoId: RowId  # noqa: N815


class AwaitedPhoto(TypedDict):
    """A photo that the job waits for."""

    id: str
    kind: PhotoKind
    status: Literal["pending"]


class Upload(TypedDict):
    """How to upload: POST multipart/form-data to `url`, these `fields`, then `file` as the last."""

    url: str
    fields: dict[str, str]
    expires_in: int
    """Seconds."""
    most_bytes: int


class PhotoAwaited(TypedDict):
    """The photo has its place. Upload it; the job shows it when it has been checked."""

    photo: AwaitedPhoto
    upload: Upload


@dataclass(frozen=True, slots=True)
class Place:
    """Where the file of a photo is: before it is checked, and after."""

    org_id: str
    job_id: str
    photo_id: str

    @classmethod
    def of(cls, key: str) -> Place | None:
        """The place that a key of an upload names, None for any other key."""
        folder, *parts = key.split("/")
        return cls(*parts) if folder == "pending" and len(parts) == len(cls.__slots__) else None

    @property
    def pending(self) -> str:
        """The key of the upload."""
        return f"pending/{self.org_id}/{self.job_id}/{self.photo_id}"

    @property
    def shown(self) -> str:
        """The key of what we wrote ourselves. No form is ever good for it."""
        return f"photos/{self.org_id}/{self.job_id}/{self.photo_id}.jpg"


def add(
    command: AddPhoto, context: Context, sign: Callable[[str, str], Upload]
) -> Decision[PhotoAwaited]:
    """The rule of handlers/addresses.py: the job waits for a photo, and its form is handed out."""
    row = living(context, command.id)
    photo_id = context.new_id("photo")
    uploads = [each for each in row.get("photo_uploads", []) if not _forgotten(each, context)]
    if sum(len(row[name]) for name in PHOTO_LISTS.values()) + len(uploads) >= MOST_OF_A_JOB:
        raise TooManyPhotosError(job=public(row))
    awaited = {
        "id": photo_id,
        "kind": command.kind,
        "status": "pending",
        "asked_at": context.timestamp,
        "asked_by": context.actor.author,
        **({"name": command.name} if command.name else {}),
    }
    fields = {"photo_uploads": [*uploads, awaited]}
    change = Change(TABLE, row["id"], fields, {"version": row["version"]})
    place = Place(context.actor.org_id, row["id"], photo_id)
    photo: AwaitedPhoto = {"id": photo_id, "kind": command.kind, "status": "pending"}
    reply = PhotoAwaited(photo=photo, upload=sign(place.pending, command.contentType))
    return Decision((change, _one_more(context)), Reply(reply))


def awaits(row: Row | None, photo_id: str) -> bool:
    """Whether the job waits for this photo."""
    return not gone(row) and _upload(row or {}, photo_id) is not None


def arrived(place: Place, picture: Mapping[str, Any], context: Context) -> Decision[Any]:
    """The photo is there: it moves to the job's list. One that is not awaited changes nothing.

    The reply's `shown` says whether the job has it: one that was removed meanwhile it has not.
    """
    row = context.need(TABLE, place.job_id)
    upload = _upload(row, place.photo_id)
    if upload is None:
        return Decision((), Reply({"shown": _listed(row, place.photo_id)}))
    photo = {
        "id": place.photo_id,
        "kind": upload["kind"],
        **({"name": upload["name"]} if "name" in upload else {}),
        "content_type": SHOWN_AS,
        **picture,
        "uploaded_at": context.timestamp,
        "uploaded_by": upload["asked_by"],
    }
    name = PHOTO_LISTS[upload["kind"]]
    fields = {name: [*row.get(name, []), photo], "photo_uploads": _without(row, place.photo_id)}
    return _changed(row, fields, shown=True)


def refused(place: Place, reason: str, context: Context) -> Decision[Any]:
    """What was uploaded is no photo: the job says so and why, for a day."""
    row = context.need(TABLE, place.job_id)
    upload = _upload(row, place.photo_id)
    if upload is None:
        return Decision((), Reply({}))
    said = {**upload, "status": "refused", "reason": reason}
    return _changed(row, {"photo_uploads": [*_without(row, place.photo_id), said]}, shown=False)


def shown(row: Row | None, photo_id: str, org_id: str) -> str:
    """The key under which a photo of a job is read.

    Raises:
        NotFoundError: there is no such photo.
    """
    if row is not None and not gone(row) and _listed(row, photo_id):
        return Place(org_id, row["id"], photo_id).shown
    raise NotFoundError


def _listed(row: Row, photo_id: str) -> bool:
    photos = [each for name in PHOTO_LISTS.values() for each in row.get(name, [])]
    return any(each["id"] == photo_id for each in photos)


def _changed(row: Row, fields: Mapping[str, Any], *, shown: bool) -> Decision[Any]:
    change = Change(TABLE, row["id"], fields, {"version": row["version"]})
    return Decision((change,), Reply({"shown": shown}))


def _upload(row: Row, photo_id: str) -> Row | None:
    for each in row.get("photo_uploads", []):
        if each["id"] == photo_id and each["status"] == "pending":
            found: Row = each
            return found
    return None


def _without(row: Row, photo_id: str) -> list[Row]:
    return [each for each in row.get("photo_uploads", []) if each["id"] != photo_id]


def _forgotten(upload: Row, context: Context) -> bool:
    return parse(upload["asked_at"]) + _FORGOTTEN_AFTER < context.now


def _one_more(context: Context) -> Spend:
    """Counts the photo for its org and day (UTC)."""
    over = datetime.combine(context.now.date() + timedelta(days=1), time(), UTC)
    spend = Spend(f"photos#{context.now.date()}", MOST_A_DAY, int(over.timestamp()) + 3600)
    if (spend.table, spend.id) in context.seen:
        wait = int((over - context.now).total_seconds())
        raise RateLimitedError.until(wait, "Too many photos were added today.")
    return spend

"""A photo is taken off its job: it was of the wrong car, or of somebody's face.

The row comes first, as it does when a photo is added: the photo leaves its list, and the row names
it. The stream of what was committed brings that name to a function, which removes the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NotRequired

from typing_extensions import TypedDict

from closedloop.core.command import Command, RowId
from closedloop.core.decision import Decision, Reply
from closedloop.core.errors import NotFoundError
from closedloop.core.writes import Change
from closedloop.jobs.model import PHOTO_LISTS, TABLE
from closedloop.jobs.photos import Place
from closedloop.jobs.update import living

if TYPE_CHECKING:
    from closedloop.core.decision import Context
    from closedloop.core.rows import Row
    from closedloop.core.values import Time, Version
    from closedloop.jobs.rows import Photo, PhotoKind, PhotoUpload

REMOVED = "photo_removed"
"""The field that names the photo whose file is to go. The next removal's name takes its place, in a
write of its own: the stream has both."""


class RemovePhoto(Command):
    """Take a photo off a job, both named in the path."""

    id: RowId
    photoId: RowId  # noqa: N815 - the wire's own spelling


class GonePhoto(TypedDict):
    """A photo that the job has no more."""

    id: str
    kind: PhotoKind
    status: Literal["removed"]


class ChangedPhotos(TypedDict):
    """The list that the photo has left, and the job's version. Lay it over the row."""

    id: str
    version: Version
    updated_at: Time
    photosMeta: NotRequired[list[Photo]]
    receiptPhotos: NotRequired[list[Photo]]
    photo_uploads: NotRequired[list[PhotoUpload]]


class PhotoRemoved(TypedDict):
    """The photo is off its job; nobody is handed an address of it any more."""

    photo: GonePhoto
    job: ChangedPhotos


def remove(command: RemovePhoto, context: Context) -> Decision[PhotoRemoved]:
    """Take a photo off a job, once; its file is removed from the bucket right after.

    A photo that is still awaited, or that was refused, can be removed too: what arrives for it is
    thrown away. Nothing brings a removed photo back.

    Raises:
        NotFoundError: there is no such job in the org, or it has no such photo (any more).
    """
    row = living(context, command.id)
    name, photo = _found(row, command.photoId)
    left = [each for each in row[name] if each["id"] != command.photoId]
    fields = {name: left, REMOVED: command.photoId}
    change = Change(TABLE, row["id"], fields, {"version": row["version"]})
    gone: GonePhoto = {"id": command.photoId, "kind": photo["kind"], "status": "removed"}
    stamps = {"version": context.version, "updated_at": context.timestamp}
    job: Any = {"id": row["id"], **stamps, name: left}
    return Decision((change,), Reply(PhotoRemoved(photo=gone, job=job)))


def forgotten(row: Row) -> Place | None:
    """Where the file of the photo is that this row names as removed, None where it names none."""
    photo_id = row.get(REMOVED)
    listed = [each["id"] for name in PHOTO_LISTS.values() for each in row.get(name, ())]
    if photo_id is None or photo_id in listed:
        return None
    return Place(row["org_id"], row["id"], photo_id)


def _found(row: Row, photo_id: str) -> tuple[str, Row]:
    for name in (*PHOTO_LISTS.values(), "photo_uploads"):
        for each in row.get(name, ()):
            if each["id"] == photo_id:
                return name, each
    raise NotFoundError

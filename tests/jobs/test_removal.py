"""A photo is taken off its job: the row first, then the file, whatever happens between."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core.errors import NotFoundError
from closedloop.core.rows import public
from closedloop.core.writes import Change
from closedloop.jobs import photos, removal, wiring
from closedloop.jobs.photos import Place
from closedloop.jobs.removal import RemovePhoto, forgotten
from tests.jobs.darkroom import BUCKET, awaited
from tests.jobs.support import context, job
from tests.support.pictures import picture

if TYPE_CHECKING:
    from tests.jobs.darkroom import Darkroom

PHOTO = {"id": "photo_1", "kind": "photo"}
RECEIPT = {"id": "photo_2", "kind": "receipt"}


def removed(row: Any, photo_id: str) -> Change:
    """What the button writes of a job."""
    command = RemovePhoto(id="job_1", photoId=photo_id)
    decided = removal.remove(command, context(row))
    (change,) = decided.writes
    assert isinstance(change, Change)
    assert change.assume == {"version": 5}
    assert decided.reply.body["photo"]["id"] == photo_id
    return change


def test_a_photo_leaves_its_own_list_alone() -> None:
    """And the row names it, for whoever removes the file."""
    row = job(photosMeta=[PHOTO, {**PHOTO, "id": "p"}], receiptPhotos=[RECEIPT])
    assert removed(row, "photo_1").set == {
        "photosMeta": [{**PHOTO, "id": "p"}], "photo_removed": "photo_1",
    }  # fmt: skip
    assert removed(row, "photo_2").set == {"receiptPhotos": [], "photo_removed": "photo_2"}


@pytest.mark.parametrize("status", ["pending", "refused"])
def test_one_that_never_came_is_removed_too(status: str) -> None:
    """Nobody has to wait for a day until it is forgotten."""
    row = job(photo_uploads=[awaited(1, status=status), awaited(2)])
    assert removed(row, "photo_1").set["photo_uploads"] == [awaited(2)]


@pytest.mark.parametrize(
    "row", [None, job(), job(photosMeta=[PHOTO], deleted_at="2026-11-21T10:00:00.000Z")]
)
def test_what_is_not_there_is_not_removed(row: Any) -> None:
    """Neither twice, nor of a job that is gone."""
    seen = context(row) if row else replace(context(), seen={("jobs", "job_1"): None})
    with pytest.raises(NotFoundError):
        removal.remove(RemovePhoto(id="job_1", photoId="photo_1"), seen)


def test_what_a_row_names_as_removed() -> None:
    """A photo that is listed is none, whatever an older state of the row has named."""
    place = Place("demo", "job_1", "photo_1")
    row = {**job(), "org_id": "demo"}
    assert forgotten(row) is None
    assert forgotten({**row, "photo_removed": "photo_1"}) == place
    assert forgotten({**row, "photo_removed": "photo_1", "photosMeta": [PHOTO]}) is None
    assert "photo_removed" not in public({**row, "photo_removed": "photo_1"})


def test_the_file_goes_after_the_row(darkroom: Darkroom) -> None:
    """It is there until the stream tells of the commit; told again, nothing more happens."""
    darkroom.upload(picture())
    assert darkroom.deliver()
    assert darkroom.remove() == 200
    assert darkroom.row()["photosMeta"] == []
    assert darkroom.keys() == [darkroom.place.shown]
    assert darkroom.tell(darkroom.row()) == darkroom.tell(darkroom.row()) == []
    assert darkroom.keys() == []


def test_what_is_uploaded_for_a_removed_photo_is_thrown_away(darkroom: Darkroom) -> None:
    """The form is good for a quarter of an hour more."""
    assert darkroom.remove() == 200
    darkroom.upload(picture())
    assert darkroom.deliver()
    assert (darkroom.row()["photosMeta"], darkroom.keys()) == ([], [])


def test_a_photo_that_is_removed_while_it_is_checked_leaves_no_file(
    darkroom: Darkroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker has written it already, and finds that nobody awaits it."""
    put = wiring.photos().put
    darkroom.upload(picture())

    def late(*given: Any) -> None:
        put(*given)
        assert darkroom.remove() == 200

    monkeypatch.setattr(wiring.photos(), "put", late)
    assert darkroom.deliver()
    assert (darkroom.row()["photosMeta"], darkroom.keys()) == ([], [])


def test_a_bucket_that_does_not_answer_is_asked_again(
    darkroom: Darkroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That record comes again; the one beside it is done."""
    files = {name: f"photos/{darkroom.org}/job_1/{name}.jpg" for name in ("stuck", "fine")}
    for key in files.values():
        darkroom.s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    rows = [{**darkroom.row(), "photo_removed": name} for name in files]
    gone = wiring.photos().remove

    def refuse(key: str) -> None:
        if "stuck" in key:
            raise TimeoutError
        gone(key)

    with monkeypatch.context() as trouble:
        trouble.setattr(wiring.photos(), "remove", refuse)
        assert darkroom.tell(*rows) == ["0"]
    assert darkroom.keys() == [files["stuck"]]
    assert darkroom.tell(*rows) == []
    assert darkroom.keys() == []


def test_a_photo_that_is_there_is_never_touched(darkroom: Darkroom) -> None:
    """Other changes of a job that once had a photo removed."""
    darkroom.upload(picture())
    assert darkroom.deliver()
    row = darkroom.row()
    told = [row, *({**row, "photo_removed": f"photo_{number}"} for number in range(2))]
    assert darkroom.tell(*told) == []
    assert darkroom.keys() == [darkroom.place.shown]
    assert photos.shown(darkroom.row(), "photo_1", darkroom.org) == darkroom.place.shown

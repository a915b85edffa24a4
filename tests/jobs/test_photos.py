"""Photos of a job: the place before the file, the file before the photo, and nothing twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from closedloop.core.decision import NeedsError
from closedloop.core.errors import NotFoundError, RateLimitedError
from closedloop.core.writes import Change, Spend
from closedloop.jobs import photos
from closedloop.jobs.errors import TooManyPhotosError
from closedloop.jobs.photos import MOST_A_DAY, MOST_OF_A_JOB, AddPhoto, Place
from tests.jobs.darkroom import BUCKET, awaited
from tests.jobs.support import context, job
from tests.support.actions import Press, event_of, handlers
from tests.support.pictures import picture
from tests.support.wire import Killed, wire

if TYPE_CHECKING:
    from closedloop.core.decision import Context
    from closedloop.jobs.photos import Upload
    from tests.jobs.darkroom import Darkroom

A_DAY_AGO = "2026-11-20T17:59:59.000Z"


def sign(key: str, content_type: str) -> Upload:
    """A form that says what it is of."""
    return {"url": key, "fields": {"type": content_type}, "expires_in": 900, "most_bytes": 1}


def asked(seen: Context, **fields: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The uploads that the job waits for afterwards, and the answer."""
    command = AddPhoto.model_validate({"id": "job_1", "contentType": "image/jpeg", **fields})
    decided = photos.add(command, seen, sign)
    change, spend = decided.writes
    assert isinstance(change, Change)
    assert isinstance(spend, Spend)
    assert change.assume == {"version": 5}
    return list(change.set["photo_uploads"]), dict(decided.reply.body)


def test_the_place_comes_before_the_form() -> None:
    """The job waits for exactly the key that the form is good for."""
    seen = context(job())
    (upload,), body = asked(seen, kind="receipt", name="Invoice")
    assert body["photo"] == {"id": upload["id"], "kind": "receipt", "status": "pending"}
    assert body["upload"]["url"] == f"pending/demo/job_1/{upload['id']}"
    assert (upload["name"], upload["asked_at"]) == ("Invoice", seen.timestamp)
    assert photos.awaits(job(photo_uploads=[upload]), upload["id"])


def test_uploads_that_never_came_are_forgotten_after_a_day() -> None:
    """And so is why one was refused."""
    old, refused = awaited(1, A_DAY_AGO), awaited(2, A_DAY_AGO, status="refused")
    uploads, _ = asked(context(job(photo_uploads=[old, awaited(3), refused])))
    assert [each["id"] for each in uploads][:-1] == ["photo_3"]


@pytest.mark.parametrize(("there", "fits"), [(MOST_OF_A_JOB - 1, True), (MOST_OF_A_JOB, False)])
def test_a_job_has_so_many_photos(there: int, *, fits: bool) -> None:
    """Shown, receipts and awaited ones together."""
    third = there // 3
    row = job(
        photosMeta=[{"id": "x"}] * third,
        receiptPhotos=[{"id": "x"}] * third,
        photo_uploads=[awaited(number) for number in range(there - 2 * third)],
    )
    if fits:
        asked(context(row))
        return
    with pytest.raises(TooManyPhotosError):
        asked(context(row))


def test_an_org_adds_so_many_a_day() -> None:
    """Counted in the transaction itself; tomorrow (UTC) there is room again."""
    row = job()
    decided = photos.add(AddPhoto(id="job_1", contentType="image/png"), context(row), sign)
    spend = decided.writes[1]
    assert isinstance(spend, Spend)
    assert (spend.name, spend.limit) == ("photos#2026-11-21", MOST_A_DAY)
    full = context(row)
    full.seen[spend.table, spend.id] = {"used": MOST_A_DAY}  # type: ignore[index] # a test's own
    with pytest.raises(RateLimitedError) as refusal:
        asked(full)
    assert refusal.value.retry_after == 6 * 3600


def test_a_place_has_one_key_of_each_kind() -> None:
    """A form's key is never the key of what is shown."""
    place = Place("demo", "job_1", "photo_1")
    assert Place.of(place.pending) == place
    for strange in (place.shown, "pending/demo/job_1", "pending/a/b/c/d", "x/a/b/c", ""):
        assert Place.of(strange) is None


def test_what_arrives_is_what_was_asked_for() -> None:
    """Its kind and name are those of the press, and so is who took it."""
    receipt = awaited(1, kind="receipt", name="Invoice")
    seen = context(job(photo_uploads=[receipt, awaited(2)]))
    place = Place("demo", "job_1", "photo_1")
    (change,) = photos.arrived(place, {"bytes": 9, "width": 3, "height": 2}, seen).writes
    assert isinstance(change, Change)
    (photo,) = change.set["receiptPhotos"]
    assert photo == {
        "id": "photo_1", "kind": "receipt", "name": "Invoice", "content_type": "image/jpeg",
        "bytes": 9, "width": 3, "height": 2, "uploaded_at": seen.timestamp,
        "uploaded_by": {"id": "u1", "email": "u1@example.com"},
    }  # fmt: skip
    assert change.set["photo_uploads"] == [awaited(2)]
    assert photos.shown(job(receiptPhotos=[photo]), "photo_1", "demo") == place.shown


@pytest.mark.parametrize("uploads", [[], [awaited(1, status="refused")], [awaited(2)]])
def test_what_is_not_awaited_changes_nothing(uploads: list[Any]) -> None:
    """A second file by the same form, or a message that comes twice."""
    seen = context(job(photo_uploads=uploads))
    place = Place("demo", "job_1", "photo_1")
    assert photos.arrived(place, {}, seen).writes == ()
    assert photos.refused(place, "no", seen).writes == ()
    assert not photos.awaits(seen.seen["jobs", "job_1"], "photo_1")


@pytest.mark.parametrize(
    "row", [None, job(), job(photosMeta=[{"id": "photo_1"}], deleted_at="2026-11-21T10:00:00.000Z")]
)
def test_a_photo_that_is_not_shown_has_no_address(row: Any) -> None:
    """Neither before it was checked nor after its job is gone."""
    with pytest.raises(NotFoundError):
        photos.shown(row, "photo_1", "demo")


def test_a_worker_without_the_job_asks_for_it() -> None:
    """The rule never decides about a row that it has not seen."""
    with pytest.raises(NeedsError):
        photos.refused(Place("demo", "job_1", "photo_1"), "no", context())


def test_a_message_that_comes_twice_shows_one_photo(darkroom: Darkroom) -> None:
    """And so does a second file by the same form: what was checked is never replaced."""
    darkroom.upload(picture())
    assert darkroom.deliver()
    shown = darkroom.s3.get_object(Bucket=BUCKET, Key=darkroom.place.shown)["Body"].read()
    darkroom.upload(picture(size=(9, 9)))
    assert darkroom.deliver()
    assert darkroom.deliver()
    (photo,) = darkroom.row()["photosMeta"]
    assert (photo["id"], photo["width"]) == ("photo_1", 64)
    assert darkroom.keys() == [darkroom.place.shown]
    assert darkroom.s3.get_object(Bucket=BUCKET, Key=darkroom.place.shown)["Body"].read() == shown
    entries = [each for each in darkroom.db.audit(darkroom.org) if each["action"] == "check_photo"]
    assert [each["actor"]["id"] for each in entries] == ["photos"]


@pytest.mark.parametrize("data", [picture(), b"no picture"], ids=["picture", "other"])
@pytest.mark.parametrize("position", range(2))
@pytest.mark.parametrize("name", ["killed before", "killed after"])
def test_a_worker_that_dies_anywhere_is_made_good(
    darkroom: Darkroom, position: int, name: str, data: bytes
) -> None:
    """Killed at either of its requests to the database: the next delivery ends the same."""
    darkroom.upload(data)
    with wire() as watched:
        watched.break_at(position, name)
        try:
            done = darkroom.deliver()
        except Killed:
            done = False
    assert done or darkroom.deliver()
    row = darkroom.row()
    is_picture = data != b"no picture"
    assert len(row["photosMeta"]) == (1 if is_picture else 0)
    assert [each["status"] for each in row["photo_uploads"]] == ([] if is_picture else ["refused"])
    assert darkroom.keys() == ([darkroom.place.shown] if is_picture else [])
    entries = [each for each in darkroom.db.audit(darkroom.org) if each["action"] == "check_photo"]
    assert len(entries) == 1


def test_a_file_whose_job_is_gone_is_removed(darkroom: Darkroom) -> None:
    """Personal data does not stay where nobody sees it."""
    gone = job(deleted_at="2026-11-21T10:00:00.000Z", photo_uploads=[awaited(1)])
    darkroom.db.put(darkroom.org, {"jobs": [gone]})
    darkroom.upload(picture())
    assert darkroom.deliver()
    assert darkroom.keys() == []


def test_a_file_that_is_not_there_is_left_for_the_next_one(darkroom: Darkroom) -> None:
    """Its message came before it, or after it was removed: the job still waits."""
    assert darkroom.deliver()
    assert darkroom.row()["photo_uploads"][0]["status"] == "pending"


def test_an_address_is_asked_for_without_writing(darkroom: Darkroom) -> None:
    """One read, and a signature for some minutes."""
    darkroom.db.put(darkroom.org, {"jobs": [job(photosMeta=[{"id": "photo_1", "kind": "photo"}])]})
    event = Press(event_of("photo_address", "signed")).by("u1", darkroom.org, "[staff]").event
    with wire() as watched:
        body = json.loads(handlers()["photo_address"](event)["body"])
    assert watched.requests == ["GetItem"]
    assert (body["success"], body["expires_in"]) == (True, 300)
    assert darkroom.place.shown in body["url"]
    assert "X-Amz-Expires=300" in body["url"]

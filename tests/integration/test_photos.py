"""A photo's whole way through the front door: form, upload, check, address; and what is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from local.settings import PHOTOS_BUCKET
from tests.integration.support import HTTP
from tests.jobs.support import job
from tests.support.pictures import picture
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.integration.support import Api
    from tests.support.actions import Answer

pytestmark = pytest.mark.stack

MOST = 15 * 1024 * 1024


@dataclass
class Job:
    """A job of a new org, as its staff work on it."""

    api: Api

    def ask(self, key: str, **body: str) -> Answer:
        """Press the button for one more photo."""
        headers = {"content-type": "application/json", "x-idempotency-key": key}
        return self.api.send(
            "POST", "/api/jobs/job_1/photos", self.api.token(), headers, json.dumps(body)
        )

    def form(self, key: str, content_type: str = "image/jpeg", **body: str) -> dict[str, Any]:
        """The form for one photo, which succeeds."""
        answer = self.ask(key, contentType=content_type, **body)
        assert answer.status == 200, answer.text
        return dict(answer.json)

    def shown(self) -> dict[str, Any]:
        """The job as it is now."""
        return dict(self.api.get("jobs/job_1").json["job"])

    def settled(self, photo_id: str) -> dict[str, Any]:
        """The job once the photo is no longer awaited."""

        def done() -> dict[str, Any] | None:
            row = self.shown()
            uploads = {each["id"]: each["status"] for each in row.get("photo_uploads", [])}
            return None if uploads.get(photo_id) == "pending" else row

        return eventually(done)


@pytest.fixture
def work(api: Api) -> Job:
    """A job that can be photographed."""
    api.database.put(api.org, {"jobs": [job()]})
    return Job(api)


def post(upload: dict[str, Any], data: bytes, **fields: str) -> int:
    """Upload as a page does, with other `fields` than the form's where named."""
    fields = upload["fields"] | {name.replace("_", "-"): text for name, text in fields.items()}
    body: dict[str, Any] = {**fields, "file": ("any name.svg", data)}
    headers = {"Origin": "http://localhost:5173", "Sec-Fetch-Site": "cross-site"}
    return HTTP.request("POST", upload["url"], fields=body, headers=headers).status


def test_a_photo_goes_its_whole_way(work: Job) -> None:
    """A JPEG with a place in it is uploaded, written anew without it, and read by its address."""
    form = work.form("a-photo-1", name="Left door")
    assert post(form["upload"], picture(size=(600, 400))) == 201
    row = work.settled(form["photo"]["id"])
    (photo,) = row["photosMeta"]
    assert (photo["id"], photo["name"], photo["kind"]) == (
        form["photo"]["id"],
        "Left door",
        "photo",
    )
    assert (photo["width"], photo["height"], photo["camera_time"]) == (
        600, 400, "2026:11:21 09:30:00",
    )  # fmt: skip
    assert row["receiptPhotos"] == row["photo_uploads"] == []
    address = work.api.get(f"jobs/job_1/photos/{photo['id']}").json
    page = {"Origin": "http://localhost:5173", "Sec-Fetch-Site": "cross-site"}
    seen = HTTP.request("GET", address["url"], headers=page)
    assert (seen.status, seen.headers["Content-Type"]) == (200, "image/jpeg")
    assert seen.headers["Access-Control-Allow-Origin"] == "http://localhost:5173"
    assert len(seen.data) == photo["bytes"]
    assert not Image.open(BytesIO(seen.data)).getexif()
    again = work.form("a-photo-1", name="Left door")
    assert again == form


def test_what_the_form_does_not_allow_is_refused(work: Job) -> None:
    """No byte, a byte too many, another type, another key, another bucket, no signature."""
    upload = work.form("a-photo-2")["upload"]
    data = picture()
    assert upload["most_bytes"] == MOST
    assert post(upload, b"") == 400
    assert post(upload, data + bytes(MOST + 1 - len(data))) == 400
    assert post(upload, data, Content_Type="image/svg+xml") == 403
    assert post(upload, data, key=upload["fields"]["key"] + "x") == 403
    assert post(upload, data, key="photos/org/job_1/mine.jpg") == 403
    assert post(upload, data, policy=upload["fields"]["policy"][:-8] + "AAAAAAAA") in {400, 403}
    unsigned = {"key": "pending/org/job_1/mine"}
    assert post(upload | {"fields": unsigned}, data) == 403
    elsewhere = upload["url"].replace(PHOTOS_BUCKET, "closedloop-artifacts")
    assert post(upload | {"url": elsewhere}, data) == 403
    assert post(upload | {"url": upload["url"] + "?delete"}, data) == 403
    assert work.shown()["photosMeta"] == []


def test_a_file_that_is_no_picture_is_removed_and_said(work: Job) -> None:
    """Whatever its form was told: the job says why, and the bucket keeps nothing of it."""
    form = work.form("a-photo-3", "image/png")
    assert post(form["upload"], b"<svg xmlns='http://www.w3.org/2000/svg'/>") == 201
    row = work.settled(form["photo"]["id"])
    (said,) = row["photo_uploads"]
    assert (said["status"], "no JPEG" in said["reason"]) == ("refused", True)
    assert row["photosMeta"] == []
    assert work.api.get(f"jobs/job_1/photos/{said['id']}").status == 404
    s3 = work.api.stack.client("s3")

    def kept() -> bool:
        prefix = f"pending/{work.api.org}/"
        return not s3.list_objects_v2(Bucket=PHOTOS_BUCKET, Prefix=prefix).get("Contents")

    assert eventually(kept)


def test_a_removed_photo_is_nowhere_any_more(work: Job) -> None:
    """Its address is handed out no more, and one from before finds no file."""
    form = work.form("a-photo-5")
    assert post(form["upload"], picture()) == 201
    (photo,) = work.settled(form["photo"]["id"])["photosMeta"]
    path = f"jobs/job_1/photos/{photo['id']}"
    url = work.api.get(path).json["url"]
    assert HTTP.request("GET", url).status == 200
    headers = {"content-type": "application/json", "x-idempotency-key": "remove-it"}
    pressed = [
        work.api.send("POST", f"/api/{path}/remove", work.api.token(), headers, "{}")
        for _ in range(2)
    ]
    assert [each.status for each in pressed] == [200, 200]
    assert pressed[0].text == pressed[1].text
    assert work.shown()["photosMeta"] == []
    assert work.api.get(path).status == 404
    assert eventually(lambda: HTTP.request("GET", url).status in {403, 404})


def test_an_address_is_good_for_its_photo_alone(work: Job) -> None:
    """Another key, a changed time or no signature: 403. Other people's job: 404."""
    form = work.form("a-photo-4", "image/webp", kind="receipt")
    assert post(form["upload"], picture("WEBP")) == 201
    (photo,) = work.settled(form["photo"]["id"])["receiptPhotos"]
    url = work.api.get(f"jobs/job_1/photos/{photo['id']}").json["url"]
    assert HTTP.request("GET", url).status == 200
    for changed in (
        url.replace(photo["id"], "other"),
        url.replace("X-Amz-Expires=300", "X-Amz-Expires=3000"),
        url.partition("?")[0],
    ):
        assert HTTP.request("GET", changed).status == 403
    token = work.api.stack.info["tokens"]["other"]["staff"]
    assert work.api.get(f"jobs/job_1/photos/{photo['id']}", token).status == 404

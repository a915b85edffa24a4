"""A job that waits for a photo, its bucket, and the functions that work on it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from closedloop.dynamo.codec import item
from closedloop.jobs.photos import Place
from tests.support.actions import Press, event_of, handlers

if TYPE_CHECKING:
    from tests.support.database import Database

BUCKET = "closedloop-photos"


def awaited(number: int, asked_at: str = "2026-11-21T17:00:00.000Z", **fields: str) -> Any:
    """An upload that the job waits for."""
    upload = {"id": f"photo_{number}", "kind": "photo", "status": "pending", "asked_at": asked_at}
    return {**upload, "asked_by": {"id": "u1", "email": "u1@example.com"}, **fields}


@dataclass
class Darkroom:
    """A bucket of the emulator, an org, and the functions that check and forget photos."""

    db: Database
    org: str
    s3: Any

    @property
    def place(self) -> Place:
        """Of the photo that the job waits for."""
        return Place(self.org, "job_1", "photo_1")

    def upload(self, data: bytes) -> None:
        """As a form puts it there."""
        self.s3.put_object(Bucket=BUCKET, Key=self.place.pending, Body=data)

    def deliver(self) -> bool:
        """One delivery of the bucket's message; whether it is done with."""
        event = event_of("check_photo", "uploaded")
        message = json.loads(event["Records"][0]["body"])
        message["detail"]["object"]["key"] = self.place.pending
        event["Records"][0]["body"] = json.dumps(message)
        return not handlers()["check_photo"](event)["batchItemFailures"]

    def row(self) -> dict[str, Any]:
        """The job as it is now."""
        (found,) = self.db.rows("jobs", self.org)
        return found

    def keys(self) -> list[str]:
        """What the bucket has of this org."""
        listed = self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return [each["Key"] for each in listed if self.org in each["Key"]]

    def remove(self, photo_id: str = "photo_1") -> int:
        """Somebody of the staff takes a photo off the job; the status of the answer."""
        event = event_of("remove_photo", "removed")
        event["pathParameters"]["photoId"] = photo_id
        event["headers"]["x-idempotency-key"] = f"remove-{photo_id}"
        pressed = Press(event).by("u1", self.org, "[staff]").event
        return int(handlers()["remove_photo"](pressed)["statusCode"])

    def tell(self, *rows: dict[str, Any]) -> list[str]:
        """The stream hands over rows as they are now; the records that come again."""
        event = event_of("forget_photos", "removed")
        (record,) = event["Records"]
        arn = record["eventSourceARN"].replace("closedloop-jobs", f"{self.db.prefix}jobs")
        told = [
            {
                **record,
                "eventSourceARN": arn,
                "dynamodb": {
                    **record["dynamodb"],
                    "SequenceNumber": str(number),
                    "Keys": item({"org_id": row["org_id"], "id": row["id"]}),
                    "NewImage": item(row),
                },
            }
            for number, row in enumerate(rows)
        ]
        answer = handlers()["forget_photos"]({"Records": told})
        return [each["itemIdentifier"] for each in answer["batchItemFailures"]]

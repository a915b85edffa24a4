"""What tests of photos share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from closedloop.jobs import wiring
from tests.jobs.darkroom import BUCKET, Darkroom, awaited
from tests.jobs.support import NOW, job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.database import Database


@pytest.fixture
def darkroom(db: Database, org: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Darkroom]:
    """A job that waits for one photo."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", db.url)
    s3 = boto3.client("s3", endpoint_url=db.url)
    s3.create_bucket(Bucket=BUCKET)
    asked_at = NOW.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    db.put(org, {"jobs": [job(photo_uploads=[awaited(1, asked_at)])]})
    yield Darkroom(db, org, s3)
    wiring.photos.cache_clear()

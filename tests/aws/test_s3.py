"""The client of the photos' bucket, judged by moto."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from closedloop.aws.s3 import bucket

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "closedloop-photos"
KEY = "pending/demo/job_1/photo_1"


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An account of this test's own, with the bucket, and keys as a function has them."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket=NAME)
        yield


def test_a_form_names_everything_that_it_allows() -> None:
    """Exactly this key, this type, 1 byte to the most, for so long; no other field passes."""
    url, fields = bucket(NAME, "").form(KEY, "image/png", most_bytes=15, seconds=900)
    assert urlsplit(url).scheme == "https"
    policy = json.loads(base64.b64decode(fields["policy"]))
    conditions = policy["conditions"]
    assert {"bucket": NAME} in conditions
    assert {"key": KEY} in conditions
    assert {"Content-Type": "image/png"} in conditions
    assert {"success_action_status": "201"} in conditions
    assert ["content-length-range", 1, 15] in conditions
    assert not [each for each in conditions if isinstance(each, list) and "starts-with" in each]
    named = {name for each in conditions if isinstance(each, dict) for name in each}
    assert set(fields) - {"policy", "x-amz-signature"} == named - {"bucket"}
    assert fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"


def test_an_address_says_for_how_long_and_as_what() -> None:
    """Signed now, with the type that we choose, without a checksum of anything."""
    query = parse_qs(urlsplit(bucket(NAME, "").address(KEY, "image/jpeg", seconds=300)).query)
    assert query["X-Amz-Expires"] == ["300"]
    assert query["response-content-type"] == ["image/jpeg"]
    assert query["X-Amz-SignedHeaders"] == ["host"]
    assert not [name for name in query if "checksum" in name.lower()]


def test_browsers_may_reach_it_elsewhere() -> None:
    """Only the beginning of the address is another one: what is signed stays."""
    here, there = bucket(NAME, ""), bucket(NAME, "http://127.0.0.1:8787/_photos")
    for plain, moved in (
        (here.form(KEY, "a/b", most_bytes=1, seconds=1)[0],
         there.form(KEY, "a/b", most_bytes=1, seconds=1)[0]),
        (here.address(KEY, "a/b", seconds=1).partition("?")[0],
         there.address(KEY, "a/b", seconds=1).partition("?")[0]),
    ):  # fmt: skip
        path = urlsplit(plain).path
        assert moved == f"http://127.0.0.1:8787/_photos{path}"


def test_a_file_is_kept_read_and_forgotten() -> None:
    """With its type; reading takes no more than was asked for; to forget twice is no error."""
    photos = bucket(NAME, "")
    photos.put(KEY, b"0123456789", "image/jpeg")
    assert boto3.client("s3").head_object(Bucket=NAME, Key=KEY)["ContentType"] == "image/jpeg"
    assert photos.read(KEY, 100) == b"0123456789"
    assert photos.read(KEY, 4) == b"0123"
    for _ in range(2):
        photos.remove(KEY)
        assert photos.read(KEY, 100) is None


def test_other_trouble_is_no_missing_file() -> None:
    """A bucket that is not there must not pass for a photo that nobody uploaded."""
    with pytest.raises(ClientError):
        bucket("closedloop-nowhere", "").read(KEY, 1)

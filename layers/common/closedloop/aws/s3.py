"""The bucket of photos: addresses that browsers use for some minutes, and files for the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONFIG = Config(
    connect_timeout=1,
    read_timeout=5,
    retries={"total_max_attempts": 3, "mode": "standard"},
    signature_version="s3v4",
    # Else an address would carry the checksum of an empty body, and no upload would match it.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)

_GONE = frozenset({"NoSuchKey", "404"})


class Bucket:
    """One bucket. `public_url` is where browsers reach it, if that is not where S3 says."""

    def __init__(self, client: Any, name: str, public_url: str = "") -> None:
        self._client = client
        self._name = name
        self._public_url = public_url

    def form(
        self, key: str, content_type: str, *, most_bytes: int, seconds: int
    ) -> tuple[str, Mapping[str, str]]:
        """The address and the fields of a form that puts one file at exactly this key.

        It is good for this type, a size up to `most_bytes`, and so many seconds. A signed PUT
        could not bound the size.
        """
        same = {"Content-Type": content_type, "success_action_status": "201"}
        signed = self._client.generate_presigned_post(
            self._name,
            key,
            Fields=dict(same),
            Conditions=[
                ["content-length-range", 1, most_bytes],
                *({name: value} for name, value in same.items()),
            ],
            ExpiresIn=seconds,
        )
        return self._public(str(signed["url"])), dict(signed["fields"])

    def address(self, key: str, content_type: str, *, seconds: int) -> str:
        """Where a browser reads the file, for so long; it is shown as this type, whatever it is."""
        params = {
            "Bucket": self._name,
            "Key": key,
            "ResponseContentType": content_type,
            "ResponseContentDisposition": "inline",
        }
        url = self._client.generate_presigned_url("get_object", Params=params, ExpiresIn=seconds)
        return self._public(str(url))

    def read(self, key: str, most_bytes: int) -> bytes | None:
        """So much of the file, from its beginning; None if there is none."""
        try:
            found = self._client.get_object(Bucket=self._name, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                return None
            raise
        with found["Body"] as body:
            return bytes(body.read(most_bytes))

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Keep a file; one that is there is replaced."""
        self._client.put_object(Bucket=self._name, Key=key, Body=data, ContentType=content_type)

    def remove(self, key: str) -> None:
        """Forget a file; one that is not there is no error."""
        self._client.delete_object(Bucket=self._name, Key=key)

    def _public(self, url: str) -> str:
        if not self._public_url:
            return url
        parts = urlsplit(url)
        return self._public_url + url.removeprefix(f"{parts.scheme}://{parts.netloc}")


def bucket(name: str, public_url: str) -> Bucket:
    """A client of this bucket alone."""
    return Bucket(boto3.client("s3", config=_CONFIG), name, public_url)

"""The bucket of photos and the decoder of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from closedloop import wiring

if TYPE_CHECKING:
    from closedloop.aws.s3 import Bucket
    from closedloop.jobs.pictures import Picture


@wiring.built
def photos() -> Bucket:
    """The bucket that photos are uploaded to and read from."""
    from closedloop.aws.s3 import bucket

    return bucket(wiring.setting("PHOTOS_BUCKET"), wiring.setting("PHOTOS_URL"))


def cleaned(data: bytes) -> Picture:
    """An uploaded file as a picture that is safe to show.

    Raises:
        UnreadableError: it is none; says why.
    """
    from closedloop.jobs.clients.decoder import cleaned

    return cleaned(data)

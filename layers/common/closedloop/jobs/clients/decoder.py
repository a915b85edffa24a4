"""Pictures as people upload them, made safe to show: decoded, turned upright, written anew.

Only the pixels of a file are kept. So what is shown is a JPEG and nothing else, whatever the bytes
pretended to be, and it carries no place, no name and no serial number of a camera.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from closedloop.jobs.pictures import MOST_BYTES, Picture, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

register_heif_opener(thumbnails=False)
# Our own bound stands before any decoding; theirs only warns.
Image.MAX_IMAGE_PIXELS = None

MOST_PIXELS = 64_000_000
"""More than a telephone takes (48 million); a picture of 30,000 by 30,000 would fill the memory."""

LONGEST_SIDE = 4096
_QUALITY = 85
_MOST_PROFILE = 16_384
_EXIF_PART, _TAKEN, _CHANGED = 0x8769, 0x9003, 0x0132
_CAMERA_TIME = re.compile(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d")
_HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
)  # fmt: skip


def cleaned(data: bytes) -> Picture:
    """The picture of a file: JPEG, PNG, WebP or HEIC, by its content alone.

    Raises:
        UnreadableError: it is none of these, damaged, or too large to decode.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableError("This file is larger than 15 MB.")
    kind = _kind(data)
    if kind is None:
        raise UnreadableError("This file is no JPEG, PNG, WebP or HEIC picture.")
    try:
        return _decoded(data, kind)
    except UnreadableError:
        raise
    except Exception as error:  # whatever a decoder says of a stranger's bytes
        raise UnreadableError("This picture is damaged and cannot be read.") from error


def _decoded(data: bytes, kind: str) -> Picture:
    # One decoder, the one of its first bytes: a file that is two things is the first one.
    with Image.open(BytesIO(data), formats=[kind]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise UnreadableError("This picture has more than 64 million pixels.")
        return _written(image)


def _kind(data: bytes) -> str | None:
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return "HEIF" if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS else None


def _written(image: Image.Image) -> Picture:
    camera_time = next(_times(image), None)
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG of eight times the size is cheap then
    profile = image.info.get("icc_profile") if image.mode == "RGB" else None
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new picture: what the old one carried beside its pixels does not come along.
    fresh = Image.new("RGB", upright.size, "white")
    shown = upright.convert("RGBA")
    fresh.paste(shown, mask=shown)
    out = BytesIO()
    keeps = {"icc_profile": profile} if profile and len(profile) <= _MOST_PROFILE else {}
    fresh.save(out, "JPEG", quality=_QUALITY, **keeps)
    return Picture(out.getvalue(), *fresh.size, camera_time)


def _times(image: Image.Image) -> Iterator[str]:
    exif = image.getexif()
    for found in (exif.get_ifd(_EXIF_PART).get(_TAKEN), exif.get(_CHANGED)):
        if isinstance(found, str) and _CAMERA_TIME.fullmatch(found):
            yield found

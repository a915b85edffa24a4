"""Pictures of strangers: what is shown is what we wrote ourselves, from the pixels alone."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from closedloop.jobs.clients.decoder import LONGEST_SIDE, cleaned
from closedloop.jobs.pictures import MOST_BYTES, UnreadableError
from tests.support.pictures import picture

KINDS = ("JPEG", "PNG", "WEBP", "HEIF")


def opened(data: bytes) -> Image.Image:
    """What we wrote, decoded again."""
    return Image.open(BytesIO(data), formats=["JPEG"])


def near(pixel: object, color: tuple[int, int, int]) -> bool:
    """Whether a pixel has about this color: a JPEG is not exact."""
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 30 for a, b in zip(pixel, color, strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_becomes_a_jpeg_without_a_place(kind: str) -> None:
    """HEIC too, whatever its file was called; the time is kept, place and camera are not."""
    data = picture(kind)
    assert b"Telephone" in data
    found = cleaned(data)
    image = opened(found.data)
    assert (found.width, found.height) == image.size == (64, 48)
    assert found.camera_time == "2026:11:21 09:30:00"
    assert not image.getexif()
    assert b"Telephone" not in found.data
    assert near(image.getpixel((8, 24)), (255, 0, 0))
    assert near(image.getpixel((56, 24)), (0, 0, 255))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_turned_upright(kind: str) -> None:
    """A telephone held sideways says so in EXIF, which is gone: the pixels are turned."""
    found = cleaned(picture(kind, orientation=6))
    assert (found.width, found.height) == (48, 64)
    assert near(opened(found.data).getpixel((24, 8)), (255, 0, 0))


def test_comments_and_profiles_of_programs_do_not_come_along() -> None:
    """A JPEG's comment is free text; a colour profile of a sane size is kept."""
    image = Image.new("RGB", (8, 8))
    out = BytesIO()
    image.save(out, "JPEG", comment=b"41.88 N 87.67 W", icc_profile=b"p" * 400)
    found = cleaned(out.getvalue())
    assert b"41.88" not in found.data
    assert opened(found.data).info["icc_profile"] == b"p" * 400
    image.save(large := BytesIO(), "JPEG", icc_profile=b"p" * 20_000)
    assert "icc_profile" not in opened(cleaned(large.getvalue()).data).info


def test_what_shines_through_is_white() -> None:
    """A logo without a background is not shown on black."""
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out := BytesIO(), "PNG")
    assert near(opened(cleaned(out.getvalue()).data).getpixel((4, 4)), (255, 255, 255))


def test_a_large_picture_is_made_smaller() -> None:
    """Its longer side has as many pixels as a screen shows, and its shape stays."""
    found = cleaned(picture(size=(6000, 3000)))
    assert (found.width, found.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says that it is huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\x00" * 64)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no JPEG"),
        (b"GIF89a" + picture()[6:], "no JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "no JPEG"),
        (b"%PDF-1.7", "no JPEG"),
        (b"\x00\x00\x00\x18ftypavif" + b"\x00" * 40, "no JPEG"),
        (b"\xff\xd8\xff" + b"<script>" * 20, "damaged"),
        (picture("JPEG")[:-200], "damaged"),
        (picture("PNG")[:-40], "damaged"),
        (picture("WEBP")[:60], "damaged"),
        (picture("HEIF")[:-100], "damaged"),
        (b"\xff\xd8\xff\xe0" + picture("PNG"), "damaged"),
        (bomb(30_000, 30_000), "64 million"),
        (picture() + b"\x00" * MOST_BYTES, "15 MB"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, said: str) -> None:
    """By its content alone, before it takes memory, and in words for a person."""
    with pytest.raises(UnreadableError, match=said):
        cleaned(data)


def test_a_picture_that_is_also_a_page_is_shown_as_a_picture_alone() -> None:
    """What stands behind the pixels of a polyglot is not written again."""
    page = b"<html><script>alert(1)</script></html>"
    assert b"script" not in cleaned(picture() + page).data

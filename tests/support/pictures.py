"""Pictures as telephones and strangers make them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image
from pillow_heif import register_heif_opener

register_heif_opener(thumbnails=False)

PLACE = {1: "N", 2: (41.0, 53.0, 6.0), 3: "W", 4: (87.0, 40.0, 12.0)}
"""Somebody's home, as EXIF writes it."""


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (64, 48), *, exif: bool = True, **options: Any
) -> bytes:
    """A picture, red on its left half and blue on its right, with the place where it was taken."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    tags = image.getexif()
    if exif:
        tags[0x010F], tags[0x0110] = "Telephone", "Of Dana"
        tags.get_ifd(0x8769)[0x9003] = "2026:11:21 09:30:00"
        tags.get_ifd(0x8825).update(PLACE)
        tags[0x0112] = options.pop("orientation", 1)
    out = BytesIO()
    image.save(out, kind, exif=tags.tobytes(), **options)
    return out.getvalue()

"""A picture as the decoder hands it over, and what it says of a file that is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MOST_BYTES = 15 * 1024 * 1024
"""The largest file that may be uploaded."""


class UnreadableError(Exception):
    """The file is no picture that we show; its text is for the person who uploaded it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG that we wrote. `camera_time` is the camera's own word: `2026:11:21 09:30:00`."""

    data: bytes
    width: int
    height: int
    camera_time: str | None

    @property
    def facts(self) -> dict[str, Any]:
        """What the job keeps of it."""
        facts = {"bytes": len(self.data), "width": self.width, "height": self.height}
        return facts | ({"camera_time": self.camera_time} if self.camera_time else {})

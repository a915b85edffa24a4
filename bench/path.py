"""The path of one press through the code: files in order, calls, and moves between files.

`python -m bench.path [function]`, Confirm Booking unless told otherwise.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from closedloop import wiring
from tests.support.actions import ActionCase, handlers
from tests.support.database import PREFIX, database

if TYPE_CHECKING:
    from types import FrameType

LAYER = str(Path(wiring.__file__).parent)


class Walk:
    """What a press passes, from its first call to its last return."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self.calls = 0
        self.moves = 0
        self._stack: list[str | None] = []
        self._at: str | None = None

    def watch(self, frame: FrameType, event: str, _: Any) -> None:
        """A profile function: calls and returns of our own code."""
        name = frame.f_code.co_filename
        if not name.startswith(LAYER):
            return
        file = name.removeprefix(LAYER + "/")
        if event == "call":
            self.calls += 1
            if file not in self.files:
                self.files.append(file)
            if self._at not in {None, file}:
                self.moves += 1
            self._at = file


def main() -> None:
    """Print the path of a warm press."""
    name = sys.argv[1] if len(sys.argv) > 1 else "confirm_booking"
    case = ActionCase(name, handlers()[name])
    with database() as db:
        os.environ |= {
            "AWS_ENDPOINT_URL_DYNAMODB": db.url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_SESSION_TOKEN": db.token,
            "TABLE_PREFIX": PREFIX,
        }
        for org in (f"warm-{uuid4()}", f"watched-{uuid4()}"):
            db.put(org, case.rows)
            walk = Walk()
            press = case.press(org)
            sys.setprofile(walk.watch)
            press.sent_to(case)
            sys.setprofile(None)
    print(f"{name}: {len(walk.files)} files, {walk.calls} calls, {walk.moves} moves")
    for each in walk.files:
        print(f"  {each}")


if __name__ == "__main__":
    main()

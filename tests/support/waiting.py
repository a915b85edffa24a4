"""Waiting for what happens behind an answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_PATIENCE_SECONDS = 60

T = TypeVar("T")


def eventually(look: Callable[[], T | None]) -> T:
    """What `look` finds at last; it is asked again while it finds nothing."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, "It did not happen."
        time.sleep(0.05)
    return found

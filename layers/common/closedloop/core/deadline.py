"""How often and how long a request may ask the database, so that time is left for the answer."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 6.0
"""A request that begins before then may last three more seconds (dynamo/client.py); a function
has ten."""

ROUNDS = 8
"""How often a rule is asked again while others keep changing its row."""

_shared: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def shared() -> Iterator[None]:
    """All rounds and retries inside the block share one time budget of `SECONDS`."""
    before = _shared.set(time.monotonic() + SECONDS)
    try:
        yield
    finally:
        _shared.reset(before)


def until() -> float:
    """When nothing new may be asked (monotonic): the shared deadline, else one counted from now."""
    return _shared.get() or time.monotonic() + SECONDS

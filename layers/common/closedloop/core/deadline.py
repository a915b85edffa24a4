"""How often and how long a request may ask the database, so that time is left to answer it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 6.0
"""What begins before then may last three seconds more (adapters/dynamo/client.py), and a function
has ten."""

ROUNDS = 8
"""How often a rule is asked again while others keep changing its row."""

_shared: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def shared() -> Iterator[None]:
    """From here on all rounds and repeats have these seconds together, not each its own."""
    before = _shared.set(time.monotonic() + SECONDS)
    try:
        yield
    finally:
        _shared.reset(before)


def until() -> float:
    """When nothing new may be asked (monotonic): the shared deadline, else one counted from now."""
    return _shared.get() or time.monotonic() + SECONDS

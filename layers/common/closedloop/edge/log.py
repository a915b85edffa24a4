"""One structured line per invocation, which is also the action's metrics (CloudWatch EMF).

Only named facts are written. A header, a body, a token, a phone number or a text never is.
"""

from __future__ import annotations

import time
import traceback
from collections import Counter
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_OUTCOMES = ("Done", "Replayed", "Refused", "Failed")

_open: ContextVar[Line | None] = ContextVar("line", default=None)


@dataclass
class Line:
    """What the line of an invocation will say: how it ended, what it counted, named facts."""

    action: str
    request_id: str
    outcome: str = "Done"
    counts: Counter[str] = field(default_factory=Counter)
    facts: dict[str, Any] = field(default_factory=dict)

    def fault(self, error: BaseException) -> None:
        """Keep what a developer needs of an unexpected error, in a line of its own."""
        fault(self.action, error, request_id=self.request_id)


@contextmanager
def line(action: str, request_id: str, **facts: Any) -> Iterator[Line]:
    """Write the line of an invocation when the block ends, with the time that it took.

    A block that raises has Failed; the error goes on to the caller.
    """
    started = time.perf_counter()
    written = Line(action, request_id, facts=dict(facts))
    outer = _open.set(written)
    try:
        yield written
    except BaseException:
        written.outcome = "Failed"
        raise
    finally:
        _open.reset(outer)
        _write(written, round((time.perf_counter() - started) * 1000, 3))


def count(name: str, number: int = 1, **facts: Any) -> None:
    """Count something in the line of the invocation that this is part of, and note facts there."""
    if (written := _open.get()) is not None:
        written.counts[name] += number
        written.facts |= facts


def invocation(
    action: str, outcome: str, *, request_id: str, milliseconds: float, **facts: Any
) -> None:
    """Say how an invocation of `action` ended: Done, Replayed, Refused or Failed."""
    _write(Line(action, request_id, outcome, facts=facts), milliseconds)


def fault(action: str, error: BaseException, *, request_id: str) -> None:
    """Keep what a developer needs of an unexpected error: its kind and where it arose.

    Its text is left out, for it may quote what the caller sent; the code of an AWS error is not.
    """
    frames = traceback.extract_tb(error.__traceback__)
    answer = getattr(error, "response", None) or {}
    _logger().error(
        "Fault",
        request_id=request_id,
        action=action,
        error=type(error).__name__,
        aws_error=answer.get("Error", {}).get("Code"),
        at=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]],
    )


def _write(line: Line, milliseconds: float) -> None:
    assert line.outcome in _OUTCOMES  # noqa: S101 - a new word would be a new metric nobody watches
    metrics = AmazonCloudWatchEMFProvider(namespace="ClosedLoop")
    metrics.add_dimension("action", line.action)
    for name, number in {line.outcome: 1, **line.counts}.items():
        if number:
            metrics.add_metric(name, MetricUnit.Count, number)
    metrics.add_metric("Duration", MetricUnit.Milliseconds, milliseconds)
    _logger().info(
        line.outcome, request_id=line.request_id, **line.facts, **metrics.serialize_metric_set()
    )


@lru_cache(maxsize=1)
def _logger() -> Logger:
    return Logger(level="INFO", location=None)

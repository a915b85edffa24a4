"""One structured line per invocation, which is also the action's metrics (CloudWatch EMF).

Only named facts are written. A header, a body, a token, a phone number or a text never is.
"""

from __future__ import annotations

import traceback
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_OUTCOMES = ("Done", "Replayed", "Refused", "Failed")


def invocation(
    action: str, outcome: str, *, request_id: str, milliseconds: float, **facts: Any
) -> None:
    """Say how an invocation of `action` ended: Done, Replayed, Refused or Failed."""
    assert outcome in _OUTCOMES  # noqa: S101 - a new word would be a new metric nobody watches
    metrics = AmazonCloudWatchEMFProvider(namespace="ClosedLoop")
    metrics.add_dimension("action", action)
    metrics.add_metric(outcome, MetricUnit.Count, 1)
    metrics.add_metric("Duration", MetricUnit.Milliseconds, milliseconds)
    _logger().info(outcome, request_id=request_id, **facts, **metrics.serialize_metric_set())


def batch(
    action: str,
    *,
    failed: bool,
    request_id: str,
    milliseconds: float,
    counts: Mapping[str, int],
    **facts: Any,
) -> None:
    """Say how an invocation ended that worked on many things; each count is a metric of its own."""
    metrics = AmazonCloudWatchEMFProvider(namespace="ClosedLoop")
    metrics.add_dimension("action", action)
    outcome = "Failed" if failed else "Done"
    for name, number in {outcome: 1, **counts}.items():
        if number:
            metrics.add_metric(name, MetricUnit.Count, number)
    metrics.add_metric("Duration", MetricUnit.Milliseconds, milliseconds)
    _logger().info(outcome, request_id=request_id, **facts, **metrics.serialize_metric_set())


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


@lru_cache(maxsize=1)
def _logger() -> Logger:
    return Logger(level="INFO", location=None)

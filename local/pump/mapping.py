"""A stream's event source mapping: what AWS is told about how to deliver it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

Pattern = dict[str, Any]
UNLIMITED = -1


@dataclass(frozen=True)
class StreamMapping:
    """The settings of one mapping, with AWS's defaults."""

    id: str
    stream: str
    function: str
    starts_at: str = "LATEST"
    batch_size: int = 100
    filters: tuple[Pattern, ...] = ()
    reports_failures: bool = False
    bisects: bool = False
    max_retries: int = UNLIMITED
    max_age: int = UNLIMITED
    on_failure: str | None = None

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> Self:
        """From one entry of ListEventSourceMappings."""
        criteria = (described.get("FilterCriteria") or {}).get("Filters") or []
        destination = (described.get("DestinationConfig") or {}).get("OnFailure") or {}
        return cls(
            id=described["UUID"],
            stream=described["EventSourceArn"],
            function=described["FunctionArn"],
            starts_at=described.get("StartingPosition") or "LATEST",
            batch_size=described.get("BatchSize") or 100,
            filters=tuple(json.loads(one["Pattern"]) for one in criteria),
            reports_failures="ReportBatchItemFailures"
            in (described.get("FunctionResponseTypes") or []),
            bisects=bool(described.get("BisectBatchOnFunctionError")),
            max_retries=_limit(described.get("MaximumRetryAttempts")),
            max_age=_limit(described.get("MaximumRecordAgeInSeconds")),
            on_failure=destination.get("Destination"),
        )

    @property
    def table(self) -> str:
        """The name of the table whose stream it is."""
        return self.stream.split("/")[1]


def _limit(value: int | None) -> int:
    return UNLIMITED if value is None else value

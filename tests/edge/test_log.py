"""The line of an invocation: written once, whatever happens within."""

from __future__ import annotations

import json
from io import StringIO
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger

from closedloop.edge import log


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What is written to the log."""
    lines = StringIO()
    logger = Logger(service=f"test-{uuid4()}", stream=lines, location=None)
    monkeypatch.setattr("closedloop.edge.log._logger", lambda: logger)
    return lines


def test_counts_are_metrics_and_facts_are_fields(logged: StringIO) -> None:
    """A count of nothing is no metric; the time is one always."""
    with log.line("worker", "r1", route="a") as line:
        line.counts.update(Sent=2, Lost=0)
        line.facts["code"] = "X"
    written = json.loads(logged.getvalue())
    metrics = written["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    assert {each["Name"] for each in metrics} == {"Done", "Sent", "Duration"}
    assert (written["Sent"], written["route"], written["code"]) == ([2.0], "a", "X")


def test_a_block_that_raises_has_failed(logged: StringIO) -> None:
    """The error goes on, and the line is there."""
    with pytest.raises(ValueError, match="words"), log.line("worker", "r1"):
        raise ValueError("words")
    written = json.loads(logged.getvalue())
    assert (written["message"], "words" in logged.getvalue()) == ("Failed", False)

"""CPU of a warm handler, with its calls to AWS answered at once.

Measured in a process of its own, whose log lines go nowhere: `python -m bench.cpu <plan>` reads
what to answer from the plan and writes the figures beside it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bench.presses import Button, Costs, buttons
from bench.wire import UnexpectedAnswerError, canned_client, canned_http

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from bench.wire import Answers

_BLOCK = 50
"""Calls of one button before the next one's turn: a slow moment of the machine meets all."""

_WARM_UP = 100
STUBS: dict[str, Callable[[Any, Answers], AbstractContextManager[None]]] = {
    "http": canned_http,
    "client": canned_client,
}


@dataclass(frozen=True)
class Spent:
    """CPU milliseconds of one call."""

    p50: float
    p99: float


Cpu = dict[str, dict[str, Spent]]
"""By button, and by where AWS is replaced: under botocore (http) or above it (client)."""


def measure(costs: Costs, calls: int) -> Cpu:
    """The CPU of a new press of every button, over so many calls of each."""
    with TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.json"
        canned = {name: kinds["new"].answers for name, kinds in costs.items()}
        plan.write_text(json.dumps({"calls": calls, "canned": canned}), encoding="utf-8")
        subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "bench.cpu", str(plan)], check=True, stdout=subprocess.DEVNULL
        )
        found = json.loads(plan.with_suffix(".out").read_text(encoding="utf-8"))
    return {
        name: {stub: Spent(**spent) for stub, spent in stubs.items()}
        for name, stubs in found.items()
    }


def percentile(values: list[float], share: float) -> float:
    """The value that so large a share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _main(plan: Path) -> None:
    asked = json.loads(plan.read_text(encoding="utf-8"))
    found: dict[str, dict[str, Any]] = {each.name: {} for each in buttons()}
    for stub in STUBS:
        for name, times in _times(stub, asked["canned"], asked["calls"]).items():
            found[name][stub] = {"p50": percentile(times, 0.5), "p99": percentile(times, 0.99)}
    plan.with_suffix(".out").write_text(json.dumps(found), encoding="utf-8")


def _times(stub: str, canned: dict[str, Answers], calls: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {}
    for round_ in range((calls + _WARM_UP) // _BLOCK):
        for button in buttons():
            with STUBS[stub](button.client, canned[button.name]):
                block = _block(button)
            if round_ * _BLOCK >= _WARM_UP:
                times.setdefault(button.name, []).extend(block)
    return times


def _block(button: Button) -> list[float]:
    # An org of its own: what is kept of one in memory came with another button's answers.
    press = button.press(f"org-{button.name}", "new")
    events = [press.key(str(uuid4())).event for _ in range(_BLOCK)]
    spent = []
    for event in events:
        started = time.process_time_ns()
        response = button.handler(event)
        spent.append((time.process_time_ns() - started) / 1e6)
        if response["statusCode"] >= 300:
            raise UnexpectedAnswerError(f"{button.name}: {response}")
    return spent


if __name__ == "__main__":
    _main(Path(sys.argv[1]))

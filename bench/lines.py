"""The figures as lines of the table, each with the goal that the project has set for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import prices
from bench.cpu import STUBS
from bench.imports import BARE_BOTO3
from bench.presses import COMPARED, USUAL
from bench.table import Figure, Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.clicks import Clicks, Waited
    from bench.cpu import Cpu
    from bench.presses import Costs

REQUESTS = {"new": 1.0, "replayed": 1.0}
CPU_MS = {"p50": 1.5, "p99": 5.0}
IMPORT_RATIO = 1.35
CLICK_MS = {"new": 200.0, "replayed": 50.0}
DOLLARS = 6.0

NOTES = f"""\
The usual stack is Powertools' own idempotency around get, update and put (bench/baseline.py),
pressed as {COMPARED}; its figure stands beside every button. CPU: AWS answers at once, under
botocore (http) or in its place (client). The ratio of an import is to bare boto3. Write units and
dollars are worked out, by the rules and prices in bench/units.py and bench/prices.py."""


def all_lines(costs: Costs, cpu: Cpu, imports: dict[str, float], clicks: Clicks) -> list[Line]:
    """The table's lines, by subject and then by button."""
    ours = [name for name in costs if name != USUAL]
    return [
        *(_requests(name, costs) for name in ours),
        *(_units(name, costs) for name in ours),
        *(_cpu(name, stub, cpu) for stub in STUBS for name in ours),
        *_imports(imports, ours),
        *(line for name, kinds in clicks.items() for line in _clicks(name, kinds)),
        *(_dollars(name, costs, cpu) for name in ours),
    ]


def _requests(name: str, costs: Costs) -> Line:
    figures = (
        Figure(
            kind,
            len(cost.requests),
            len(costs[USUAL][kind].requests),
            limit=REQUESTS.get(kind),
        )
        for kind, cost in costs[name].items()
    )
    return Line(f"{name}: database requests", "", tuple(figures))


def _units(name: str, costs: Costs) -> Line:
    figures = (
        Figure(kind, cost.write_units, costs[USUAL][kind].write_units)
        for kind, cost in costs[name].items()
    )
    return Line(f"{name}: write units", "", tuple(figures))


def _cpu(name: str, stub: str, cpu: Cpu) -> Line:
    ours, usual = cpu[name][stub], cpu[USUAL][stub]
    figures = (
        Figure("p50", ours.p50, usual.p50, limit=CPU_MS["p50"], under=True),
        Figure("p99", ours.p99, usual.p99, limit=CPU_MS["p99"], under=True),
    )
    return Line(f"{name}: CPU ms, {stub} stubbed", "ms", figures)


def _imports(imports: dict[str, float], buttons: list[str]) -> Iterator[Line]:
    bare, usual = imports[BARE_BOTO3], imports[USUAL]
    for name, spent in imports.items():
        goal = IMPORT_RATIO if name in buttons else None
        figure = Figure("", spent, usual, bare, goal, of_ratio=True)
        yield Line(f"{name}: import CPU ms, ratio to bare boto3", "ms", (figure,))


def _clicks(name: str, kinds: dict[str, Waited] | str) -> Iterator[Line]:
    if isinstance(kinds, str):
        yield Line(f"{name}: click to answer", missing=kinds)
        return
    for kind, waited in kinds.items():
        p95 = Figure("p95", waited.p95, limit=CLICK_MS[kind], under=True)
        yield Line(f"{name}: click to answer ms, {kind}", "ms", (Figure("p50", waited.p50), p95))


def _dollars(name: str, costs: Costs, cpu: Cpu) -> Line:
    ours = prices.of_a_million(costs[name]["new"], cpu[name]["http"])
    usual = prices.of_a_million(costs[USUAL]["new"], cpu[USUAL]["http"])
    figures = (
        Figure("on demand", ours.on_demand, usual.on_demand, limit=DOLLARS, under=True),
        Figure("provisioned", ours.provisioned, usual.provisioned, limit=DOLLARS, under=True),
    )
    return Line(f"{name}: dollars a million presses", "$", figures)

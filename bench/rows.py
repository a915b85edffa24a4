"""The figures as lines of the table, each with the goal that the project has set for it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from bench import prices
from bench.imports import BARE_BOTO3
from bench.presses import COMPARED, KINDS, USUAL
from bench.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.clicks import Clicks
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


def all_rows(costs: Costs, cpu: Cpu, imports: dict[str, float], clicks: Clicks | str) -> list[Row]:
    """The table's lines, button by button within each subject."""
    ours = [name for name in costs if name != USUAL]
    return list(
        chain(
            chain.from_iterable(_requests(name, costs) for name in ours),
            chain.from_iterable(_units(name, costs) for name in ours),
            chain.from_iterable(_cpu(name, cpu) for name in ours),
            _imports(imports, ours),
            _clicks(clicks),
            chain.from_iterable(_dollars(name, costs, cpu) for name in ours),
        )
    )


def _requests(name: str, costs: Costs) -> Iterator[Row]:
    for kind in (kind for kind in KINDS if kind in costs[name]):
        yield Row(
            f"{name}: database requests, {kind}",
            len(costs[name][kind].requests),
            usual=len(costs[USUAL][kind].requests),
            limit=REQUESTS.get(kind),
        )


def _units(name: str, costs: Costs) -> Iterator[Row]:
    for kind in (kind for kind in KINDS if kind in costs[name]):
        units, usual = costs[name][kind].write_units, costs[USUAL][kind].write_units
        yield Row(f"{name}: write units, {kind}", units, "units", usual)


def _cpu(name: str, cpu: Cpu) -> Iterator[Row]:
    for stub in cpu[name]:
        for share, limit in CPU_MS.items():
            ours, usual = (getattr(each[stub], share) for each in (cpu[name], cpu[USUAL]))
            what = f"{name}: CPU, {stub} stubbed, {share}"
            yield Row(what, ours, "ms", usual, limit=limit, under=True)


def _imports(imports: dict[str, float], buttons: list[str]) -> Iterator[Row]:
    bare, usual = imports[BARE_BOTO3], imports[USUAL]
    yield Row("import: bare boto3 with a DynamoDB client", bare, "ms", usual, beside=bare)
    for name, spent in imports.items():
        if name not in {BARE_BOTO3, USUAL}:
            goal = IMPORT_RATIO if name in buttons else None
            what = f"import: {name}"
            yield Row(what, spent, "ms", usual, beside=bare, limit=goal, of_ratio=True)


def _clicks(clicks: Clicks | str) -> Iterator[Row]:
    if isinstance(clicks, str):
        yield Row("click to answer, local stack", None, note=clicks)
        return
    for name, kinds in clicks.items():
        for kind, waited in kinds.items():
            yield Row(f"{name}: click to answer, {kind}, p50", waited.p50, "ms")
            what = f"{name}: click to answer, {kind}, p95"
            yield Row(what, waited.p95, "ms", limit=CLICK_MS[kind], under=True)


def _dollars(name: str, costs: Costs, cpu: Cpu) -> Iterator[Row]:
    ours = prices.of_a_million(costs[name]["new"], cpu[name]["http"])
    usual = prices.of_a_million(costs[USUAL]["new"], cpu[USUAL]["http"])
    for how in ("on_demand", "provisioned"):
        what = f"{name}: a million presses, {how.replace('_', ' ')}"
        ours_, usual_ = (getattr(each, how) for each in (ours, usual))
        yield Row(what, ours_, "$", usual_, limit=DOLLARS, under=True)

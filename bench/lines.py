"""The figures as lines of the table, each with the goal that the project has set for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from bench import prices
from bench.bulk import LEADS
from bench.cpu import STUBS
from bench.imports import BARE_BOTO3
from bench.presses import COMPARED, USUAL
from bench.table import Figure, Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bench.broadcasts import Broadcast
    from bench.clicks import Clicks, Waited
    from bench.cpu import Cpu
    from bench.presses import Cost, Costs
    from bench.sending import Work
    from bench.square import Reconciled

REQUESTS = {"new": 1.0, "replayed": 1.0}
CPU_MS = {"p50": 1.5, "p99": 5.0}
IMPORT_RATIO = 1.35
CLICK_MS = {"new": 200.0, "replayed": 50.0}
SCREEN_MS = 100.0
BULK_FRAMES = 3.0
BULK_REQUESTS = {"new": 12.0, "replayed": 1.0}
BULK_MS = 2000.0
RECONCILE_SECONDS = 5.0
"""Of a thousand bookings that have not changed; and of those no job is written."""
DOLLARS = 6.0

NOTES = f"""\
The usual stack is Powertools' own idempotency around get, update and put (bench/baseline.py),
pressed as {COMPARED}; its figure stands beside every button. CPU: AWS answers at once, under
botocore (http) or in its place (client). The ratio of an import is to bare boto3. Write units and
dollars are worked out, by the rules and prices in bench/units.py and bench/prices.py; dollars are
without the texts themselves. A broadcast is one change told to so many sockets, whose gateway
answers at once; its CPU is for each socket. `python -m bench --each` prints every button."""


@dataclass(frozen=True)
class Found:
    """All that was measured."""

    costs: Costs
    cpu: Cpu
    imports: dict[str, float]
    clicks: Clicks
    screens: Waited
    broadcasts: list[Broadcast]
    bulk_told: Broadcast
    bulk_requests: dict[str, int]
    bulk_times: list[float]
    sending: dict[str, Work]
    tools: Costs
    reconciled: list[Reconciled]


def of_each(found: Found) -> list[Line]:
    """The table's lines, by subject and then by button."""
    return [line for many in _by_button(found) for line in many] + _others(found)


def of_the_worst(found: Found) -> list[Line]:
    """One line for a subject: of each figure the worst button's, which is named."""
    return [_worst(many) for many in _by_button(found)] + _others(found)


def _by_button(found: Found) -> Iterator[list[Line]]:
    """The subjects that every button has a line in."""
    buttons = [name for name in found.costs if name != USUAL]
    subjects: list[Callable[[str], Line]] = [
        partial(_requests, costs=found.costs),
        partial(_units, costs=found.costs),
        *(partial(_cpu, stub=stub, cpu=found.cpu) for stub in STUBS),
        partial(_import, imports=found.imports, goal=IMPORT_RATIO),
        *(partial(_click, kind=kind, clicks=found.clicks) for kind in CLICK_MS),
        partial(_dollars, costs=found.costs, cpu=found.cpu),
    ]
    for subject in subjects:
        yield [subject(name) for name in buttons]
    others = [name for name in found.imports if name not in {*buttons, BARE_BOTO3, USUAL}]
    yield [_import(name, found.imports, None) for name in others]


def _others(found: Found) -> list[Line]:
    return [
        _reactions(),
        _screens(found.screens),
        *(_broadcast(each) for each in found.broadcasts),
        _frames(found.bulk_told),
        _bulk_requests(found.bulk_requests),
        _bulk_times(found.bulk_times),
        *(_work(kind, each) for kind, each in found.sending.items()),
        *(_tool(name, each) for name, each in found.tools.items()),
        *(_reconciled(each) for each in found.reconciled),
    ]


def _worst(lines: Iterable[Line]) -> Line:
    """Each figure of the line in which it is greatest."""
    many = list(lines)
    columns = list(zip(*(each.figures for each in many), strict=True))
    worst = [max(range(len(many)), key=lambda at: column[at].ours) for column in columns]
    figures = tuple(column[at] for column, at in zip(columns, worst, strict=True))
    names = {many[at].of for at in worst}
    same = all(len({each.ours for each in column}) == 1 for column in columns)
    of = f"all {len(many)}" if same else f"worst of {len(many)}: {', '.join(sorted(names))}"
    return replace(many[0], figures=figures, of=of)


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
    return Line("database requests of a press", "", tuple(figures), name)


def _units(name: str, costs: Costs) -> Line:
    figures = (
        Figure(kind, cost.write_units, costs[USUAL][kind].write_units)
        for kind, cost in costs[name].items()
    )
    return Line("write units of a press", "", tuple(figures), name)


def _cpu(name: str, stub: str, cpu: Cpu) -> Line:
    ours, usual = cpu[name][stub], cpu[USUAL][stub]
    figures = (
        Figure("p50", ours.p50, usual.p50, limit=CPU_MS["p50"], under=True),
        Figure("p99", ours.p99, usual.p99, limit=CPU_MS["p99"], under=True),
    )
    return Line(f"CPU ms of a press, {stub} stubbed", "ms", figures, name)


def _import(name: str, imports: dict[str, float], goal: float | None) -> Line:
    what = "button" if goal else "function without one"
    figure = Figure("", imports[name], imports[USUAL], imports[BARE_BOTO3], goal, of_ratio=True)
    return Line(f"import CPU ms of a {what}", "ms", (figure,), name)


def _click(name: str, kind: str, clicks: Clicks) -> Line:
    waited = clicks[name][kind]
    p95 = Figure("p95", waited.p95, limit=CLICK_MS[kind], under=True)
    return Line(f"click to answer ms, {kind}", "ms", (Figure("p50", waited.p50), p95), name)


def _dollars(name: str, costs: Costs, cpu: Cpu) -> Line:
    ours = prices.of_a_million(costs[name]["new"], cpu[name]["http"])
    usual = prices.of_a_million(costs[USUAL]["new"], cpu[USUAL]["http"])
    figures = (
        Figure("on demand", ours.on_demand, usual.on_demand, limit=DOLLARS, under=True),
        Figure("provisioned", ours.provisioned, usual.provisioned, limit=DOLLARS, under=True),
    )
    return Line("dollars of a million presses", "$", figures, name)


def _reactions() -> Line:
    figure = Figure(f"to {prices.SCREENS} screens", prices.of_reactions())
    return Line("dollars of announcing a million presses", "$", (figure,))


def _tool(name: str, kinds: dict[str, Cost]) -> Line:
    """Requests of each kind, write units of the first, which has no key seen before."""
    requests = (Figure(kind, len(cost.requests)) for kind, cost in kinds.items())
    units = Figure("write units of new", kinds["new"].write_units)
    return Line("database requests of a tool of the voice agent", "", (*requests, units), name)


def _screens(waited: Waited) -> Line:
    p95 = Figure("p95", waited.p95, limit=SCREEN_MS, under=True)
    return Line("commit to another client's socket ms", "ms", (Figure("p50", waited.p50), p95))


def _broadcast(told: Broadcast) -> Line:
    figures = (
        Figure("queries", told.queries),
        Figure("queue sends", told.sends),
        Figure("invocations", told.invocations),
        Figure("posts", told.posts, limit=told.connections),
        Figure("CPU ms", round(told.milliseconds / told.connections, 2)),
    )
    return Line(f"broadcast to {told.connections:,} connections", "", figures)


def _frames(told: Broadcast) -> Line:
    figures = (
        Figure("frames a socket", told.frames, limit=BULK_FRAMES),
        Figure("queue sends", told.sends),
        Figure("invocations", told.invocations),
    )
    return Line(f"bulk of {LEADS} leads, told to {told.connections} sockets", "", figures)


def _bulk_requests(requests: dict[str, int]) -> Line:
    figures = (Figure(kind, count, limit=BULK_REQUESTS[kind]) for kind, count in requests.items())
    return Line(f"bulk of {LEADS} leads, database requests", "", tuple(figures))


def _bulk_times(times: list[float]) -> Line:
    figures = (
        Figure("p50", median(times)),
        Figure("slowest", max(times), limit=BULK_MS, under=True),
    )
    return Line(f"bulk of {LEADS} leads, click to answer ms", "ms", figures)


def _work(kind: str, work: Work) -> Line:
    commits = work.requests.count("TransactWriteItems")
    figures = (
        Figure("reads", len(work.requests) - commits),
        Figure("commits", commits),
        Figure("calls of Twilio", work.calls),
    )
    return Line(f"worker, a text {kind}", "", figures)


def _reconciled(run: Reconciled) -> Line:
    """What a run writes of itself is in the requests, not in the writes."""
    same = run.changed == 0
    figures = (
        Figure("s", run.seconds, limit=RECONCILE_SECONDS if same else None, under=True),
        Figure("requests", run.requests),
        Figure("writes", run.writes, limit=run.changed),
    )
    what = f"reconciliation of {run.bookings:,} bookings, {run.changed:,} changed"
    return Line(what, "", figures)

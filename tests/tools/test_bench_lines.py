"""The table has its lines for every button that there is; what it measures is made up here."""

from __future__ import annotations

import pytest

from bench.broadcasts import Broadcast
from bench.clicks import Waited
from bench.cpu import STUBS, Spent
from bench.imports import BARE_BOTO3
from bench.lines import Found, of_each, of_the_worst
from bench.presses import KINDS, USUAL, Cost
from bench.table import as_json, printed
from tests.support.actions import actions

BUTTONS = [case.name for case in actions()]
TOOL = "check_availability"


@pytest.fixture
def found() -> Found:
    """Figures of every button and of one tool; the last button is dearer than all others."""
    requests = {name: ["TransactWriteItems"] for name in [USUAL, *BUTTONS, TOOL]}
    requests[BUTTONS[-1]] = ["BatchGetItem", "TransactWriteItems"]
    costs = {
        name: {kind: Cost(asked, 6, 0.5, {}, 300) for kind in KINDS}
        for name, asked in requests.items()
    }
    told = Broadcast(10, 1, 1, 1, 10, 1, 5.0)
    return Found(
        costs={name: each for name, each in costs.items() if name != TOOL},
        cpu={name: {stub: Spent(1.0, 2.0) for stub in STUBS} for name in [USUAL, *BUTTONS]},
        imports=dict.fromkeys([BARE_BOTO3, USUAL, *BUTTONS, "broadcast"], 100.0),
        clicks={name: {kind: Waited(10, 20) for kind in ("new", "replayed")} for name in BUTTONS},
        screens=Waited(20, 30),
        broadcasts=[told],
        bulk_told=told,
        bulk_requests={"new": 12, "replayed": 1},
        bulk_times=[900.0],
        sending={},
        tools={TOOL: costs[TOOL]},
        reconciled=[],
    )


def test_every_button_has_its_lines(found: Found) -> None:
    """And each of them can be printed and written."""
    lines = of_each(found)
    requests = [line.of for line in lines if line.what == "database requests of a press"]
    assert requests == BUTTONS
    assert all(name in as_json(lines) for name in [*BUTTONS, TOOL])


def test_the_worst_button_is_named(found: Found) -> None:
    """The one that asks twice, though every other asks once."""
    line = of_the_worst(found)[0]
    assert [figure.ours for figure in line.figures] == [2, 2, 2]
    assert BUTTONS[-1] in line.of
    assert BUTTONS[-1] in printed([line])

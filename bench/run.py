"""Measures everything and prints it."""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench import clicks, cpu, imports, lines
from bench.table import as_json, printed
from closedloop import wiring
from tests.imports.support import environment
from tests.support.actions import actions
from tests.support.database import PREFIX, database

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.table import Line


@dataclass(frozen=True)
class Counts:
    """How often each thing is done."""

    calls: int
    imports: int
    presses: int


QUICK = Counts(calls=100, imports=3, presses=10)


def thorough() -> Counts:
    """Enough for percentiles; with many buttons fewer calls of each, so that it ends in time."""
    buttons = len(actions())
    return Counts(
        calls=max(400, 4000 // buttons), imports=9, presses=max(50, min(200, 600 // buttons))
    )


def main(arguments: Sequence[str]) -> int:
    """Print the table; 0 whether the goals are met or not."""
    options = _parser().parse_args(arguments)
    started = time.monotonic()
    found = measured(QUICK if options.quick else thorough())
    if options.json:
        Path(options.json).write_text(as_json(found) + "\n", encoding="utf-8")
    print(printed(found))
    print(f"\n{lines.NOTES}\nMeasured in {time.monotonic() - started:.0f} s on this machine.")
    return 0


def measured(counts: Counts) -> list[Line]:
    """All lines of the table."""
    with database() as db:
        _connect(db.url)
        from bench import presses  # noqa: PLC0415 - the usual stack reads its settings at import

        costs = presses.costs(db)
        spent = cpu.measure(costs, counts.calls)
    return lines.all_lines(
        costs, spent, imports.measure(counts.imports), clicks.measure(counts.presses)
    )


def _connect(url: str) -> None:
    """This process in the place of the functions, with the database that was started."""
    # Not as in Lambda: there a client is built at import, before the address is known.
    settings = environment() | {"AWS_ENDPOINT_URL_DYNAMODB": url, "TABLE_PREFIX": PREFIX}
    settings["PYTHONPATH"] = os.pathsep.join([*sys.path[:1], settings["PYTHONPATH"]])
    os.environ.update({name: value for name, value in settings.items() if "LAMBDA" not in name})
    wiring.forget()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few repeats: does it run at all")
    parser.add_argument("--json", metavar="FILE", help="write the figures there as well")
    return parser

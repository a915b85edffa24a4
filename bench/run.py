"""Measures everything and prints it."""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bench import broadcasts, bulk, clicks, cpu, imports, lines, screens, sending, square
from bench.table import as_json, printed
from closedloop import wiring
from local.stack import Stack
from tests.imports.support import environment
from tests.support.database import PREFIX, Database, database

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Counts:
    """How often each thing is done, each button's presses among them."""

    calls: int
    imports: int
    presses: int
    bulks: int


THOROUGH = Counts(calls=2000, imports=9, presses=60, bulks=10)
QUICK = Counts(calls=100, imports=1, presses=5, bulks=2)


def main(arguments: Sequence[str]) -> int:
    """Print the table; 0 whether the goals are met or not."""
    options = _parser().parse_args(arguments)
    started = time.monotonic()
    found = measured(QUICK if options.quick else THOROUGH)
    if options.json:
        Path(options.json).write_text(as_json(lines.of_each(found)) + "\n", encoding="utf-8")
    print(printed(lines.of_each(found) if options.each else lines.of_the_worst(found)))
    print(f"\n{lines.NOTES}\nMeasured in {time.monotonic() - started:.0f} s on this machine.")
    return 0


def measured(counts: Counts) -> lines.Found:
    """Everything, one thing after the other."""
    return lines.Found(
        **_in_this_process(counts),
        imports=imports.measure(counts.imports),
        **_on_the_stack(counts),
    )


def _in_this_process(counts: Counts) -> dict[str, Any]:
    with database() as db:
        _connect(db)
        # The usual stack reads its settings at import.
        from bench import presses, tools  # noqa: PLC0415

        costs = presses.costs(db)
        return {
            "costs": costs,
            "cpu": cpu.measure(costs, counts.calls),
            "tools": tools.costs(db),
            "bulk_requests": bulk.requests(db),
            "sending": sending.measure(db),
            "broadcasts": broadcasts.measure(db),
            "bulk_told": broadcasts.bulk(db),
            "reconciled": square.measure(db),
        }


def _on_the_stack(counts: Counts) -> dict[str, Any]:
    with TemporaryDirectory(prefix="closedloop-bench-") as folder, Stack(Path(folder)) as stack:
        return {
            "clicks": clicks.measure(stack, counts.presses),
            "screens": screens.measure(stack, counts.presses),
            "bulk_times": bulk.timed(stack, counts.bulks),
        }


def _connect(db: Database) -> None:
    """This process in the place of the functions, with the database that was started."""
    # Not as in Lambda: there a client is built at import, before the address is known.
    settings = environment() | {"AWS_ENDPOINT_URL_DYNAMODB": db.url, "TABLE_PREFIX": PREFIX}
    settings |= {"PHOTOS_BUCKET": "closedloop-photos", "PHOTOS_URL": ""}
    settings["AWS_SESSION_TOKEN"] = db.token
    settings["PYTHONPATH"] = os.pathsep.join([*sys.path[:1], settings["PYTHONPATH"]])
    os.environ.update({name: value for name, value in settings.items() if "LAMBDA" not in name})
    wiring.forget()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few repeats: does it run at all")
    parser.add_argument("--each", action="store_true", help="every button, not the worst of each")
    parser.add_argument("--json", metavar="FILE", help="write the figures of every button there")
    return parser

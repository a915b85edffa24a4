"""Plants mistakes into the code and sees whether the tests notice: `make mutants`.

Each mutant runs in a fork of a process that has already collected the tests and started the
database, so that most take a second. A mutant that no test notices survives: it must be killed by
a new test or explained in docs/mutants.md.
"""

from __future__ import annotations

import importlib
import inspect
import os
import random
import resource
import signal
import sys
import traceback
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.breaks import breaks
from tests.mutants.changes import Mutant, mutants
from tests.mutants.modules import JUDGES
from tests.support.database import database
from tests.support.template import ROOT

PATIENCE = 3
"""A mutant that takes so many times the CPU of the code as it is runs in circles: noticed too."""

MOST = 60
"""Mutants of one module in a run: all there are, else drawn with its name as the seed."""

BREAKS = "breaks"
"""In place of a module: those of docs/breaks.md."""

_NO_LIMIT = 3600
_LIMIT = 60
"""CPU seconds of one test with a break in the code."""

EXPLAINED = ROOT / "docs" / "mutants.md"


def main(wanted: list[str]) -> int:
    """The exit code: 1 if a mutant survives that docs/mutants.md does not explain."""
    wanted = wanted or [*JUDGES, BREAKS]
    modules = {name: JUDGES[name] for name in wanted if name != BREAKS}
    os.environ["HYPOTHESIS_PROFILE"] = "fast"
    with database() as started:
        os.environ |= {"DYNAMODB_URL": started.url, "DYNAMODB_TOKEN": started.token}
        survivors = [each for name, tests in modules.items() for each in _survivors(name, tests)]
        survivors += _unnoticed_breaks() if BREAKS in wanted else []
    explained = EXPLAINED.read_text(encoding="utf-8").partition("\n## Explained\n")[2]
    unexplained = [each for each in survivors if f"`{each.name}`" not in explained]
    for each in unexplained:
        print("NOT NOTICED", each.name)
    return int(bool(unexplained))


def _survivors(name: str, tests: tuple[str, ...]) -> list[Mutant]:
    module = importlib.import_module(name)
    _run("--collect-only", *tests)  # here, so that the forks find all of it imported
    every = mutants(name, Path(str(module.__file__)).read_text(encoding="utf-8"))
    drawn = random.Random(name).sample(every, min(MOST, len(every)))
    before = _cpu_of_children()
    if not _forked(partial(_passes, tests), _NO_LIMIT):
        sys.exit(f"the tests of {name} fail without a mutant")
    limit = 10 + PATIENCE * (_cpu_of_children() - before)
    survivors = [each for each in drawn if _forked(partial(_passes, tests, each), limit)]
    print(name, f"{len(every)} possible, {len(drawn)} made, {len(survivors)} survived", flush=True)
    for each in survivors:
        print("  survived:", each.name, flush=True)
    return survivors


def _unnoticed_breaks() -> list[Mutant]:
    """Each break against the one test that it names."""
    chosen = {each.test: each for each in breaks()}
    _run("--collect-only", *chosen)
    failing = [each for each in chosen if not _forked(partial(_passes, (each,)), _NO_LIMIT)]
    if failing:
        sys.exit(f"these fail without a break: {failing}")
    unnoticed = []
    for each in breaks():
        mutant = each.mutant()
        noticed = not _forked(partial(_passes, (each.test,), mutant), _LIMIT)
        print("noticed" if noticed else "NOT NOTICED", mutant.name, "|", each.test, flush=True)
        unnoticed += [] if noticed else [mutant]
    return unnoticed


def _cpu_of_children() -> int:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round(spent.ru_utime + spent.ru_stime)


def _forked(passes: Any, cpu_seconds: int) -> bool:
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
        signal.alarm(20 * cpu_seconds)  # it may wait in circles too
        try:
            os._exit(0 if passes() else 1)
        finally:  # what could not be planted was not noticed either
            traceback.print_exc()
            os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def _plant(mutant: Mutant) -> None:
    function: Any = importlib.import_module(mutant.module)
    for part in mutant.function.split("."):
        function = inspect.getattr_static(function, part)
    function = inspect.unwrap(getattr(function, "fget", None) or function)
    getattr(function, "__func__", function).__code__ = mutant.code


def _passes(tests: tuple[str, ...], mutant: Mutant | None = None) -> bool:
    if mutant:
        _plant(mutant)
    return _run("-x", *tests)


def _run(*asked: str) -> bool:
    quiet = ["-q", "-p", "no:cacheprovider", "-m", "not thorough"]
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        return pytest.main([*quiet, *asked]) == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What it costs to import a function, in fresh interpreters, taken in turns."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from bench.presses import USUAL
from tests.imports.support import BARE, environment
from tests.support.template import ROOT, functions

BARE_BOTO3 = "bare boto3"
_TIMED = """
from time import process_time
started = process_time()
{}
print(process_time() - started)
"""


def measure(rounds: int) -> dict[str, float]:
    """CPU milliseconds by function folder, and of bare boto3 and the usual stack; medians.

    Each with its client built, as before a first request. The files are compiled beforehand.
    """
    subjects: dict[str, tuple[str, str | None]] = {
        BARE_BOTO3: (BARE, None),
        USUAL: ("import bench.baseline", None),
    }
    subjects |= {folder: ("import app", folder) for folder in sorted(functions())}
    # The first round may have to compile. Two at a time: what counts is CPU, not the clock.
    turns = [(name, *how) for _ in range(rounds + 1) for name, how in subjects.items()]
    with ThreadPoolExecutor(2) as pool:
        took = list(pool.map(lambda turn: (turn[0], _once(*turn[1:])), turns))
    counted = took[len(subjects) :]
    return {name: median(ms for each, ms in counted if each == name) for name in subjects}


def _once(code: str, folder: str | None) -> float:
    variables = environment(folder)
    variables["PYTHONPATH"] += os.pathsep + str(ROOT)
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", _TIMED.format(code)],
        env=variables,
        cwd=ROOT / "tests",
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1]) * 1000

"""What it costs to import a function, in fresh interpreters, taken in turns."""

from __future__ import annotations

import os
import subprocess
import sys
from statistics import median

from bench.presses import USUAL
from tests.imports.support import BARE, FOLDERS, environment
from tests.support.template import ROOT

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
    subjects |= {folder: ("import app", folder) for folder in FOLDERS}
    spent: dict[str, list[float]] = {name: [] for name in subjects}
    for round_ in range(rounds + 1):
        for name, (code, folder) in subjects.items():
            took = _once(code, folder)
            if round_:  # the first one may have compiled
                spent[name].append(took)
    return {name: median(times) for name, times in spent.items()}


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

"""A function as Lambda starts it: a fresh interpreter, its own folder, the layer, its variables."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.support.template import ROOT, functions, template

FOLDERS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/app.py"))
BARE = "import boto3; boto3.client('dynamodb')"
"""The least that a function which uses DynamoDB can load."""

WATCHED = """
import sys
read = {"open": [], "os.listdir": []}
def watch(name, args):
    if name in read and isinstance(args[0], str) and "/boto" in args[0] and "/data" in args[0]:
        read[name].append(args[0])
sys.addaudithook(watch)
"""
"""From here on `read` holds what is opened and listed of botocore's and boto3's data."""

_STARTED = """
import gc
told = {"collections": sum(generation["collections"] for generation in gc.get_stats())}
told |= {"frozen": gc.get_freeze_count(), "left": len(gc.get_objects())}
told |= {"collector": [gc.isenabled(), gc.get_threshold()]}
told |= {"opened": read["open"], "listed": read["os.listdir"], "modules": sorted(sys.modules)}
"""

_LAYER = ROOT / "layers" / "common"


@dataclass(frozen=True)
class Start:
    """What a fresh interpreter has done once its code is loaded."""

    collections: int
    """How often it has looked for garbage."""
    frozen: int
    """Objects that the collector never looks through again."""
    left: int
    """Objects that it does look through."""
    collector: list[Any]
    """Whether it is on, and its thresholds."""
    opened: list[str]
    """Files of botocore's and boto3's data."""
    listed: list[str]
    """Folders of them."""
    modules: list[str]


@lru_cache
def start(folder: str) -> Start:
    """A function that is ready for its first request; started once for all tests."""
    return Start(**told(f"{WATCHED}import app{_STARTED}", folder))


@lru_cache
def bare() -> Start:
    """An interpreter with bare boto3 and a DynamoDB client."""
    return Start(**told(f"{WATCHED}{BARE}{_STARTED}"))


def loaded(code: str, folder: str | None = None) -> set[str]:
    """The modules that a fresh interpreter has after `code`, in the place of a function."""
    return set(told(f"{code}; import sys; told = sorted(sys.modules)", folder))


def told(code: str, folder: str | None = None) -> Any:
    """What `code` leaves in `told`, run by a fresh interpreter in the place of a function."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport json; print(json.dumps(told))"],
        env=environment(folder),
        cwd=ROOT / "tests",  # not a place from which the project's other folders can be imported
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def environment(folder: str | None = None) -> dict[str, str]:
    """The variables of a function, each with some value; Lambda's own are among them."""
    own = functions()[folder].get("Environment", {}).get("Variables", {}) if folder else {}
    shared = template()["Globals"]["Function"]["Environment"]["Variables"]
    values = {name: value_of(written) for name, written in (shared | own).items()}
    path = [str(ROOT / "functions" / folder)] if folder else []
    return values | {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([*path, str(_LAYER)]),
        "AWS_LAMBDA_FUNCTION_NAME": folder or "bare",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


def value_of(written: Any) -> str:
    """A variable's value: the template's own text, its parameter's default, or some address."""
    if isinstance(written, str):
        return written
    parameter = template()["Parameters"].get(written.get("Ref"), {})
    return str(parameter.get("Default") or "https://example.com")

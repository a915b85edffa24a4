"""The commands: run, stop, seed and status."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local import running
from local.launch import launch
from local.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Runs a command and returns the exit status: 0 when it did what it says."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.from_environment()
    except ValueError as error:
        print(error)
        return 2
    if options.command == "run":
        return _run(settings, options)
    return {"stop": _stop, "seed": _seed, "status": _status}[options.command](settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="start the stack and say where it is")
    run.add_argument("--foreground", action="store_true", help="stay; Ctrl-C ends the stack")
    # For programs: a pipe to report on, and a stack that ends with the program that started it.
    run.add_argument("--report-fd", type=int, help=argparse.SUPPRESS)
    run.add_argument("--until-stdin-closes", action="store_true", help=argparse.SUPPRESS)
    commands.add_parser("stop", help="end the stack")
    commands.add_parser("seed", help="bring the running stack back to the demo data")
    commands.add_parser("status", help="say whether and where the stack runs")
    return parser


def _run(settings: Settings, options: argparse.Namespace) -> int:
    if running.pid(settings.pid_file) and options.report_fd is None:
        print("The stack runs already; 'make stop' ends it.")
        return _status(settings)
    if not options.foreground:
        return _status(settings) if launch(settings) else 1
    from local.foreground import run_here  # noqa: PLC0415 - the other commands answer at once

    return run_here(
        settings,
        report_fd=options.report_fd,
        until_stdin_closes=options.until_stdin_closes,
        show=lambda: _status(settings),
    )


def _stop(settings: Settings) -> int:
    print("Stopped." if running.stop(settings.pid_file) else "No stack is running.")
    return 0


def _seed(settings: Settings) -> int:
    if not running.pid(settings.pid_file) or not settings.runtime_file.exists():
        print("No stack is running; 'make run' starts one.")
        return 1
    from local.reseed import reseed  # noqa: PLC0415 - the other commands answer at once

    reseed(settings)
    print("The demo data is back.")
    return 0


def _status(settings: Settings) -> int:
    if not running.pid(settings.pid_file) or not settings.info_file.exists():
        print("No stack is running.")
        return 1
    info: dict[str, Any] = json.loads(settings.info_file.read_text())
    names = {"Dashboard": "web_url", "API": "api_url", "Socket": "ws_url", "Sandbox": "sandbox_url"}
    addresses = [f"  {name:9}  {info[key]}" for name, key in names.items() if info[key]]
    files = f"  Tokens and ids: {_short(settings.info_file)}   log: {_short(settings.log_file)}"
    print("", *addresses, "", files, "", sep="\n")
    return 0


def _short(path: Path) -> Path:
    """As a person in this directory would write it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path

"""Starts the stack as a process of its own and waits until it answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from local import running
from local.settings import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.settings import Settings


class NotStartedError(Exception):
    """The stack did not come up; the text says why."""


def launch(settings: Settings) -> bool:
    """Starts a stack that stays, and says whether it is up; what happens is printed."""
    try:
        with started(settings, detached=True) as (_, reports):
            follow(reports, settings, print)
    except NotStartedError as error:
        print(error)
        return False
    except KeyboardInterrupt:
        running.stop(settings.pid_file)
        return False
    return True


@contextmanager
def started(
    settings: Settings, *, detached: bool
) -> Iterator[tuple[subprocess.Popen[bytes], IO[str]]]:
    """A starting stack and its reports.

    A detached one outlives this program and its terminal; another ends when its stdin closes.
    """
    settings.local_dir.mkdir(parents=True, exist_ok=True)
    reading, writing = os.pipe()
    mode = [] if detached else ["--until-stdin-closes"]
    command = [sys.executable, "-m", "local", "run", "--foreground", *mode]
    with _private_log(settings) as log, open(reading) as reports:  # noqa: PTH123 - a pipe
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*command, "--report-fd", str(writing)],
            cwd=ROOT,
            env=os.environ | settings.environment(),
            stdin=subprocess.DEVNULL if detached else subprocess.PIPE,
            stdout=log,
            stderr=log,
            pass_fds=[writing],
            start_new_session=detached,
        )
        os.close(writing)
        yield process, reports


def _private_log(settings: Settings) -> IO[str]:
    """The log, empty and for this user alone, also where another one lay before."""
    settings.log_file.touch(mode=0o600)
    settings.log_file.chmod(0o600)
    return settings.log_file.open("w")


def follow(reports: IO[str], settings: Settings, tell: Callable[[str], object]) -> None:
    """Returns when the stack is up, having told what it said until then.

    Raises:
        NotStartedError: it failed, or ended without a word.
    """
    for line in reports:
        report = json.loads(line)
        if report["kind"] == "failed":
            raise NotStartedError(report["text"])
        tell(report["text"])
        if report["kind"] == "ready":
            return
    last = "\n".join(settings.log_file.read_text().splitlines()[-15:])
    raise NotStartedError(f"The stack ended before it was up. The end of its log:\n{last}")

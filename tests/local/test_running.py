"""Who counts as the running stack."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from local import running
from local.settings import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HOLDER = """
import sys, pathlib, signal
from local import running
held = running.claim(pathlib.Path(sys.argv[1]))
if len(sys.argv) > 2:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("held", flush=True)
signal.pause()
"""


@contextmanager
def holder(pid_file: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the file."""
    command = [sys.executable, "-c", _HOLDER, str(pid_file), *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_nothing_runs_where_nothing_was_claimed(tmp_path: Path) -> None:
    """Neither a pid nor anything to stop."""
    assert running.pid(tmp_path / "stack.pid") is None
    assert running.stop(tmp_path / "stack.pid") is False


def test_a_claim_is_seen_by_others_and_excludes_them(tmp_path: Path) -> None:
    """One stack a directory."""
    with holder(tmp_path / "stack.pid") as process:
        assert running.pid(tmp_path / "stack.pid") == process.pid
        with pytest.raises(running.AlreadyRunningError):
            running.claim(tmp_path / "stack.pid")


def test_a_claim_ends_with_its_process(tmp_path: Path) -> None:
    """However it ends: the number stays in the file and means nothing."""
    with holder(tmp_path / "stack.pid") as process:
        process.kill()
        process.wait()
    assert running.pid(tmp_path / "stack.pid") is None


def test_a_number_in_the_file_is_not_enough_to_be_stopped(tmp_path: Path) -> None:
    """A stale number may belong to any program by now: this one, say."""
    (tmp_path / "stack.pid").write_text(f"{os.getpid()}\n")
    assert running.stop(tmp_path / "stack.pid") is False


def test_stop_ends_the_process_and_waits_for_it(tmp_path: Path) -> None:
    """Afterwards the directory is free."""
    with holder(tmp_path / "stack.pid") as process:
        assert running.stop(tmp_path / "stack.pid") is True
        assert process.wait() == -signal.SIGTERM
        running.claim(tmp_path / "stack.pid").close()


def test_a_process_that_will_not_end_is_killed(tmp_path: Path) -> None:
    """After some patience."""
    with holder(tmp_path / "stack.pid", "deaf") as process:
        assert running.stop(tmp_path / "stack.pid", patience=0.1) is True
        assert process.wait() == -signal.SIGKILL

"""Whether a stack runs in a directory: a pid file that its supervisor holds locked.

The lock, not the number, is the truth. It ends with the process however that ends, so a stale
file or a number that another program got later is never taken for ours.
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pathlib import Path


class AlreadyRunningError(Exception):
    """Another supervisor holds the pid file."""


def claim(pid_file: Path) -> TextIO:
    """Marks this process as the running stack until the returned file is closed.

    Raises:
        AlreadyRunningError: another process has marked itself.
    """
    pid_file.parent.mkdir(parents=True, exist_ok=True)
    held = pid_file.open("a+")
    # Somebody who asks for the pid holds the lock for an instant.
    for _ in range(5):
        if _lock(held):
            break
        time.sleep(0.05)
    else:
        held.close()
        raise AlreadyRunningError
    held.seek(0)
    held.truncate()
    held.write(f"{os.getpid()}\n")
    held.flush()
    return held


def pid(pid_file: Path) -> int | None:
    """The supervisor's process id, or None when no stack runs there."""
    try:
        with pid_file.open() as file:
            if _lock(file):
                return None
            text = file.read().strip()
    except FileNotFoundError:
        return None
    return int(text) if text.isdigit() else None


def stop(pid_file: Path, *, patience: float = 20.0) -> bool:
    """Ends the stack that runs there and waits for its end; False when none does.

    After `patience` seconds it is killed.
    """
    if (process := pid(pid_file)) is None:
        return False
    os.kill(process, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while pid(pid_file) == process:
        if time.monotonic() > deadline:
            os.kill(process, signal.SIGKILL)
        time.sleep(0.05)
    return True


def _lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

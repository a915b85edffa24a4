"""Runs the emulator, tied to the supervisor by one socket.

Its environment names the socket's descriptor and the secret of this run; neither is handed on to
the functions. Changes of tables are announced on the socket. When the other end closes, the
supervisor is gone, and the emulator ends as if asked to: it saves its state.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
from pathlib import Path

DESCRIPTOR = "LOCAL_SUPERVISOR_FD"
SECRET = "LOCAL_EMULATOR_SECRET"  # noqa: S105 - a variable's name


def run() -> None:
    """Starts the emulator and returns when it has ended."""
    supervisor = socket.socket(fileno=int(os.environ.pop(DESCRIPTOR)))
    secret = os.environ.pop(SECRET)
    # What it writes, kept rows among it, is for this user alone.
    os.umask(0o077)
    from ministack import app  # noqa: PLC0415 - a second of imports, after the socket is safe

    from local.emulator import patches  # noqa: PLC0415 - same

    patches.apply(supervisor, secret)
    threading.Thread(target=_end_with, args=(supervisor,), daemon=True).start()
    try:
        app.main()
    finally:
        _vanish()


def _vanish() -> None:
    """Ends at once, and with it the functions' processes; their files go, too.

    Here and not only in the supervisor, which may be gone.
    """
    os.execvp("rm", ["rm", "-rf", os.environ["TMPDIR"]])  # noqa: S606, S607 - every Unix has it


def _end_with(supervisor: socket.socket) -> None:
    with contextlib.suppress(OSError):
        supervisor.recv(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    # Installed packages first: no file of this project may shadow one of them.
    sys.path.pop(0)
    sys.path.append(str(Path(__file__).parents[2]))
    run()

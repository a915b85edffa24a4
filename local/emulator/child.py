"""Runs the emulator, tied to the supervisor by one socket.

Its environment names the socket's descriptor. Each committed change of a table with a stream is
announced on it by the table's name, so that nobody has to poll. When the other end closes, the
supervisor is gone, and the emulator ends as if asked to: it saves its state.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
from typing import Any

DESCRIPTOR = "LOCAL_SUPERVISOR_FD"


def run() -> None:
    """Starts the emulator and returns when it has ended."""
    supervisor = socket.socket(fileno=int(os.environ.pop(DESCRIPTOR)))
    from ministack import app  # noqa: PLC0415 - a second of imports, after the socket is safe

    _announce_changes(supervisor)
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


def _announce_changes(supervisor: socket.socket) -> None:
    from ministack.services import dynamodb  # noqa: PLC0415 - see above

    emit = dynamodb._emit_stream_event  # noqa: SLF001 - the one place where all changes pass

    def emit_and_tell(table_name: str, *args: Any, **kwargs: Any) -> None:
        emit(table_name, *args, **kwargs)
        # A full socket means that the supervisor has news to read already.
        with contextlib.suppress(OSError):
            supervisor.send(f"{table_name}\n".encode(), socket.MSG_DONTWAIT)

    dynamodb._emit_stream_event = emit_and_tell  # noqa: SLF001 - see above


def _end_with(supervisor: socket.socket) -> None:
    with contextlib.suppress(OSError):
        supervisor.recv(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    # Only installed packages are importable: a sibling of this file must not shadow one of them.
    sys.path.pop(0)
    run()

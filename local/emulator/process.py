"""The emulator's process: started with a clean environment, ended with its traces removed."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from local.emulator import child, guard, state
from local.settings import ACCOUNT, HOST, REGION

if TYPE_CHECKING:
    from collections.abc import Callable

_START_SECONDS = 30.0


class EmulatorError(Exception):
    """The emulator did not start."""


class Emulator:
    """One emulator on a free loopback port.

    `on_change` is called, from a thread, with the name of each table that changed. The emulator
    ends with this object's process, however that ends. It answers only who carries `admin_token`
    (as the administrator's session token) or, for the deployed APIs, `door_token`.
    """

    def __init__(self, state_dir: Path | None, on_change: Callable[[str], None]) -> None:
        self.port = _free_port()
        self.endpoint = f"http://{HOST}:{self.port}"
        self._state_dir = state_dir
        self._on_change = on_change
        self._secret = secrets.token_hex(32)
        self.admin_token = guard.token(self._secret, ACCOUNT)
        self.door_token = guard.door_token(self._secret)
        self._scratch = Path(tempfile.mkdtemp(prefix="closedloop-"))
        self._process, self._link = self._spawn()
        threading.Thread(target=self._read_changes, daemon=True).start()

    def wait_until_ready(self) -> None:
        """Returns when it answers.

        Raises:
            EmulatorError: it ended, or did not answer in time.
        """
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if not self.alive or time.monotonic() > deadline:
                raise EmulatorError("The emulator did not start; the log says why.")
            time.sleep(0.02)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Ends it: state saved when it is kept, temporary files removed."""
        if self.alive:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with suppress(OSError):  # ends the thread that reads changes
            self._link.shutdown(socket.SHUT_RDWR)
        with suppress(ProcessLookupError):  # the functions' processes are of its group
            os.killpg(self._process.pid, signal.SIGKILL)
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _spawn(self) -> tuple[subprocess.Popen[bytes], socket.socket]:
        ours, theirs = socket.socketpair()
        if self._state_dir:
            state.prepare(self._state_dir, self.port)
        environment = _environment(self.port, self._scratch, self._state_dir)
        environment |= {child.DESCRIPTOR: str(theirs.fileno()), child.SECRET: self._secret}
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [sys.executable, child.__file__],
            env=environment,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            cwd=self._scratch,
            # Ctrl-C is for the supervisor, which ends the parts in order.
            start_new_session=True,
        )
        theirs.close()
        return process, ours

    def _answers(self) -> bool:
        headers = {guard.DOOR_HEADER.decode(): self.door_token}
        asked = urllib.request.Request(self.endpoint + guard.HEALTH, headers=headers)  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(asked, timeout=2) as answer:  # noqa: S310 - loopback
                return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's own number
        except OSError:
            return False

    def _read_changes(self) -> None:
        rest = b""
        while chunk := self._link.recv(65536):
            *names, rest = (rest + chunk).split(b"\n")
            for name in set(names):
                self._on_change(name.decode())


def _environment(port: int, scratch: Path, state_dir: Path | None) -> dict[str, str]:
    """Nothing of the developer's but PATH and language: no credentials, proxies or profiles."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return kept | {
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "STATE_DIR": str(state_dir or scratch),
        "S3_DATA_DIR": str(scratch / "s3"),
        "PERSIST_STATE": "1" if state_dir else "0",
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AUTH": "true",
        "LAMBDA_EXECUTOR": "local",
        # A burst starts a process of 50 MB a call; all but one of a function end soon after it.
        "LAMBDA_WARM_TTL_SECONDS": "20",
        "DOCKER_HOST": f"unix://{scratch}/no-docker.sock",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "PYTHONUNBUFFERED": "1",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])

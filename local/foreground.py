"""Runs the stack in this process, and puts what goes wrong into words."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from typing import TYPE_CHECKING

from local.deploy.stack import DeployError
from local.door.server import PortTakenError
from local.emulator.process import EmulatorError
from local.running import AlreadyRunningError
from local.supervisor import StackDiedError, supervise

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.settings import Settings


def run_here(
    settings: Settings,
    *,
    report_fd: int | None,
    until_stdin_closes: bool,
    show: Callable[[], object],
) -> int:
    """Runs until the end and returns the exit status.

    With `report_fd`, a program at the other end of that pipe is told what happens, as lines of
    JSON with `kind` (say, ready, failed) and `text`; without it, it is printed, and `show` is
    called when the stack is up.
    """
    reporter = _Reporter(report_fd)

    def ready(address: str) -> None:
        reporter.tell("ready", f"The stack is up at {address}.")
        if report_fd is None:
            show()

    return asyncio.run(_run(settings, reporter, ready, until_stdin_closes=until_stdin_closes))


class _Reporter:
    def __init__(self, descriptor: int | None) -> None:
        self._pipe = None if descriptor is None else os.fdopen(descriptor, "w", buffering=1)

    def tell(self, kind: str, text: str) -> None:
        print(text, flush=True)
        if self._pipe is None:
            return
        try:
            self._pipe.write(json.dumps({"kind": kind, "text": text}) + "\n")
        except BrokenPipeError:
            self._pipe = None

    def say(self, text: str) -> None:
        self.tell("say", text)


async def _run(
    settings: Settings,
    reporter: _Reporter,
    ready: Callable[[str], None],
    *,
    until_stdin_closes: bool,
) -> int:
    stop = asyncio.Event()
    if until_stdin_closes:
        _stop_when_stdin_closes(stop)
    try:
        await supervise(settings, stop, reporter.say, ready)
    except PortTakenError as error:
        reporter.tell("failed", _PORT_TAKEN.format(port=error, other=settings.port + 1))
    except AlreadyRunningError:
        reporter.tell("failed", "A stack runs already; 'make stop' ends it.")
    except DeployError as error:
        reporter.tell("failed", f"The template could not be deployed: {error}")
    except (EmulatorError, StackDiedError) as error:
        reporter.tell("failed", str(error))
    else:
        return 0
    return 1


_PORT_TAKEN = "Port {port} is taken by another program. Choose another one: PORT={other} make run"


def _stop_when_stdin_closes(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def wait() -> None:
        sys.stdin.read()
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait, daemon=True).start()

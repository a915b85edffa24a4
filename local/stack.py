"""A local stack for tests: `with Stack(directory) as stack: ...`."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Self

from local.emulator.clients import Clients
from local.launch import follow, started
from local.settings import ROOT, TABLE_PREFIX, Settings
from local.tokens import Issuer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from local.info import Info

_STOP_SECONDS = 30


class Stack:
    """A stack of its own, beside any other, from `start` to `stop`.

    It runs as a process and ends with the program that started it, however that ends. `local_dir`
    takes its files; `state_dir` keeps its data for the next one. Port 0 is a free one. `parameters`
    are of the template, in the place of its defaults.
    """

    table_prefix = TABLE_PREFIX

    info: Info
    """What stack.json says: addresses, tokens and ids."""

    issuer: Issuer
    """Mints other tokens than those in `info`: expired ones, say."""

    client: Clients
    """`stack.client("dynamodb")` is a boto3 client with every right in the emulator."""

    def __init__(
        self,
        local_dir: Path,
        *,
        port: int = 0,
        state_dir: Path | None = None,
        template: Path = ROOT / "template.yaml",
        watch: bool = False,
        web: bool = False,
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        self.settings = Settings(
            port=port,
            local_dir=local_dir.resolve(),
            state_dir=state_dir.resolve() if state_dir else None,
            template=template.resolve(),
            watch=watch,
            web=web,
            parameters=parameters or {},
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Returns when everything answers.

        Raises:
            NotStartedError: it did not come up; the text says why.
        """
        with started(self.settings, detached=False) as (self._process, reports):
            try:
                follow(reports, self.settings, lambda _: None)
            except BaseException:
                self.stop()
                raise
        self.info = json.loads(self.settings.info_file.read_text())
        self.issuer = Issuer(f"{self.info['web_url']}/auth", self.settings.key_file)
        runtime = json.loads(self.settings.runtime_file.read_text())
        self.client = Clients(runtime["emulator_url"], runtime["emulator_token"])
        return self

    def stop(self) -> None:
        """Ends it: state saved when it is kept."""
        if self._process is None:
            return
        if hasattr(self, "client"):
            self.client.close()
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def log(self) -> str:
        """What the stack and its functions have printed so far."""
        return self.settings.log_file.read_text()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

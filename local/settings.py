"""What the environment says about this run of the local stack."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
REGION = "us-east-1"
ACCOUNT = "000000000000"
STACK_NAME = "closedloop"
TABLE_PREFIX = f"{STACK_NAME}-"
PHOTOS_BUCKET = f"{STACK_NAME}-photos-{ACCOUNT}-{REGION}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the stack listens, what it deploys and where it keeps its files.

    `port` 0 asks for any free one. `state_dir` None means fresh data in each run. `parameters` are
    of the template, in the place of its defaults.
    """

    port: int = 8787
    local_dir: Path = ROOT / ".local"
    state_dir: Path | None = None
    template: Path = ROOT / "template.yaml"
    watch: bool = True
    web: bool = True
    parameters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Reads PORT, LOCAL_DIR, STATE_DIR and the LOCAL_ variables.

        Raises:
            ValueError: PORT is not a port number, or LOCAL_PARAMETERS no JSON.
        """
        state_dir = environ.get("STATE_DIR")
        return cls(
            port=_port(environ.get("PORT") or "8787"),
            local_dir=Path(environ.get("LOCAL_DIR") or ROOT / ".local").resolve(),
            state_dir=Path(state_dir).resolve() if state_dir else None,
            template=Path(environ.get("LOCAL_TEMPLATE") or ROOT / "template.yaml").resolve(),
            watch=environ.get("LOCAL_WATCH", "1") != "0",
            web=environ.get("LOCAL_WEB", "1") != "0",
            parameters=json.loads(environ.get("LOCAL_PARAMETERS") or "{}"),
        )

    def environment(self) -> dict[str, str]:
        """The variables from which another process reads these settings."""
        return {
            "PORT": str(self.port),
            "LOCAL_DIR": str(self.local_dir),
            "STATE_DIR": str(self.state_dir or ""),
            "LOCAL_TEMPLATE": str(self.template),
            "LOCAL_WATCH": str(int(self.watch)),
            "LOCAL_WEB": str(int(self.web)),
            "LOCAL_PARAMETERS": json.dumps(dict(self.parameters)),
        }

    @property
    def info_file(self) -> Path:
        """The addresses, tokens and ids that programs read."""
        return self.local_dir / "stack.json"

    @property
    def runtime_file(self) -> Path:
        """What the stack's own commands need to reach the running stack."""
        return self.local_dir / "runtime.json"

    @property
    def log_file(self) -> Path:
        """What the supervisor, the emulator and the functions print."""
        return self.local_dir / "stack.log"

    @property
    def pid_file(self) -> Path:
        """The supervisor's process id; locked by it as long as it lives."""
        return self.local_dir / "stack.pid"

    @property
    def key_file(self) -> Path:
        """The token issuer's key: where the data is kept, so that tokens live as long as it."""
        return (self.state_dir or self.local_dir) / "issuer.pem"


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= number <= 65535:  # noqa: PLR2004 - the range of a port is what it is
        message = f"PORT must be a number from 0 to 65535, not {text!r}."
        raise ValueError(message)
    return number

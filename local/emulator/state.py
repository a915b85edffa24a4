"""Kept state made fit for the next start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from local.settings import HOST

if TYPE_CHECKING:
    from pathlib import Path

_PORT_FILE = "emulator.port"


def prepare(state_dir: Path, port: int) -> None:
    """Puts the new port into the addresses (of queues, say) that the emulator has saved."""
    state_dir.mkdir(parents=True, exist_ok=True)
    remembered = state_dir / _PORT_FILE
    if remembered.exists():
        old = re.compile(rf"{re.escape(HOST)}:{remembered.read_text()}(?!\d)")
        for file in state_dir.glob("*.json"):
            file.write_text(old.sub(f"{HOST}:{port}", file.read_text()))
    remembered.write_text(str(port))

"""The secrets of the demo businesses' voice agents."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from local.demo.orgs import ORGS

if TYPE_CHECKING:
    from pathlib import Path


def secrets_of(key_file: Path) -> dict[str, str]:
    """The secret of each org: the same as long as the stack's token key, and nobody else's."""
    key = key_file.read_bytes()
    return {
        org.id: hashlib.sha256(f"vapi#{org.id}#".encode() + key).hexdigest()[:48] for org in ORGS
    }

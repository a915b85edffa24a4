"""Whose a credential is, and the keys of those that sign."""

from __future__ import annotations

import time
from typing import Any

from closedloop import wiring

_SECONDS = 60
"""How long a credential is taken for what it was: one that is revoked ends within a minute."""

_MOST = 1000
_known: dict[str, tuple[float, str]] = {}


def org_of(credential_hash: str) -> str | None:
    """The org whose credential has this hash. One that is unknown is looked up each time."""
    kept = _known.get(credential_hash)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    found = wiring.lookups().org_of_credential(credential_hash)
    if found is not None:
        remember(credential_hash, found)
    return found


def remember(credential_hash: str, org_id: str) -> None:
    """Keep whose it is for a minute."""
    if len(_known) >= _MOST:
        _known.clear()
    _known[credential_hash] = (time.monotonic() + _SECONDS, org_id)


def signing_keys(credential_id: str) -> list[str]:
    """The keys of a credential that signs: one, or two while one follows the other."""
    found: Any = _secret().get("signing_keys", {}).get(credential_id, [])
    return [found] if isinstance(found, str) else list(found)


def _secret() -> dict[str, Any]:
    return wiring.secret("VOICE_SECRET_ARN").read()


wiring.forgotten.append(_known.clear)

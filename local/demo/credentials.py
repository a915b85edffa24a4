"""The secrets of the demo businesses' voice agents, which sign with them too."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from local.demo.orgs import ORGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def secrets_of(key_file: Path) -> dict[str, str]:
    """The secret of each org: the same as long as the stack's token key, and nobody else's."""
    key = key_file.read_bytes()
    return {
        org.id: hashlib.sha256(f"vapi#{org.id}#".encode() + key).hexdigest()[:48] for org in ORGS
    }


def give_signing_keys(secretsmanager: Any, keys: Mapping[str, str]) -> None:
    """Put the keys into the secret by which signatures are checked; a credential is an org's id."""
    name = next(_voice_secrets(secretsmanager), None)
    if name is None:
        return
    kept = json.loads(secretsmanager.get_secret_value(SecretId=name)["SecretString"])
    changed = json.dumps({**kept, "signing_keys": dict(keys)})
    secretsmanager.put_secret_value(SecretId=name, SecretString=changed)


def _voice_secrets(secretsmanager: Any) -> Iterator[str]:
    for each in secretsmanager.list_secrets()["SecretList"]:
        if each["Name"].endswith("/voice"):
            yield each["ARN"]

"""The stack's secrets, read through Powertools' cache and never written anywhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools.utilities.parameters import SecretsProvider
from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONFIG = Config(
    connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 3, "mode": "standard"}
)
_FRESH_SECONDS = 300  # a rotated secret is in use within five minutes


class Secrets:
    """One secret that holds a JSON object."""

    def __init__(self, provider: SecretsProvider, name: str) -> None:
        self._provider = provider
        self._name = name

    def write(self, value: Mapping[str, Any]) -> None:
        """Put this in the place of what the secret holds; the former version stays for a while."""
        content = json.dumps(value)
        self._provider.client.put_secret_value(SecretId=self._name, SecretString=content)
        self._provider.clear_cache()  # type: ignore[no-untyped-call] # Powertools has no type here

    def read(self, *, fresh: bool = False) -> dict[str, Any]:
        """What the secret holds: at most five minutes old, or as it is now."""
        found: Any = self._provider.get(
            self._name, max_age=_FRESH_SECONDS, transform="json", force_fetch=fresh
        )
        return dict(found)


def secrets(name: str) -> Secrets:
    """The secret of this name or ARN."""
    client = boto3.client("secretsmanager", config=_CONFIG)
    return Secrets(SecretsProvider(boto3_client=client), name)

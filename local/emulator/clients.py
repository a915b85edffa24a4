"""AWS clients that speak to the emulator as its administrator."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

from local.settings import ACCOUNT, REGION


class Clients:
    """Makes clients for one emulator; `clients("dynamodb")` is made once and thread-safe.

    `token` is the administrator's, which the guard in front of the emulator asks for.
    """

    def __init__(self, endpoint: str, token: str) -> None:
        self.endpoint = endpoint
        self._session = boto3.Session(
            region_name=REGION,
            # The emulator's administrator: any account number with this word.
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="test",  # noqa: S106 - known to everybody, good for nothing
            aws_session_token=token,
        )
        self._made: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        """The client of a service, such as "sqs"."""
        if service not in self._made:
            self._made[service] = self._session.client(
                service, endpoint_url=self.endpoint, config=_CONFIG
            )
        return self._made[service]

    def close(self) -> None:
        """Gives the connections back."""
        for client in self._made.values():
            client.close()


# Longer than any function's time-out; a second try would invoke a function twice.
_CONFIG = Config(
    read_timeout=900,
    connect_timeout=5,
    max_pool_connections=64,
    retries={"total_max_attempts": 1},
    proxies={},
)

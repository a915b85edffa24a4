"""The one DynamoDB client of a sandbox."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

# A reply that does not come within these (seconds) counts as lost; the commit asks again.
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=2,
    max_pool_connections=16,  # as many as post to sockets at once and may find one gone
    tcp_keepalive=True,
    # Repeats happen in one place, transaction.py, which knows what is safe to repeat.
    retries={"total_max_attempts": 1, "mode": "standard"},
)


def dynamodb() -> Any:
    """A client whose every call ends within three seconds and is tried once."""
    return boto3.client("dynamodb", config=_CONFIG)

"""The client of queues, and how a call to one may go wrong."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnectedError

BATCH = 10
"""How many messages SQS takes at once."""

NOT_TAKEN = (ClientError, HTTPClientError, NotConnectedError)
"""SQS refused, or the result is unclear: in both cases the messages may be sent again."""


def sqs(at_once: int = 1) -> Any:
    """A client that so many threads may use at once."""
    config = Config(
        connect_timeout=1,
        read_timeout=3,
        max_pool_connections=at_once,
        retries={"total_max_attempts": 3, "mode": "standard"},
    )
    return boto3.client("sqs", config=config)

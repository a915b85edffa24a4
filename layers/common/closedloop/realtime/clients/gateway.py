"""The gateway's side of open sockets: post to one, or end it."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError, ReadTimeoutError
from botocore.exceptions import ConnectionError as NotConnectedError

from closedloop.core.errors import ServiceUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

_ATTEMPTS = 5
_FIRST_PAUSE_SECONDS = 0.1
_GONE = 410
_TOO_MANY = 429

# SnapStart restores many sandboxes from one image: a seeded generator would give all one jitter.
_JITTER = random.SystemRandom()


class Sockets:
    """Speaks to connections by their ids."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def post(self, connection_id: str, text: str) -> bool:
        """Send one message; False when the connection is gone. Twice does no harm: see `version`.

        A connection that cannot take it, a gateway that is busy and one that is not reached are
        asked again a few times, with growing pauses and full jitter: 429 is also what all are
        told while the account has too many requests, and that passes. A post without an answer
        is given up at once, for each try would take as long again.

        Raises:
            ServiceUnavailableError: all of that in vain, or the gateway refuses us.
        """
        data = text.encode()
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(_JITTER.uniform(0, _FIRST_PAUSE_SECONDS * 2 ** (attempt - 1)))
            done = _answered(
                lambda: self._client.post_to_connection(ConnectionId=connection_id, Data=data)
            )
            if done is not None:
                return done
        raise ServiceUnavailableError

    def end(self, connection_id: str) -> None:
        """End a connection, or find it ended. Asked once.

        Raises:
            ServiceUnavailableError: the gateway did not do it.
        """
        if _answered(lambda: self._client.delete_connection(ConnectionId=connection_id)) is None:
            raise ServiceUnavailableError


def _answered(call: Callable[[], Any]) -> bool | None:
    """True when done, False when the connection is gone, None when it may be asked again.

    Raises:
        ServiceUnavailableError: asking again cannot help.
    """
    try:
        call()
    except ReadTimeoutError as silence:
        raise ServiceUnavailableError from silence
    except (HTTPClientError, NotConnectedError):
        return None
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status == _GONE:
            return False
        if status == _TOO_MANY or status >= 500:  # noqa: PLR2004 - HTTP's own
            return None
        raise ServiceUnavailableError from error
    return True


def sockets(endpoint: str, threads: int) -> Sockets:
    """Speaks to the connections of the socket API whose stage is at this https address.

    So many `threads` may post at once, each over a connection of its own.
    """
    config = Config(
        connect_timeout=1,
        read_timeout=2,
        max_pool_connections=threads,
        tcp_keepalive=True,
        retries={"total_max_attempts": 1, "mode": "standard"},  # repeats happen above, in one place
    )
    return Sockets(boto3.client("apigatewaymanagementapi", endpoint_url=endpoint, config=config))

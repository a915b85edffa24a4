"""Reads one shard of a stream for one mapping, and delivers what it reads."""

from __future__ import annotations

import base64
import json
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from local.pump import destination
from local.pump.delivery import Answer, Delivery
from local.pump.filters import passes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from local.emulator.clients import Clients
    from local.pump.delivery import Discarded, Record
    from local.pump.mapping import StreamMapping

# Changes are announced; this only catches one whose announcement was lost.
_IDLE_SECONDS = 1.0
_TROUBLE_SECONDS = 0.5
_STOP_SECONDS = 5.0
_PAGE = 1000  # the most that GetRecords returns


class ShardReader:
    """A thread with a place in a shard. It starts at `position`, a shard iterator's type."""

    def __init__(
        self,
        clients: Clients,
        mapping: StreamMapping,
        shard: str,
        position: str,
        say: Callable[[str], None],
    ) -> None:
        self.mapping = mapping
        self._clients = clients
        self._shard = shard
        self._say = say
        self._news = threading.Event()
        self._ending = threading.Event()
        self._caught_up = threading.Event()
        self._last: str | None = None
        self._start = position
        # Asked for here and not in the thread: what is written next has to be read.
        self._iterator = self._position()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There is something to read."""
        self._caught_up.clear()
        self._news.set()

    def drain(self, seconds: float) -> None:
        """Returns when all that was written is delivered, or after so many seconds."""
        self.wake()
        self._caught_up.wait(seconds)

    def stop(self) -> None:
        """Ends after the present invocation; a batch that keeps failing is left."""
        self._ending.set()
        self._news.set()
        self._thread.join(_STOP_SECONDS)

    def invoke(self, records: Sequence[Record]) -> Answer:
        """Calls the function; a refused or timed-out call is a crash, as to AWS's poller."""
        try:
            response = self._clients("lambda").invoke(
                FunctionName=self.mapping.function,
                Payload=json.dumps({"Records": records}, default=_base64),
            )
        except (ClientError, BotoCoreError) as error:
            self._say(f"{self.mapping.function} could not be called: {error}")
            return Answer(crashed=True)
        payload = response["Payload"].read()
        return Answer(json.loads(payload or b"null"), crashed="FunctionError" in response)

    def discard(self, discarded: Discarded) -> None:
        """Tells the on-failure destination, or the log when there is none."""
        count, why = len(discarded.records), discarded.condition
        self._say(f"{self.mapping.table}: {count} records discarded ({why}).")
        if self.mapping.on_failure:
            body = destination.message(self.mapping, self._shard, discarded, datetime.now(UTC))
            destination.send(self._clients, self.mapping.on_failure, body)

    def pause(self, seconds: float) -> bool:
        """Waits; False when the reader is to end."""
        return not self._ending.wait(seconds)

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                self._step()
            except (ClientError, BotoCoreError) as error:
                self._say(f"{self.mapping.table}: the stream cannot be read: {error}")
                self._recover()

    def _step(self) -> None:
        """Reads once, and delivers; waits when there was nothing."""
        self._news.clear()
        page = self._clients("dynamodbstreams").get_records(
            ShardIterator=self._iterator, Limit=min(self.mapping.batch_size, _PAGE)
        )
        if not page["Records"]:
            self._iterator = page["NextShardIterator"]
            self._rest()
            return
        records = [_as_delivered(record, self.mapping.stream) for record in page["Records"]]
        if Delivery(self.mapping, self).deliver(self._wanted(records)):
            self._last = records[-1]["dynamodb"]["SequenceNumber"]
            self._iterator = page["NextShardIterator"]

    def _rest(self) -> None:
        if not self._news.is_set():
            self._caught_up.set()
        self._news.wait(_IDLE_SECONDS)

    def _wanted(self, records: list[Record]) -> list[Record]:
        return [record for record in records if passes(record, self.mapping.filters)]

    def _recover(self) -> None:
        """An iterator lives for 15 minutes; a new one goes on behind the last record."""
        time.sleep(_TROUBLE_SECONDS)
        try:
            self._iterator = self._position()
        except (ClientError, BotoCoreError):
            return

    def _position(self) -> str:
        behind = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self._last}
        answer = self._clients("dynamodbstreams").get_shard_iterator(
            StreamArn=self.mapping.stream,
            ShardId=self._shard,
            **(behind if self._last else {"ShardIteratorType": self._start}),
        )
        return str(answer["ShardIterator"])


def _as_delivered(record: dict[str, Any], stream: str) -> Record:
    """A record of GetRecords in the shape in which Lambda hands it over."""
    change = dict(record["dynamodb"])
    change["ApproximateCreationDateTime"] = change["ApproximateCreationDateTime"].timestamp()
    return {**record, "dynamodb": change, "eventSourceARN": stream}


def _base64(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value).__name__)

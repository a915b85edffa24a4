"""Brings the changes of the tables to the functions that listen to their streams.

It stands in for the emulator's own stream polling, which loses the records that a function
reports as failed, repeats a crash for ever and knows neither splitting nor a destination.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from local.pump.mapping import StreamMapping
from local.pump.shard import ShardReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.emulator.clients import Clients

_DRAIN_SECONDS = 3.0


class Pump:
    """Follows the deployed mappings; ParallelizationFactor is taken as 1."""

    def __init__(self, clients: Clients, say: Callable[[str], None]) -> None:
        self._clients = clients
        self._say = say
        self._readers: dict[tuple[str, str, str], ShardReader] = {}
        self._changing = threading.Lock()

    def start(self) -> None:
        """Delivers what is written from now on, wherever a mapping says to start."""
        self._follow(from_now=True)

    def follow_mappings(self) -> None:
        """After a deployment: new mappings start where they say, changed ones go on."""
        self._follow(from_now=False)

    def wake(self, table: str) -> None:
        """The table has changed."""
        for reader in list(self._readers.values()):
            if reader.mapping.table == table:
                reader.wake()

    def stop(self) -> None:
        """Delivers what is written already, for a few seconds at most, and ends."""
        with self._changing:
            readers, self._readers = list(self._readers.values()), {}
        deadline = time.monotonic() + _DRAIN_SECONDS
        for reader in readers:
            reader.drain(max(0.0, deadline - time.monotonic()))
        for reader in readers:
            reader.stop()

    def _follow(self, *, from_now: bool) -> None:
        with self._changing:
            old, self._readers = self._readers, {}
            for mapping in self._mappings():
                for shard in self._shards(mapping):
                    key = (mapping.id, mapping.stream, shard)
                    if reader := old.pop(key, None):
                        reader.mapping = mapping
                    self._readers[key] = reader or ShardReader(
                        self._clients,
                        mapping,
                        shard,
                        "LATEST" if from_now else mapping.starts_at,
                        self._say,
                    )
            for gone in old.values():
                gone.stop()

    def _mappings(self) -> Iterator[StreamMapping]:
        pages = self._clients("lambda").get_paginator("list_event_source_mappings").paginate()
        for page in pages:
            for described in page["EventSourceMappings"]:
                if ":dynamodb:" in described.get("EventSourceArn", ""):
                    yield StreamMapping.of(described)

    def _shards(self, mapping: StreamMapping) -> list[str]:
        stream = self._clients("dynamodbstreams").describe_stream(StreamArn=mapping.stream)
        return [shard["ShardId"] for shard in stream["StreamDescription"]["Shards"]]

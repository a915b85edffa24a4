"""The fan-out queue's handler: posts each message, and returns the rest to the queue.

All messages of a group that come together are told together, so a backlog becomes fewer frames
and not more; a burst goes back once for that. Only what is missing is queued again, in a group of
its own; where nothing at all could be told the messages come back, and after five receives they
are dead letters.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core.errors import ClosedLoopError, ServiceUnavailableError
from closedloop.edge import log
from closedloop.edge.queue import consumer
from closedloop.realtime import fanout as queued
from closedloop.realtime import wiring as realtime
from closedloop.realtime.handlers.post import Pace, deadline, deliver
from closedloop.realtime.mail import Mail

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from closedloop.edge.queue import Answer
    from closedloop.realtime.handlers.post import Delivered
    from closedloop.realtime.mail import Reader

GATHER_SECONDS = 1.0
"""How long a burst waits for what follows it: as long as a bulk of 500 rows commits, and more."""


@dataclass(frozen=True, slots=True)
class _Message:
    id: str
    receipt: str
    receives: int
    mail: Mail


_Groups = dict[str, list[_Message]]


def fanout(name: str) -> Callable[..., Answer]:
    """The function that posts queued messages to the connections of an org."""
    if wiring.in_lambda():
        realtime.connections()
        realtime.sockets()

    def handler(event: Mapping[str, Any], context: Any = None) -> Answer:
        with log.line(name, getattr(context, "aws_request_id", "")) as line:
            started, until = time.monotonic(), deadline(context)
            batch = _Batch(line)
            groups = batch.read(event["Records"])
            bursts = {group: each for group, each in groups.items() if _gathers(each)}
            batch.tell({name: each for name, each in groups.items() if name not in bursts}, until)
            if bursts:
                time.sleep(max(0.0, started + GATHER_SECONDS - time.monotonic()))
                batch.tell(batch.not_handed_back(bursts), until)
            line.counts.update(
                Messages=len(event["Records"]),
                FailedMessages=len(batch.failed),
                GatheredMessages=len(batch.gathered),
            )
            line.outcome = "Failed" if batch.failed else "Done"
        come_back = (*batch.failed, *batch.gathered)
        return {"batchItemFailures": [{"itemIdentifier": each} for each in come_back]}

    return handler


def discarded(name: str) -> Callable[..., Answer]:
    """The function that logs which stream records were given up, for a person to look at."""
    return consumer(name, _note)


class _Batch:
    """One invocation: its log line, and the messages that come back."""

    def __init__(self, line: log.Line) -> None:
        self.line = line
        self.failed: list[str] = []
        self.gathered: list[str] = []

    def read(self, records: Iterable[Mapping[str, Any]]) -> _Groups:
        """The messages that can be read, by group. The rest comes back, and what is behind it."""
        groups: _Groups = {}
        broken: set[str] = set()
        for record in records:
            group = record["attributes"]["MessageGroupId"]
            try:
                if group not in broken:
                    groups.setdefault(group, []).append(_message(record))
            except (ValueError, KeyError, TypeError) as error:
                self.line.fault(error)
                broken.add(group)
            if group in broken:
                self.failed.append(record["messageId"])
        return groups

    def not_handed_back(self, groups: _Groups) -> _Groups:
        """Hand these messages back; the groups where the queue did not take them."""
        left: _Groups = {}
        for group, messages in groups.items():
            try:
                realtime.fanout().hand_back([each.receipt for each in messages])
                self.gathered += [each.id for each in messages]
            except ClosedLoopError as trouble:
                self.line.fault(trouble.__cause__ or trouble)
                left[group] = messages
        return left

    def tell(self, groups: _Groups, until: float) -> None:
        """Post everything, all groups at once; queue what is missing again."""
        if not groups:
            return
        pace, threads = Pace(queued.POSTS_A_SECOND), max(1, realtime.SOCKET_THREADS // len(groups))

        def post(messages: Sequence[_Message]) -> tuple[Mail, Delivered]:
            whole = Mail.joined([each.mail for each in messages])
            return whole, deliver(whole, until, pace, threads)

        with ThreadPoolExecutor(len(groups)) as pool:
            for group, (whole, delivered) in zip(
                groups, pool.map(post, groups.values()), strict=True
            ):
                self.line.counts += delivered.counts
                if delivered.missing:
                    self._repeat(group, groups[group], whole, delivered.missing)

    def _repeat(
        self,
        group: str,
        messages: Sequence[_Message],
        whole: Mail,
        missing: Mapping[Reader, tuple[int, ...]],
    ) -> None:
        try:
            if missing == whole.to:
                raise ServiceUnavailableError
            self.line.counts["QueuedAgain"] += realtime.fanout().send(
                queued.missing(group, whole.only(missing))
            )
        except ClosedLoopError as trouble:
            self.line.fault(trouble.__cause__ or trouble)
            self.failed += [each.id for each in messages]


def _message(record: Mapping[str, Any]) -> _Message:
    receives = int(record["attributes"]["ApproximateReceiveCount"])
    mail = queued.mail(record["body"])
    return _Message(record["messageId"], record["receiptHandle"], receives, mail)


def _gathers(messages: Sequence[_Message]) -> bool:
    receives = max(each.receives for each in messages)
    return queued.gathers(receives, len(messages), sum(len(each.mail.events) for each in messages))


def _note(record: Mapping[str, Any], counts: Counter[str], _: object) -> dict[str, Any]:
    """Where in which stream, and why; the records themselves are never in the message."""
    message = json.loads(record["body"])
    info = message["DDBStreamBatchInfo"]
    counts["Discarded"] += info["batchSize"]
    return {
        "stream": info["streamArn"],
        "shard": info["shardId"],
        "first": info["startSequenceNumber"],
        "last": info["endSequenceNumber"],
        "records": info["batchSize"],
        "condition": message["requestContext"]["condition"],
    }

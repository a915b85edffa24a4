"""The edge of the tables' streams: what committed is announced to the sockets of its org.

A record that cannot be read fails alone, and so do the records of an org that cannot be told;
everything else of the batch goes out in the same invocation. Lambda then repeats from the first
failed record on, at most twice; what is announced again does no harm, for clients drop what is
not newer than what they have.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core.errors import ClosedLoopError
from closedloop.edge import log
from closedloop.realtime import events
from closedloop.realtime import wiring as realtime
from closedloop.realtime.fanout import by_queue, chunks, pause
from closedloop.realtime.handlers.post import deadline, deliver
from closedloop.realtime.mail import Mail
from closedloop.realtime.subscriptions import addressed, connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from closedloop.core.rows import Row

_QUERIES = 8
"""How many orgs' connections are asked for at once."""

Answer = dict[str, list[dict[str, str]]]


@dataclass(frozen=True, slots=True)
class _Announcement:
    position: int
    org_id: str
    row: tuple[str, str]
    event: Row


@dataclass
class _Batch:
    """One invocation: its line in the log, and the positions of the records that failed."""

    line: log.Line
    failed: set[int] = field(default_factory=set)
    pause: float = 0.0

    def read(self, records: Sequence[Mapping[str, Any]]) -> dict[str, list[_Announcement]]:
        """What is to be announced, by org, in the order of the stream."""
        found: dict[str, list[_Announcement]] = {}
        for position, record in enumerate(records):
            try:
                told = _announcement(position, record)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one record, the others go out
                self.line.fault(error)
                self.line.counts["Poison"] += 1
                self.failed.add(position)
            else:
                if told:
                    found.setdefault(told.org_id, []).append(told)
        self.line.counts["Announced"] = sum(map(len, found.values()))
        return found

    def announce(self, by_org: Mapping[str, list[_Announcement]], until: float) -> None:
        """Tell every connection that wants it: by posting, or where that would take long by queue.

        So no invocation is long, and no org waits behind the burst of another in its shard.
        """
        told: list[_Announcement] = []
        direct: list[Mail] = []
        for org_id, mail in self._wanted(by_org):
            if by_queue(len(mail.events), len(mail.to)):
                self._queue(org_id, by_org[org_id], mail)
                self.pause = max(self.pause, pause(len(mail.events), len(mail.to)))
            else:
                told += by_org[org_id]
                direct.append(mail)
        delivered = deliver(Mail.joined(direct), until)
        self.line.counts += delivered.counts
        for positions in delivered.missing.values():
            self._fail(told[i] for i in positions)

    def _wanted(self, by_org: Mapping[str, list[_Announcement]]) -> list[tuple[str, Mail]]:
        """The messages for each connection, of each org whose connections could be read."""
        asked = _for_each(lambda org_id: _mail(org_id, by_org[org_id]), list(by_org))
        found: list[tuple[str, Mail]] = []
        for org_id, mail in zip(by_org, asked, strict=True):
            if isinstance(mail, Exception):
                self._fail(by_org[org_id], mail)
            else:
                found.append((org_id, mail))
        return found

    def _queue(self, org_id: str, told: list[_Announcement], mail: Mail) -> None:
        try:
            self.line.counts["Queued"] += realtime.fanout().send(chunks(org_id, mail))
        except ClosedLoopError as trouble:
            self._fail(told, trouble)

    def _fail(self, told: Iterable[_Announcement], trouble: Exception | None = None) -> None:
        self.failed |= {each.position for each in told}
        if trouble:
            self.line.fault(trouble.__cause__ or trouble)


def announcer(name: str) -> Callable[..., Answer]:
    """The function that reads the streams of rows."""
    if wiring.in_lambda():
        realtime.connections()
        realtime.sockets()

    def handler(event: Mapping[str, Any], context: Any = None) -> Answer:
        records = event["Records"]
        with log.line(name, getattr(context, "aws_request_id", "")) as line:
            batch = _Batch(line)
            batch.announce(batch.read(records), deadline(context))
            line.counts.update(Records=len(records), FailedRecords=len(batch.failed))
            line.outcome = "Failed" if batch.failed else "Done"
        if batch.pause:
            time.sleep(batch.pause)
        numbers = (records[i]["dynamodb"]["SequenceNumber"] for i in sorted(batch.failed))
        return {"batchItemFailures": [{"itemIdentifier": each} for each in numbers]}

    return handler


def _announcement(position: int, record: Mapping[str, Any]) -> _Announcement | None:
    found = wiring.committed(record)
    event = events.of_images(found.table, found.old, found.new, found.at)
    if event is None:
        return None
    return _Announcement(position, found.org_id, (found.table, event["id"]), events.fitting(event))


def _mail(org_id: str, told: list[_Announcement]) -> Mail | Exception:
    """Asked anew each time: a moment's cache would miss the socket that just subscribed."""
    try:
        rows = realtime.connections().of_org(org_id, wiring.now())
        to = addressed(map(connection, rows), [each.row for each in told])
        return Mail([each.event for each in told], to)
    except Exception as trouble:  # noqa: BLE001 - whatever is wrong with one org, the others are told
        return trouble


def _for_each(ask: Callable[[str], Any], org_ids: Sequence[str]) -> list[Any]:
    if len(org_ids) <= 1:
        return [ask(each) for each in org_ids]
    with ThreadPoolExecutor(min(_QUERIES, len(org_ids))) as pool:
        return list(pool.map(ask, org_ids))

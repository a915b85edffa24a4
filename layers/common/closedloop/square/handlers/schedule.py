"""What begins runs: the schedule, for each connected org; and the stream, for who has asked."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core.times import iso
from closedloop.edge import log, stream
from closedloop.square import wiring as square
from closedloop.square.runs import LEASE, PREFIX, READY, TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

WORK = "square"
"""The part of the work list on which every connected org stands."""

LATE = timedelta(minutes=30)
"""An org whose last good run is older is counted, and an alarm tells somebody."""

_PAGE = 100
_SPREAD_SECONDS = 540
_SECONDS_FOR_EACH = 2
"""A few orgs begin at once; many spread over nine of the ten minutes."""


def scheduler(name: str) -> Callable[..., dict[str, Any]]:
    """The function that asks for a run of each connected org, every ten minutes.

    What piles up while nobody works is one run: a worker drops what is older than the last one.
    """
    if wiring.in_lambda():
        square.queue()

    def handler(_: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
        with log.line(name, getattr(context, "aws_request_id", "")) as line:
            orgs = connected(wiring.now())
            left = _ask(orgs, wiring.now())
            line.counts.update(Connected=len(orgs), NotAsked=left)
            line.counts["Overdue"] = _overdue(orgs, wiring.now())
            line.outcome = "Failed" if left else "Done"
        return {"asked": len(orgs) - left}

    return handler


def connected(now: datetime) -> list[str]:
    """All orgs that are connected with Square."""
    pages = wiring.lookups().due(WORK, iso(now), _PAGE, "orgs")
    return [org_id for org_id, _ in chain.from_iterable(pages)]


def _ask(orgs: Sequence[str], now: datetime) -> int:
    """Put a message for each into the queue; how many were not taken."""
    at = iso(now)
    messages = [{"kind": "run", "org_id": each, "run": f"{PREFIX}{at}", "at": at} for each in orgs]
    spread = min(_SPREAD_SECONDS, _SECONDS_FOR_EACH * len(orgs))
    delays = [_share(each) % spread for each in orgs]
    return len(square.queue().put(messages, delays))


def _share(org_id: str) -> int:
    """An org's own place in the ten minutes, always the same."""
    return int.from_bytes(sha256(org_id.encode()).digest()[:4], "big")


def _overdue(orgs: Sequence[str], now: datetime) -> int:
    """How many orgs had no good run for half an hour."""
    rows = wiring.lookups().rows(TABLE, [(each, LEASE) for each in orgs])
    limit = int((now - LATE).timestamp() * 1000)
    return sum(int(row.get("well") or row.get("first_began") or limit) < limit for row in rows)


def dispatcher(name: str) -> Callable[..., stream.Answer]:
    """The function that puts a run into the queue once somebody's wish for it is committed."""
    return stream.reader(name, _dispatch)


def _dispatch(records: Sequence[Mapping[str, Any]], line: log.Line) -> list[int]:
    """The positions of the wishes that the queue did not take."""
    wishes = [(i, found) for i, each in enumerate(records) if (found := _wish(each))]
    left = square.queue().put([message for _, message in wishes])
    line.counts["Dispatched"] = len(wishes) - len(left)
    return [wishes[each][0] for each in left]


def _wish(record: Mapping[str, Any]) -> dict[str, Any] | None:
    new = wiring.committed(record).new
    if new is None or new.get("outbox") != READY:
        return None
    return {"kind": "run", "org_id": new["org_id"], "run": new["id"]}

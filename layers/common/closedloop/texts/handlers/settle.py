"""The edge of schedules: what is due is taken from the work list, a bit each minute."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core.errors import ClosedLoopError, ServiceUnavailableError
from closedloop.core.times import iso
from closedloop.edge import log
from closedloop.edge.apply import apply, by_itself
from closedloop.texts import model, reconcile
from closedloop.texts import wiring as texts
from closedloop.texts.model import Job
from closedloop.texts.verdict import verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from closedloop.core.decision import Reply
    from closedloop.core.rows import Row
    from closedloop.texts.twilio_codes import Sighting

_DUE = 200
"""Texts of one part of the list that are looked at in one turn; the rest a minute later."""

_LAST_SECONDS = 20
"""What is left of the function's time when no further text is begun."""


def settler(name: str) -> Callable[..., dict[str, Any]]:
    """The function that looks after texts whose end is not known.

    One text in trouble keeps no other waiting: it stays on the list.
    """

    def handler(_: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
        left = context.get_remaining_time_in_millis() / 1000 if context else 60
        with log.line(name, getattr(context, "aws_request_id", "")) as line:
            _Turn(line).run(time.monotonic() + left - _LAST_SECONDS)
            line.outcome = "Failed" if line.counts["Faults"] else "Done"
        return {"looked_at": line.counts["Due"]}

    return handler


class _Turn:
    """One run over the work list."""

    def __init__(self, line: log.Line) -> None:
        self.line = line
        self.name = line.action
        self.counts = line.counts
        self.twilio_answers = True

    def run(self, until: float) -> None:
        for part in model.SHARDS:
            due = wiring.lookups().due(part, iso(wiring.now()), _DUE)
            self.counts["Due"] += len(due)
            for org_id, row_id in due:
                if time.monotonic() > until:
                    return
                try:
                    self._settle(org_id, row_id)
                except ClosedLoopError:
                    self.counts["Busy"] += 1
                except Exception as error:  # noqa: BLE001 - whatever is wrong with one record, the others go out
                    self.line.fault(error)
                    self.counts["Faults"] += 1

    def _settle(self, org_id: str, row_id: str) -> None:
        row = wiring.reads().get(model.TABLE, org_id, row_id)
        if row is None or row.get("work_at", "~") > iso(wiring.now()):
            return  # the index lags behind: somebody was faster
        job, key = Job.of(row), (model.TABLE, row_id)
        context = by_itself(self.name, org_id, row.get("idempotency_key", ""), {key: row})
        if row["status"] == "pending":
            if not texts.outbox().put([job.message]):
                self._count(apply(context, partial(reconcile.requeued, job)))
        elif reconcile.needs_look_up(row, wiring.now()):
            if row["status"] == "unknown":
                self.counts["UnknownTexts"] += 1
            if self.twilio_answers:
                sighting = self._look_up(row)
                self._count(apply(context, partial(reconcile.looked_up, job, sighting=sighting)))

    def _look_up(self, row: Row) -> Sighting | None:
        try:
            return _look_up(row)
        except ServiceUnavailableError:
            # One time-out is enough: those who wait for the queue must not wait for Twilio.
            self.twilio_answers = False
            raise

    def _count(self, reply: Reply) -> None:
        self.counts[verdict(reply).value] += 1


def _look_up(row: Row) -> Sighting | None:
    """The text at Twilio. Sids of other texts are asked for one by one: there are few."""
    sightings = texts.twilio().sent_to(row["to"], row["from"])
    taken: set[str] = set()
    while (seen := reconcile.found(row, sightings, taken)) and "vendor_id" not in row:
        if not wiring.lookups().has_vendor_id(seen.sid):
            return seen
        taken.add(seen.sid)
    return seen

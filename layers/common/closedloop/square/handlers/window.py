"""One window of a reconciliation: read Square and the index, compare, take over the changes."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core.errors import ClosedLoopError
from closedloop.edge.apply import apply, by_itself
from closedloop.jobs.model import TABLE
from closedloop.square import compare, reconcile
from closedloop.square.booking import Catalog
from closedloop.square.customer import cached
from closedloop.square.events import CONNECTION, SETTINGS, quarantine
from closedloop.square.handlers import listing
from closedloop.square.handlers.listing import OutOfTimeError
from closedloop.square.handlers.preview import preview
from closedloop.square.reconcile import ACTION, Known
from closedloop.square.report import Report, planned
from closedloop.square.settle import ACTOR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from closedloop.core.decision import Context, Decision, Reply
    from closedloop.core.rows import Row
    from closedloop.square.clients.square import Square
    from closedloop.square.handlers.listing import Notes
    from closedloop.square.model import Booking, Unreadable
    from closedloop.square.windows import Span

AT_ONCE = 8
"""Jobs that are committed at once."""

_BATCH = 100


@dataclass
class Window:
    """One window of one org's run.

    `until` is a time of the monotonic clock after which nothing is begun. `released`: a person has
    said that what Square lists is to be believed, whatever it closes.
    """

    org_id: str
    square: Square
    span: Span
    notes: Notes
    until: float
    released: bool = False
    common: dict[Any, Any] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    _read: Report = field(default_factory=Report)
    _work: list[tuple[str, Callable[[Context], Decision]]] = field(default_factory=list)

    def read(self) -> Window:
        """Read what is needed to know what is to be done, and write nothing.

        Raises:
            SquareError: Square did not answer, or its cursors kept dying.
            UnbelievableError: the window must not be acted upon.
            OutOfTimeError: the time was over before the window was read.
        """
        self.common = wiring.read(self.org_id, (CONNECTION, SETTINGS))
        listed, unreadable = listing.listed(self.square, self.span, self.notes, self.until)
        entries = listing.entries(self.org_id, self.span)
        self.report.scanned = len(listed) + len(unreadable)
        for each in unreadable:
            self._keep(each)
        known = {each.id for each in unreadable}
        found = compare.compared(listed, [e for e in entries if e["id"] not in known], wiring.now())
        self.report.skipped = found.unchanged
        if not self.released:
            compare.believe(self.report.scanned, entries, len(found.missing))
        again = self._by_id(found.missing)
        changed = [*found.changed, *compare.changed(again, entries)]
        if not self.released:
            compare.believe_closing(compare.closing(changed, entries), entries)
        self._plan([*changed, *found.old_customers])
        self._read = copy.deepcopy(self.report)
        return self

    def read_ids(self, ids: Sequence[str]) -> Window:
        """In place of a window: bookings that are to be read by their ids. Raises as `read`."""
        self.common = wiring.read(self.org_id, (CONNECTION, SETTINGS))
        self._plan(self._by_id(ids))
        self._read = copy.deepcopy(self.report)
        return self

    def do(self) -> Report:
        """Commit each job for itself; what goes wrong with one keeps no other.

        Once planned, the same is done, from what was read then.

        Raises:
            OutOfTimeError: some are left. The report counts those that are done.
        """
        self.report = copy.deepcopy(self._read)
        self._each(self._commit)
        return self.report

    def plan(self) -> Report:
        """What `do` would do, row by row, without a write.

        Raises:
            OutOfTimeError: the plan is not whole.
        """
        self._each(self._preview)
        return self.report

    # ------------------------------------------------------------------ reading

    def _by_id(self, missing: Sequence[str]) -> list[Booking]:
        """The jobs that the list lacks, each asked for by its id: only that tells what they are."""
        if not missing:
            return []
        found = self.square.bookings_by_id(missing)
        for each in found.unreadable.values():
            self._keep(each)
        for booking_id, code in found.failed.items():
            self.report.wrong(code, "Square could not say what it is.", booking=booking_id)
        for booking_id in found.missing:
            self._work.append((booking_id, partial(reconcile.flag_missing, booking_id)))
        return list(found.records.values())

    def _keep(self, bad: Unreadable) -> None:
        """One bad booking is an entry of the report, and kept for a person; the rest goes on."""
        self.report.wrong("UNREADABLE", bad.reason, booking=bad.id)
        self._work.append(("", lambda context: quarantine(bad.fields, bad.reason, context)))

    # ------------------------------------------------------------------ deciding

    def _plan(self, changed: Sequence[Booking]) -> None:
        """All that the rules need, in few requests: rows, names, customers."""
        if not changed:
            return
        for each in changed:
            self.common[TABLE, each.id] = None
        for some in _batches([(TABLE, each.id) for each in changed]):
            self.common |= wiring.reads().several(self.org_id, some)
        rows = {each.id: self.common[TABLE, each.id] or {} for each in changed}
        names = reconcile.wanted_names(changed, rows)
        services = self.square.service_names(names) if names else {}
        known = Known(Catalog(services, frozenset(names)), self._customers(changed, rows))
        for each in changed:
            self._work.append((each.id, partial(reconcile.take_over, each, known)))

    def _customers(self, changed: Sequence[Booking], rows: Mapping[str, Row]) -> dict[str, Any]:
        now = wiring.now()
        wanted = reconcile.wanted_customers(changed, rows, now)
        if not wanted:
            return {}
        found = self.square.customers(wanted)
        known = {each: cached(each, customer, now) for each, customer in found.records.items()}
        return known | {each: cached(each, None, now) for each in found.missing}

    # ------------------------------------------------------------------ doing

    def _each(self, do: Callable[[str, Callable[[Context], Decision]], Reply]) -> None:
        """Several at once. What was begun is counted, also where the time is over for the rest."""
        if AT_ONCE == 1 or len(self._work) <= 1:
            late = [self._count(each[0], partial(do, *each)) for each in self._work]
        else:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                begun = [(each[0], pool.submit(do, *each)) for each in self._work]
            late = [self._count(booking_id, future.result) for booking_id, future in begun]
        if any(late):
            raise OutOfTimeError

    def _count(self, booking_id: str, result: Callable[[], Reply]) -> bool:
        """Counts what became of one; whether it was too late to begin it."""
        try:
            reply = result()
        except OutOfTimeError:
            return True
        except ClosedLoopError as refusal:
            self.report.wrong(refusal.code, str(refusal), booking=booking_id)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one booking, the rest goes on
            self.notes.fault(error)
            self.report.wrong("FAULT", "Something is wrong on our side.", booking=booking_id)
        else:
            if booking_id:
                self.report.count(dict(reply.body))
        return False

    def _commit(self, booking_id: str, rule: Callable[[Context], Decision]) -> Reply:
        self._in_time()
        return apply(self._context(booking_id), rule)

    def _preview(self, booking_id: str, rule: Callable[[Context], Decision]) -> Reply:
        self._in_time()
        reply = preview(self._context(booking_id), rule)
        if booking_id and reply.body["outcome"] not in {"known", "older"}:
            self.report.rows.append(planned(dict(reply.body)))
        return reply

    def _context(self, booking_id: str) -> Context:
        seen = {key: self.common.get(key) for key in (CONNECTION, SETTINGS)}
        if (TABLE, booking_id) in self.common:
            seen[TABLE, booking_id] = self.common[TABLE, booking_id]
        return by_itself(ACTION, self.org_id, seen=seen, who=ACTOR)

    def _in_time(self) -> None:
        listing.in_time(self.until)


def _batches(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))

"""One run of one org, window after window, for as long as there is time."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.core.errors import ClosedLoopError
from closedloop.edge.apply import apply, by_itself
from closedloop.square import events
from closedloop.square import wiring as square
from closedloop.square.compare import UnbelievableError, plan_hash
from closedloop.square.errors import (
    SquareBadCursorError,
    SquareError,
    SquareForbiddenError,
    SquareRateLimitedError,
    SquareRevokedError,
    SquareUnauthorizedError,
    SquareUnavailableError,
)
from closedloop.square.handlers.listing import OutOfTimeError
from closedloop.square.handlers.window import Window
from closedloop.square.reconcile import ACTION
from closedloop.square.refusals import PlanChangedError
from closedloop.square.report import Report
from closedloop.square.runs import MOST_TRIES
from closedloop.square.settle import ACTOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from closedloop.core.rows import Row
    from closedloop.square.handlers.listing import Notes
    from closedloop.square.runs import Run
    from closedloop.square.windows import Span

_SAVED_SECONDS = 5
"""A run that has gone on for so long keeps its place after each window."""

_MOST_BYTES = 150_000
_LONGEST_PAUSE = 300
_PAUSE = 15

_LOCKED_OUT = (SquareUnauthorizedError, SquareForbiddenError)
_LATER = (SquareRateLimitedError, SquareUnavailableError, SquareBadCursorError)


class Ended(StrEnum):
    """How a run, or this part of it, has ended: the `status` of its row."""

    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"
    HELD = "held"
    RUNNING = "running"
    """Its rest is another part's."""


@dataclass
class Conductor:
    """Takes a run as far as the time reaches. `until` is of the monotonic clock."""

    run: Run
    notes: Notes
    until: float
    pause: int = 0
    """Seconds to wait before the next part."""
    more: Row | None = None
    """What the row keeps besides: why it is held, what a dry run would do."""
    ended: Ended | None = None
    left_behind: bool = False
    """Nobody goes on with it: the queue did not take the rest."""

    def go(self) -> Ended:
        """Do what is left of the run; `run` is then as far as it has come."""
        began = time.monotonic()
        self.more = {}
        try:
            ended = self._planned() if self.run.dry_run or self.run.plan else self._windows(began)
        except UnbelievableError as why:
            self.more = {"held_for": str(why)}
            self.run.report.wrong("HELD", str(why))
            ended = Ended.HELD
        except _LOCKED_OUT as locked:
            ended = self._locked_out(locked)
        spent = round((time.monotonic() - began) * 1000)
        self.run = replace(self.run, milliseconds=self.run.milliseconds + spent)
        self.ended = ended
        return ended

    def save(self, ended: Ended) -> None:
        """Keep the run as it is."""
        row = self.run.row(ended.value, wiring.now(), **(self.more or {}))
        self.run = replace(self.run, version=row["version"])
        square.runs().put(row)

    # ------------------------------------------------------------------ windows

    def _windows(self, began: float) -> Ended:
        for span in self.run.span.windows(self.run.since):
            part = self._one(span)
            if part is None:
                return Ended.RUNNING
            self.run = self.run.moved(span.end, part)
            if time.monotonic() - began > _SAVED_SECONDS and span.end < self.run.span.end:
                self.save(Ended.RUNNING)
        return Ended.PARTIAL if self.run.report.errors else Ended.OK

    def _one(self, span: Span) -> Report | None:
        """One window; None where it is to be tried again by another part."""
        window = self._window(span)
        try:
            return window.read().do()
        except OutOfTimeError:
            self.run.report.add(window.report.of_what_is_done())
            return None
        except _LOCKED_OUT:
            raise
        except (SquareError, ClosedLoopError) as trouble:
            return self._again_or_failed(span, trouble)

    def _again_or_failed(self, span: Span, trouble: Exception) -> Report | None:
        """What may be better soon is tried again; in the end the run goes on with the next."""
        passing = isinstance(trouble, (*_LATER, ClosedLoopError))
        if passing and self.run.tries + 1 < MOST_TRIES:
            self.run = replace(self.run, tries=self.run.tries + 1)
            asked = getattr(trouble, "retry_after", None) or 0
            self.pause = min(_LONGEST_PAUSE, max(int(asked), _PAUSE * 2 ** (self.run.tries - 1)))
            return None
        failed = Report()
        code = getattr(trouble, "code", "") or type(trouble).__name__
        failed.wrong(code, "This window could not be read.", window=span.fields)
        return failed

    def _window(self, span: Span) -> Window:
        return Window(
            self.run.org_id,
            square.square(self.run.org_id),
            span,
            self.notes,
            self.until,
            self.run.released,
        )

    # ------------------------------------------------------------------ plans

    def _planned(self) -> Ended:
        """What the run would do; then, where that is the plan that was looked at, do it."""
        try:
            windows = list(self._read_all())
            rows = [row for window in windows for row in window.plan().rows]
        except OutOfTimeError:
            return self._failed("TOO_LONG", "The plan takes too long. Ask for a shorter time.")
        except _LOCKED_OUT:
            raise
        except SquareError as trouble:
            return self._failed(trouble.code or type(trouble).__name__, "Square did not answer.")
        found = plan_hash(rows)
        self.more = {"plan_hash": found, **_kept(rows)}
        if self.run.dry_run:
            for window in windows:
                self.run.report.add(window.report)
            return Ended.PARTIAL if self.run.report.errors else Ended.OK
        if found != self.run.plan:
            return self._failed(
                PlanChangedError.code, f"It has changed since: {len(rows)} jobs would change now."
            )
        return self._applied(windows)

    def _applied(self, windows: Sequence[Window]) -> Ended:
        for window in windows:
            try:
                self.run.report.add(window.do())
            except OutOfTimeError:
                self.run.report.add(window.report.of_what_is_done())
                return self._failed("TOO_LONG", "A part of the plan was not reached in time.")
        return Ended.PARTIAL if self.run.report.errors else Ended.OK

    def _read_all(self) -> Iterator[Window]:
        for span in self.run.span.windows():
            yield self._window(span).read()

    # ------------------------------------------------------------------ ends

    def _failed(self, code: str, error: str) -> Ended:
        self.run.report.wrong(code, error)
        return Ended.FAILED

    def _locked_out(self, locked: SquareError) -> Ended:
        """The permission is gone: nothing is concluded about any booking."""
        if isinstance(locked, SquareRevokedError) and not self.run.dry_run:
            context = by_itself(ACTION, self.run.org_id, who=ACTOR)
            apply(context, events.disconnected)
            self.notes.counts["Disconnected"] += 1
        return self._failed(locked.code or "UNAUTHORIZED", "Square does not let us in.")


def _kept(rows: Sequence[Row]) -> dict[str, Any]:
    """As many rows of a plan as an item holds."""
    size, kept = 0, 0
    for each in rows:
        size += len(json.dumps(each, default=str))
        if size > _MOST_BYTES:
            break
        kept += 1
    return {"rows": list(rows[:kept]), "truncated": kept < len(rows)}

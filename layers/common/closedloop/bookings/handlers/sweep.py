"""The edge of a schedule: holds that have lapsed are freed and announced, a bit each minute."""

from __future__ import annotations

import time
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from closedloop import wiring
from closedloop.bookings import holds
from closedloop.bookings.cells import TABLE
from closedloop.core.errors import ClosedLoopError
from closedloop.core.times import iso
from closedloop.edge import log
from closedloop.edge.apply import apply, by_itself

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PAGE = 100
"""Holds of the work list that are read at a time."""

_LAST_SECONDS = 15
"""What is left of the function's time when no further hold is begun."""


def sweeper(name: str) -> Callable[..., dict[str, Any]]:
    """The function that ends holds nobody has ended.

    Nobody waits for it: a lapsed hold is free for whoever wants its slot. It only tidies up and
    tells the other screens. One hold in trouble keeps no other waiting.
    """

    def handler(_: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
        left = context.get_remaining_time_in_millis() / 1000 if context else 60
        with log.line(name, getattr(context, "aws_request_id", "")) as line:
            _turn(line, time.monotonic() + left - _LAST_SECONDS)
            line.outcome = "Failed" if line.counts["Faults"] else "Done"
        return {"expired": line.counts["Expired"]}

    return handler


def _turn(line: log.Line, until: float) -> None:
    pages = wiring.lookups().due(holds.WORK, iso(wiring.now()), _PAGE, TABLE)
    for org_id, row_id in chain.from_iterable(pages):
        if time.monotonic() > until:
            break
        context = by_itself(line.action, org_id, who="sweep")
        rule = partial(holds.expired, row_id.removeprefix("hold#"))
        try:
            line.counts["Expired"] += bool(apply(context, rule).body["expired"])
        except ClosedLoopError:
            line.counts["Busy"] += 1
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one hold, the others end
            line.fault(error)
            line.counts["Faults"] += 1

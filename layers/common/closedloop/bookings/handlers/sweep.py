"""The edge of a schedule: holds that have lapsed are freed and announced, a bit each minute."""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
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

_DUE = 500
"""Holds that are looked at in one turn; the rest a minute later."""

_LAST_SECONDS = 15
"""What is left of the function's time when no further hold is begun."""


def sweeper(name: str) -> Callable[..., dict[str, Any]]:
    """The function that ends holds nobody has ended.

    Nobody waits for it: a lapsed hold is free for whoever wants its slot. It only tidies up and
    tells the other screens. One hold in trouble keeps no other waiting.
    """

    def handler(_: Mapping[str, Any], context: Any = None) -> dict[str, Any]:
        started = time.perf_counter()
        request_id = getattr(context, "aws_request_id", "")
        left = context.get_remaining_time_in_millis() / 1000 if context else 60
        counts = _turn(name, request_id, time.monotonic() + left - _LAST_SECONDS)
        log.batch(
            name,
            failed=counts["Faults"] > 0,
            request_id=request_id,
            milliseconds=round((time.perf_counter() - started) * 1000, 3),
            counts=counts,
        )
        return {"expired": counts["Expired"]}

    return handler


def _turn(name: str, request_id: str, until: float) -> Counter[str]:
    counts: Counter[str] = Counter()
    due = wiring.lookups().due(holds.WORK, iso(wiring.now()), _DUE, TABLE)
    for org_id, row_id in due:
        if time.monotonic() > until:
            break
        context = by_itself(name, org_id)
        rule = partial(holds.expired, row_id.removeprefix("hold#"))
        try:
            counts["Expired"] += bool(apply(context, rule).body["expired"])
        except ClosedLoopError:
            counts["Busy"] += 1
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one hold, the others end
            log.fault(name, error, request_id=request_id)
            counts["Faults"] += 1
    return counts

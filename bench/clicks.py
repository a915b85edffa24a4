"""From click to answer through the local stack: HTTP, gateway, Lambda, database, and back."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bench.browser import Browser, store
from bench.cpu import percentile
from bench.wire import UnexpectedAnswerError
from tests.support.actions import ActionCase, Event, actions, event_of

if TYPE_CHECKING:
    from closedloop.core.rows import Row

_WARM_UP = 5
_STARTING_SECONDS = 5
_NAMED_BY_THE_HOUSE = ("orgs", "appointment_holds")
"""Rows of which each business has one, and cells: those are named by lane and time."""
_DAY = re.compile(r"\b2099-\d\d-\d\d")
"""The days of the scenarios' visits."""
_PHONE = re.compile(r"\+1312555(\d{4})")
"""The numbers of the scenarios' people."""


@dataclass(frozen=True)
class Waited:
    """Milliseconds."""

    p50: float
    p95: float

    @classmethod
    def of(cls, times: list[float]) -> Waited:
        """Of many waits."""
        return cls(percentile(times, 0.5), percentile(times, 0.95))


Clicks = dict[str, dict[str, Waited]]
"""By button, and by whether the press was new or replayed."""


def measure(stack: Any, presses: int) -> Clicks:
    """Every button pressed so often, one press after the other, each on rows of its own.

    First a few of each, and a pause: what reacts to a press starts its sandboxes too.
    """
    for case in actions():
        _pressed(case, stack, range(_WARM_UP))
    time.sleep(_STARTING_SECONDS)
    numbers = range(_WARM_UP, _WARM_UP + presses)
    times = {case.name: _pressed(case, stack, numbers) for case in actions()}
    return {
        name: {kind: Waited.of(spent) for kind, spent in kinds.items()}
        for name, kinds in times.items()
    }


def _pressed(case: ActionCase, stack: Any, numbers: range) -> dict[str, list[float]]:
    browser = Browser(stack.info)
    times: dict[str, list[float]] = {"new": [], "replayed": []}
    for number in numbers:
        rows, event = _own(case, number)
        for table, row in rows:
            store(stack, table, row)
        key = str(uuid4())
        for kind, spent in times.items():
            spent.append(_press(browser, event, key, replayed=kind == "replayed"))
    return times


def _press(browser: Browser, event: Event, key: str, *, replayed: bool) -> float:
    method = event["requestContext"]["http"]["method"]
    answer = browser.press(method, event["rawPath"], event["body"], key)
    if answer.replayed is not replayed:
        raise UnexpectedAnswerError(f"replayed: {answer.replayed}")
    return answer.milliseconds


def _own(case: ActionCase, number: int) -> tuple[list[tuple[str, Row]], Event]:
    """The rows of the button's happy scenario and its event, for this press alone.

    Its ids, numbers and weeks are no other press's: otherwise a limit for one person, a number that
    is known or a time that is taken would stop the later ones.
    """
    rows = [(table, row) for table, many in case.rows.items() for row in many]
    event = event_of(case.name, case.happy)
    texts = [json.dumps(rows), event["body"], event["rawPath"]]
    for name in {_name(row["id"]) for table, row in rows if table not in _NAMED_BY_THE_HOUSE}:
        whole = re.compile(rf'(?<=["/#]){re.escape(name)}(?=["/:]|%3A|$)')
        texts = [whole.sub(f"{name}_{number}", text) for text in texts]
    texts = [_DAY.sub(lambda day: _weeks_later(day[0], number), text) for text in texts]
    texts = [_PHONE.sub(rf"+13126{number:02d}\1", text) for text in texts]
    own, event["body"], event["rawPath"] = json.loads(texts[0]), *texts[1:]
    return own, event


def _name(row_id: str) -> str:
    """Of `conflict#bk_1:seller_note` the booking's name, of most ids all."""
    return row_id.rpartition("#")[2].partition(":")[0]


def _weeks_later(day: str, weeks: int) -> str:
    return (date.fromisoformat(day) + timedelta(weeks=weeks)).isoformat()

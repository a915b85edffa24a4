"""500 leads in one press: what it asks of the database, and how long it takes on the stack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bench.browser import Browser, store
from bench.wire import UnexpectedAnswerError
from tests.support.actions import ActionCase, handlers
from tests.support.wire import wire

if TYPE_CHECKING:
    from tests.support.database import Database

BUTTON = "update_lead_status"
LEADS = 500


def requests(db: Database) -> dict[str, int]:
    """How many requests a press and its replay are."""
    case, org_id = ActionCase(BUTTON, handlers()[BUTTON]), f"org-{uuid4().hex[:8]}"
    db.put(org_id, {"leads": [{"id": each, "status": "new"} for each in _ids()]})
    press = case.press(org_id).body(_body("contacted"))
    counts = {}
    for kind in ("new", "replayed"):
        with wire() as asked:
            answer = press.sent_to(case)
        if answer.json["updated"] != LEADS or answer.replayed is not (kind == "replayed"):
            raise UnexpectedAnswerError(f"{BUTTON}, {kind}: {answer.status} {answer.code}")
        counts[kind] = len(asked.requests)
    return counts


def timed(stack: Any, presses: int) -> list[float]:
    """The milliseconds of so many presses; all leads move each time."""
    for each in _ids():
        store(stack, "leads", {"id": each, "status": "new"})
    browser, moves = Browser(stack.info), ("contacted", "qualified")
    return [_moved(browser, moves[number % 2]) for number in range(presses)]


def _moved(browser: Browser, status: str) -> float:
    answer = browser.press("POST", "/api/leads/update-status", _body(status))
    if answer.body["updated"] != LEADS:
        raise UnexpectedAnswerError(f"{answer.body['updated']} of {LEADS} leads were moved")
    return answer.milliseconds


def _ids() -> list[str]:
    return [f"bench-lead-{number:03}" for number in range(LEADS)]


def _body(status: str) -> str:
    return json.dumps({"leadIds": _ids(), "status": status})

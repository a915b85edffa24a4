"""The voice agent's tools against a real database: what they ask of it, and its write units.

Each is asked with a key, as in a call: the answer of check-availability is kept for a repeat too.
"""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from bench.presses import Button, Costs, cost
from closedloop import wiring
from closedloop.texts import wiring as texts
from tests.support.actions import CODE_KEY, ActionCase, handlers
from tests.support.actions import tools as that_change

if TYPE_CHECKING:
    from tests.support.database import Database

_READS = "check_availability"


def costs(db: Database) -> Costs:
    """What each tool asks of the database: done, repeated with its key, refused."""
    texts.code_key = lambda: {"key": CODE_KEY}  # what the event files' codes are worked out with
    printed = io.StringIO()
    found: Costs = {}
    with redirect_stdout(printed):  # the log lines
        for case in (ActionCase(_READS, handlers()[_READS]), *that_change()):
            button = Button(case.name, case.action, wiring.dynamodb(), case)
            kinds = ("new", "replayed", *(("refused",) if button.refusal else ()))
            found[case.name] = {kind: cost(button, kind, db, printed) for kind in kinds}
    return found

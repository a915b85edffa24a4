"""Buttons pressed against a real database: what they ask of it, what that costs there."""

from __future__ import annotations

import importlib
import io
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bench.units import read_units, stored, write_units
from bench.wire import Answers, Sent, UnexpectedAnswerError, answers, recorded
from closedloop import wiring
from closedloop.dynamo.codec import item
from tests.support.actions import ALICE, ActionCase, Event, Press, actions
from tests.support.database import ROW_TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.database import Database

USUAL = "the usual stack"
COMPARED = "confirm_booking"
"""The button that the usual stack does too."""

KINDS = ("new", "replayed", "refused")


@dataclass(frozen=True)
class Button:
    """One handler under measure, ours or the usual one, and its scenarios."""

    name: str
    handler: Callable[[Event], dict[str, Any]]
    client: Any
    case: ActionCase

    def press(self, org_id: str, kind: str) -> Press:
        """A press by an owner, with a key of its own."""
        scenario = self.refusal if kind == "refused" else self.case.happy
        return self.case.press(org_id, scenario).by(ALICE, org_id, "[owner staff]")

    @property
    def refusal(self) -> str | None:
        """The scenario that its rule refuses: a conflict, else a row that is not there."""
        expected = self.case.given["expect"].items()
        found = {each["status"]: name for name, each in reversed(expected) if "code" in each}
        return found.get(409, found.get(404))


@dataclass(frozen=True)
class Cost:
    """What one press asks of the database, and what it prints."""

    requests: list[str]
    write_units: int
    read_units: float
    answers: Answers
    log_bytes: int


Costs = dict[str, dict[str, Cost]]
"""By button and kind of press."""


def buttons() -> list[Button]:
    """Every button there is, the usual stack's first."""
    usual = importlib.import_module("bench.baseline")
    client = wiring.dynamodb()
    ours = {case.name: case for case in actions()}
    return [
        Button(USUAL, usual.handler, usual.client, ours[COMPARED]),
        *(Button(name, case.action, client, case) for name, case in ours.items()),
    ]


def costs(db: Database) -> Costs:
    """What every button asks of the database, pressed in every way."""
    printed = io.StringIO()
    with redirect_stdout(printed):  # the log lines
        return {each.name: _costs(each, db, printed) for each in buttons()}


def _costs(button: Button, db: Database, printed: io.StringIO) -> dict[str, Cost]:
    kinds = [kind for kind in KINDS if kind != "refused" or button.refusal]
    return {kind: cost(button, kind, db, printed) for kind in kinds}


def cost(button: Button, kind: str, db: Database, printed: io.StringIO) -> Cost:
    """What one press of this kind asks of the database; `printed` gets the log lines."""
    org_id = f"org-{uuid4().hex[:8]}"
    first = _warm_up(button, kind, db, org_id)
    event = button.press(org_id, kind).event
    if kind == "replayed":
        button.handler(event)
    before, said = stored(db.client), printed.tell()
    with recorded(button.client) as sent:
        status = button.handler(event)["statusCode"]
    if (status >= 400) is not (kind == "refused"):
        raise UnexpectedAnswerError(f"{button.name}, {kind}: {status}")
    names = [each.operation for each in sent]
    units = write_units(sent, before, stored(db.client))
    canned = answers([*first, *sent])
    return Cost(names, units, read_units(sent), canned, printed.tell() - said)


def _warm_up(button: Button, kind: str, db: Database, org_id: str) -> list[Sent]:
    """A press before the one that counts, so that what is kept of an org in memory is there."""
    db.put(org_id, button.case.rows)
    with recorded(button.client) as sent:
        button.handler(button.press(org_id, kind).event)
    _clear(db, org_id)  # what the press has made stands in the way of the next
    db.put(org_id, button.case.rows)
    return sent


def _clear(db: Database, org_id: str) -> None:
    for table in {*ROW_TABLES, "appointment_holds"}:
        for row in db.rows(table, org_id):
            key = item({"org_id": org_id, "id": row["id"]})
            db.client.delete_item(TableName=db.prefix + table, Key=key)

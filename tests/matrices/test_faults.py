"""The fault plan: an action is killed, throttled or left without an answer at every request.

For each action the requests of a clean press are counted. Then each one is broken in every way
there is; the client repeats its request; and there must be exactly one effect, one audit entry
and the answer of a clean press.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from closedloop import wiring
from closedloop.core.writes import USES
from tests.support.actions import ActionCase, cases
from tests.support.wire import BEFORE, TROUBLES, Killed, wire

if TYPE_CHECKING:
    from tests.support.actions import Answer, Press
    from tests.support.database import Database

REPLIES_WHILE_LASTING = {
    "throttled": (429, "RATE_LIMITED"),
    "conflict": (429, "RATE_LIMITED"),
    "fault of the database": (503, "SERVICE_UNAVAILABLE"),
    "connection refused": (503, "SERVICE_UNAVAILABLE"),
}


def requests_of(case: ActionCase) -> int:
    """How many requests a clean press makes, as its event files promise (checked elsewhere)."""
    return len(case.new_requests)


def plan() -> list[Any]:
    """Every action, every request, every trouble."""
    return [
        pytest.param(case, position, name, id=f"{case.name}-request{position}-{name}")
        for case in cases()
        for position in range(requests_of(case))
        for name in TROUBLES
    ]


@pytest.fixture(scope="module")
def clean_effects() -> dict[str, Any]:
    """What a clean press of each action leaves."""
    return {}


@pytest.mark.thorough
@pytest.mark.parametrize(("broken", "position", "name"), plan())
def test_one_effect_whatever_breaks_once(
    broken: ActionCase,
    position: int,
    name: str,
    db: Database,
    org: str,
    clean_effects: dict[str, Any],
) -> None:
    """Broken once at this request, then repeated: one effect, one entry, the clean answer."""
    expected = _clean_effect(broken, db, f"{org}-clean", clean_effects)
    wiring.forget_rows()  # what the clean press keeps at hand would save the broken one a request
    db.put(org, broken.rows)
    press = broken.press(org)
    with wire() as watched:
        watched.break_at(position, name)
        first = _press_unless_killed(broken, press)
    assert first is None or first.json["success"]
    second = press.sent_to(broken)
    assert second.json["success"] is True
    assert first is None or first.text == second.text
    assert _effect(broken, db, org) == expected
    assert [entry["result"] for entry in db.audit(org)] == broken.done


@pytest.mark.parametrize("name", REPLIES_WHILE_LASTING)
def test_trouble_that_lasts_is_said_and_then_mended(
    case: ActionCase, name: str, ready: Database, org: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the database is away: a clear answer to repeat, nothing written; then all is well."""
    monkeypatch.setattr("closedloop.dynamo.transaction.time.sleep", lambda _: None)
    before = ready.snapshot(org)
    press = case.press(org)
    with wire() as watched:
        watched.always = BEFORE[name]
        answer = press.sent_to(case)
    assert (answer.status, answer.code) == REPLIES_WHILE_LASTING[name]
    assert answer.headers["Retry-After"] == "1"
    assert ready.snapshot(org) == before
    assert press.sent_to(case).json["success"] is True
    assert [entry["result"] for entry in ready.audit(org)] == case.done


@pytest.mark.parametrize("name", TROUBLES)
@pytest.mark.parametrize("position", [0, 1])
def test_a_refusal_survives_trouble(
    case: ActionCase, position: int, name: str, db: Database, org: str
) -> None:
    """A refused press, broken at either of its requests and repeated, is refused and kept."""
    press = case.press(org)
    with wire() as watched:
        watched.break_at(position, name)
        _press_unless_killed(case, press)
    answer = press.sent_to(case)
    assert (answer.status, answer.code) == (404, "NOT_FOUND")
    assert db.records(org) == []
    entries = [entry["result"] for entry in db.audit(org)]
    assert set(entries) == {"NOT_FOUND"}
    assert len(entries) in {1, 2}  # each request that was answered, or died while being answered


def _clean_effect(case: ActionCase, db: Database, org: str, known: dict[str, Any]) -> Any:
    """The same for all of an action's troubles: one clean press tells it."""
    if case.name not in known:
        db.put(org, case.rows)
        assert case.press(org).sent_to(case).json["success"] is True
        known[case.name] = _effect(case, db, org)
    return known[case.name]


def _effect(case: ActionCase, db: Database, org: str) -> Any:
    """The org's rows without what differs between two clean presses: times, ids made new, org."""
    given = {row["id"] for rows in case.rows.values() for row in rows}
    unlike = {"org_id", "version", "created_at", "updated_at", "idempotency_key"}
    unlike |= {"person_key", "work", "until"}  # made from time and id
    unlike |= {"nonce", "sms_id"}  # drawn, and made new
    return {
        table: sorted(
            str(
                {
                    # Who has a cell: a new row, or one that was there.
                    name: "new" if name in USES and value not in given else _plain(value, given)
                    for name, value in row.items()
                    if name not in unlike
                    and not name.endswith(("_at", "_until"))
                    and (name != "id" or value in given)
                }
            )
            for row in rows
        )
        for table, rows in db.snapshot(org).items()
    }


def _plain(value: Any, given: set[str]) -> Any:
    """A value without the times and new ids inside of it: of the moves of a job, of its photos."""
    if isinstance(value, dict):
        return {
            name: _plain(value[name], given)
            for name in sorted(value)
            if name != "at" and not name.endswith("_at") and (name != "id" or value[name] in given)
        }
    return [_plain(each, given) for each in value] if isinstance(value, list) else value


def _press_unless_killed(case: ActionCase, press: Press) -> Answer | None:
    try:
        return press.sent_to(case)
    except Killed:
        return None
